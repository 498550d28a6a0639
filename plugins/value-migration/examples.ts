import type { PluginExample } from '#engine';

const yaml = `use: value-migration@^1
in: { market: market, period: profile.period, composite: cva.area, prior: profile.prior, phase: session.phase }
`;

const composite = `- { at: "18:00", emit: { cva.area: { asOf: "2025-11-18", inForce: true, vah: 5010, val: 5000, poc: 5005, approximate: false } } }\n`;
const prior = `- { at: "18:00", emit: { profile.prior: { tradeDate: "2025-11-18", high: 5012, low: 4990, close: 5006, vah: 5010, val: 5000, poc: 5005, gap: false, contract: null } } }\n`;
const phase = (at: string, name: string): string =>
  `- { at: "${at}", emit: { session.phase: { phase: ${name}, tradeDate: "2025-11-19", since: 1763562600000000, rthOpen: 1763562600000000, holiday: false, contract: null, rolled: false } } }\n`;
const trade = (at: string, price: number): string =>
  `- { at: "${at}", trade: { price: ${price}, size: 10, side: buy } }\n`;
/** A closed period; 10:30 is 3,600 s after the open. */
const period = (at: string, index: number, val: number, vah: number): string =>
  `- { at: "${at}", emit: { profile.period: { tradeDate: "2025-11-19", index: ${index}, end: ${1_763_562_600_000_000 + (index + 1) * 1_800_000_000}, open: ${val}, close: ${vah}, session: { vah: ${vah}, val: ${val}, poc: ${val} } } } }\n`;

/** Shown in the docs and run as tests. */
export const examples: readonly PluginExample[] = [
  {
    title: 'Two closes in a row with value above the composite: higher is published',
    yaml,
    feed: [
      composite,
      phase('09:30', 'rth-opening'),
      period('10:00', 0, 5012, 5014),
      period('10:30', 1, 5012, 5016),
      period('11:00', 2, 5012, 5017),
    ].join(''),
    expect: `emits:
  - { port: example.relation, payload: { stage: forming, relation: null } }
  - { port: example.relation, payload: { stage: developing, relation: null, raw: higher, index: 1 } }
  - { port: example.relation, payload: { stage: developing, relation: higher, index: 2 } }
`,
  },
  {
    title: 'A near miss: the gap below the prior close is not filled by a tick',
    yaml,
    feed: [
      prior,
      phase('09:30', 'rth-opening'),
      trade('09:30', 4995),
      trade('11:00', 5005.75),
      phase('16:00', 'post-rth'),
    ].join(''),
    expect: `emits:
  - { port: example.outcome, payload: { setup: gap, variant: below-value, side: long, result: expired, resultTicks: 43 } }
`,
  },
];
