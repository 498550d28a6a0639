import type { PluginExample } from '#engine';

const yaml = (least: number): string =>
  `use: delta-divergence@^1\nwith: { barMinutes: 1, minSpreadBars: 8, minGapSd: ${least} }\nin: { market: market }\n`;

/** One print in the middle of each minute from 10:00: price, contracts bought or sold. */
const minutes = (...prints: readonly (readonly [number, number])[]): string =>
  prints
    .map(
      ([price, signed], m) =>
        `- { at: "10:${String(m).padStart(2, '0')}:30", trade: { price: ${price}, size: ${Math.abs(signed)}, side: ${signed > 0 ? 'buy' : 'sell'} } }\n`,
    )
    .join('');

/** A high on 300 contracts of buying; then one of a point more on 140 less. */
const feed = `${minutes(
  [5000, 10],
  [5000.5, -10],
  [5002, 300],
  [5001, -50],
  [5000.5, -50],
  [5001, -50],
  [5003, 10],
  [5001, -50],
  [5000.5, -50],
)}- { advance: 1m }\n`;

/** Shown in the docs and run as tests. */
export const examples: readonly PluginExample[] = [
  {
    title: 'A high of four ticks more on 140 contracts less, known two bars later',
    yaml: yaml(0.25),
    feed,
    expect: `
states: { example: "short.standing,long.quiet" }
emits: [ { port: example.signal, payload: { side: short, kind: regular, price: 5000.5, bars: 4, first: { price: 5002, delta: 300 }, second: { price: 5003, delta: 160 } } } ]
`,
  },
  {
    title: 'A near miss: 140 contracts are less than two standard deviations of bar delta',
    yaml: yaml(2),
    feed,
    expect: 'never: [ example.signal ]\nstates: { example: "short.quiet,long.quiet" }\n',
  },
];
