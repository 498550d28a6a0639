import type { PluginExample } from '#engine';

const yaml = `
use: hypothesis@^1
in:
  market: market
  regime: regime.regime
  prior: profile.prior
  composite: cva.area
  period: profile.period
  phase: session.phase
  build: { at: "09:25", days: rth }
`.trimStart();

/** A morning with a balance: the draft at 09:25, the open at 5006. */
const morning = (regime: string): string =>
  `
- { at: "18:00", emit: { session.phase: { phase: overnight, tradeDate: "2025-11-19", rthOpen: null, rthEnd: null, short: false, holiday: false, thin: false, gap: false, contract: null, rolled: false } } }
- { at: "18:00", emit: { profile.prior: { tradeDate: "2025-11-18", high: 5020, low: 4985, vah: 5010, val: 4995, poc: 5003, shape: D, gap: false } } }
- { at: "18:00", emit: { cva.area: { asOf: "2025-11-18", inForce: true, vah: 5015, val: 4990, poc: 5000, partial: false } } }
- { at: "18:10", trade: { price: 4998, size: 1, side: buy } }
- { at: "03:00", trade: { price: 5012, size: 1, side: buy } }
- { at: "09:24", emit: { regime.regime: { tradeDate: "2025-11-19", regime: ${regime}, stage: final, lowConfidence: false, missing: [], relation: inside, overlapMin: 0.8, overnightRangeTicks: 56, overnightMedianTicks: 60, reason: prior value lies in the composite before it } } }
- { at: "09:30", trade: { price: 5006, size: 1, side: buy } }
`.trimStart();

const period = (at: string, index: number, start: string, high: number, close: number): string =>
  `- { at: "${at}", emit: { profile.period: { tradeDate: "2025-11-19", index: ${index}, start: ${start}, end: ${Number(start) + 1_800_000_000}, open: 5006, high: ${high}, low: 5005, close: ${close}, session: null } } }\n`;

/** 09:30 and 10:00 of 2025-11-19 in New York. */
const first = '1763562600000000';
const second = '1763564400000000';

/** Shown in the docs and run as tests. */
export const examples: readonly PluginExample[] = [
  {
    title: 'A balance: two half hours close above the composite, and the plan is over',
    yaml,
    feed: [
      morning('balance'),
      period('09:59:59', 0, first, 5018, 5017),
      period('10:29:59', 1, second, 5020, 5019),
      '- { at: "10:31", trade: { price: 5019, size: 1, side: buy } }\n',
    ].join(''),
    expect: `
states: { example: invalidated }
emits:
  - { port: example.plan, payload: { version: 1, reason: pre-market, permits: true } }
  - { port: example.plan, payload: { version: 2, reason: open, openCase: upper-value } }
  - { port: example.plan, payload: { version: 3, permits: false } }
`,
  },
  {
    title: 'A near miss: the second half hour closes at the edge, not beyond it',
    yaml,
    feed: [
      morning('balance'),
      period('09:59:59', 0, first, 5018, 5017),
      period('10:29:59', 1, second, 5020, 5015),
      '- { at: "10:31", trade: { price: 5015, size: 1, side: buy } }\n',
    ].join(''),
    expect: 'states: { example: fixed }\n',
  },
];
