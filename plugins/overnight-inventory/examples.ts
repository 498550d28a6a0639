import type { PluginExample } from '#engine';

const yaml = `use: overnight-inventory@^1
in: { market: market, prior: profile.prior, phase: session.phase, period: profile.period }
`;

const phase = (at: string, name: string): string =>
  `- { at: "${at}", emit: { session.phase: { phase: ${name}, tradeDate: "2025-11-19", since: 1763506800000000, rthOpen: 1763562600000000, holiday: false, contract: null, rolled: false } } }\n`;
const prior = `- { at: "18:00", emit: { profile.prior: { tradeDate: "2025-11-18", high: 5012, low: 4990, close: 5000, vah: 5010, val: 5000, poc: 5005, approximate: false, contract: null } } }\n`;
const trade = (at: string, price: number, size: number): string =>
  `- { at: "${at}", trade: { price: ${price}, size: ${size}, side: buy } }\n`;

/** Shown in the docs and run as tests. */
export const examples: readonly PluginExample[] = [
  {
    title: 'A net long night is corrected in the first hour',
    yaml,
    feed: [
      prior,
      phase('18:00', 'overnight'),
      trade('18:10', 4998, 200),
      trade('21:00', 4999, 300),
      trade('22:00', 5000, 500),
      trade('23:00', 5001, 900),
      trade('02:00', 5002, 1100),
      phase('09:30', 'rth-opening'),
      trade('09:31', 5003, 10),
      trade('09:40', 5000, 10),
    ].join(''),
    expect: `emits:
  - { port: example.inventory, payload: { net: net-long, inventory: 0.6, above: 2000, below: 500, stage: fixed } }
  - { port: example.outcome, payload: { setup: overnight-inventory, variant: net-long, side: short, result: completed } }
`,
  },
  {
    title: 'A near miss: price travels 31 ticks from the upper edge of value, and 32 are needed',
    yaml,
    feed: [
      prior,
      phase('18:00', 'overnight'),
      trade('18:10', 5001, 200),
      phase('09:30', 'rth-opening'),
      trade('09:31', 5009, 10),
      trade('09:50', 5001.25, 10),
    ].join(''),
    expect: `never: [ example.signal ]
`,
  },
];
