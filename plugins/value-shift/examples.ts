import type { PluginExample } from '#engine';

const yaml = `
use: value-shift@^1
in: { market: market, composite: cva.area, prior: profile.prior, period: profile.period, phase: session.phase }
`.trimStart();

/** A composite from 5000 to 5020. */
const area = `- { at: "18:00", emit: { cva.area: { asOf: "2025-11-18", inForce: true, poc: 5010, vah: 5020, val: 5000 } } }\n`;
const trade = (at: string, price: number): string =>
  `- { at: "${at}", trade: { price: ${price}, size: 10, side: buy } }\n`;
const period = (at: string, index: number, high: number, low: number, close: number): string =>
  `- { at: "${at}", emit: { profile.period: { tradeDate: "2025-11-19", index: ${index}, high: ${high}, low: ${low}, close: ${close}, session: { poc: 5015, vah: 5018, val: 5012 } } } }\n`;

/** Shown in the docs and run as tests. */
export const examples: readonly PluginExample[] = [
  {
    title: 'Two half hours close above value: imbalance, on to half a width above it',
    yaml,
    feed: [
      area,
      trade('09:30', 5014),
      trade('09:50', 5021),
      period('10:00', 0, 5021, 5014, 5021),
      trade('10:20', 5022),
      period('10:30', 1, 5022, 5021, 5022),
      trade('10:40', 5030),
      '- { at: "10:46" }\n',
    ].join(''),
    expect: `
emits:
  - { port: example.signal, payload: { side: long, price: 5022, target: 5030, invalidation: 5020, mode: out } }
  - { port: example.expectation, payload: { expectation: next-balance, side: long, status: fulfilled, price: 5030 } }
  - { port: example.outcome, payload: { variant: next-balance, result: completed, resultTicks: 32 } }
`,
  },
  {
    title: 'A near miss: the second half hour closes at the edge',
    yaml,
    feed: [
      area,
      trade('09:30', 5014),
      trade('09:50', 5021),
      period('10:00', 0, 5021, 5014, 5021),
      trade('10:20', 5020),
      period('10:30', 1, 5021, 5020, 5020),
    ].join(''),
    expect: `
never: [ example.signal ]
`,
  },
];
