import type { PluginExample } from '#engine';

const yaml = `
use: eighty-percent-rule@^1
in: { market: market, period: profile.period, prior: profile.prior, phase: session.phase }
`;

/** A day before the open: its calendar, and the value area of the session before. */
const morning = `
- { at: "18:00", emit: { session.phase: { phase: overnight, tradeDate: "2025-11-19", rthOpen: null, rthEnd: null, short: false, holiday: false, gap: false, contract: null, rolled: false } } }
- { at: "18:00", emit: { profile.prior: { tradeDate: "2025-11-18", vah: 5010, val: 5000, poc: 5005, shape: D, short: false, approximate: false, gap: false, contract: null } } }
`.trimStart();

const period = (at: string, index: number, high: number, low: number, close: number): string =>
  `- { at: "${at}", emit: { profile.period: { tradeDate: "2025-11-19", index: ${index}, high: ${high}, low: ${low}, close: ${close} } } }\n`;
const trade = (at: string, price: number): string =>
  `- { at: "${at}", trade: { price: ${price}, size: 10, side: sell } }\n`;

/** Shown in the docs and run as tests. */
export const examples: readonly PluginExample[] = [
  {
    title: 'Opens above value, two periods close in it, the far edge trades',
    yaml: yaml.trimStart(),
    feed: [
      morning,
      trade('09:30', 5014),
      trade('09:50', 5009),
      period('10:00', 0, 5014, 5009, 5009.5),
      period('10:30', 1, 5010.5, 5007, 5008),
      trade('10:50', 5004),
      trade('11:20', 5000),
    ].join(''),
    expect: `
states: { example: completed }
emits:
  - { port: example.signal, payload: { side: short, price: 5008, target: 5000, invalidation: 5010 } }
  - { port: example.outcome, payload: { result: completed, halfBack: true, resultTicks: 32 } }
`,
  },
  {
    title: 'A near miss: the second period closes outside',
    yaml: yaml.trimStart(),
    feed: [
      morning,
      trade('09:30', 5014),
      trade('09:50', 5009),
      period('10:00', 0, 5014, 5009, 5009.5),
      period('10:30', 1, 5012, 5009, 5010.25),
    ].join(''),
    expect: `
never: [ example.signal ]
states: { example: openedOutside }
`,
  },
];
