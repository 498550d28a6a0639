import type { PluginExample } from '#engine';

const yaml =
  'use: exhaustion@^1\nwith: { barVolume: 100 }\nin: { market: market, level: levels.level }\n';

const trade = (second: number, price: number, size: number, side: 'buy' | 'sell'): string =>
  `- { at: "10:00:${String(second).padStart(2, '0')}", trade: { price: ${price}, size: ${size}, side: ${side} } }\n`;

const level =
  '- { at: "09:20", emit: { levels.level: { id: overnight-high, slot: 0, kind: overnight-high, price: 5000.5, active: true, validFrom: 0 } } }\n';

/** A bar at 5000, and one up to 5000.75 that bought so many contracts at its high. */
const highOn = (last: number): string =>
  [
    trade(0, 5000, 50, 'buy'),
    trade(1, 5000, 50, 'sell'),
    trade(10, 5000, 60, 'buy'),
    trade(11, 5000.25, 35 - last, 'sell'),
    trade(12, 5000.5, 5, 'buy'),
    trade(13, 5000.75, last, 'buy'),
    trade(20, 5000, 100, 'sell'),
  ].join('');

/** Shown in the docs and run as tests. */
export const examples: readonly PluginExample[] = [
  {
    title:
      'Eight contracts in the two highest rows, sixty in the largest; the next bar closes back',
    yaml,
    feed: level + highOn(3),
    expect: `
states: { example: "high.confirmed,low.quiet" }
emits: [ { port: example.signal, payload: { side: short, kind: thin-extreme, price: 5000, extreme: 5000.75, level: { id: overnight-high, distanceTicks: 1 } } } ]
`,
  },
  {
    title: 'A near miss: ten contracts of sixty are more than 15 %',
    yaml,
    feed: level + highOn(5),
    expect: 'never: [ example.signal ]\nstates: { example: "high.quiet,low.quiet" }\n',
  },
];
