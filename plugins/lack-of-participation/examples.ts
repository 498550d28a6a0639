import type { PluginExample } from '#engine';

const yaml = 'use: lack-of-participation@^1\nin: { market: market, level: levels.level }\n';

const trade = (minute: number, price: number, size: number, side: 'buy' | 'sell'): string =>
  `- { at: "10:${String(minute).padStart(2, '0')}:30", trade: { price: ${price}, size: ${size}, side: ${side} } }\n`;

/** Half an hour at one price, a hundred contracts a minute, bought and sold in turn. */
const balance = Array.from({ length: 30 }, (_, m) =>
  trade(m, 5000, 100, m % 2 === 0 ? 'buy' : 'sell'),
).join('');

const level =
  '- { at: "09:20", emit: { levels.level: { id: overnight-high, slot: 0, kind: overnight-high, price: 5000.25, active: true, validFrom: 0 } } }\n';

/** Shown in the docs and run as tests. */
export const examples: readonly PluginExample[] = [
  {
    title: 'Above the overnight high on half the usual volume and less delta, and back',
    yaml,
    feed: [
      level,
      balance,
      trade(30, 5000.5, 50, 'sell'),
      trade(31, 5000.25, 60, 'sell'),
      '- { at: "10:32:00", trade: { price: 5000.25, size: 1, side: sell } }\n',
    ].join(''),
    expect: `
states: { example: "high.confirmed,low.quiet" }
emits: [ { port: example.signal, payload: { side: short, price: 5000.25, extreme: 5000.5, exceeded: 5000.25, volume: 50, baseline: 100 } } ]
`,
  },
  {
    title: 'A near miss: the same on 100 contracts, which is no less than usual',
    yaml,
    feed: [
      level,
      balance,
      trade(30, 5000.5, 100, 'sell'),
      trade(31, 5000.25, 60, 'sell'),
      '- { advance: 3m }\n',
    ].join(''),
    expect: 'never: [ example.signal ]\nprobes: { example: { volume: { value: 1, needed: 1 } } }\n',
  },
];
