import type { PluginExample } from '#engine';

/** Shown in the documents and run as tests. */
export const examples: readonly PluginExample[] = [
  {
    title: 'Ten seconds of 190 bids against 100 asks in five levels lean to the bid',
    yaml: 'use: depth@^1\nin: { market: market }\n',
    feed: `
- { at: "10:00:00", book: { bids: [[5000, 30], [4999.75, 40], [4999.5, 40], [4999.25, 40], [4999, 40]], asks: [[5000.25, 20], [5000.5, 20], [5000.75, 20], [5001, 20], [5001.25, 20]] } }
- { at: "10:00:05", trade: { price: 5000.25, size: 3, side: buy } }
- { at: "10:00:11", trade: { price: 5000.25, size: 2, side: buy } }
`,
    expect: `
states: { example: bid-heavy }
emits: [ { port: example.lean, payload: { lean: bid-heavy, from: unknown, bid: 5000, ask: 5000.25 } } ]
`,
  },
  {
    title: 'A near miss: 180 against 100 are an imbalance of .286',
    yaml: 'use: depth@^1\nin: { market: market }\n',
    feed: `
- { at: "10:00:00", book: { bids: [[5000, 20], [4999.75, 40], [4999.5, 40], [4999.25, 40], [4999, 40]], asks: [[5000.25, 20], [5000.5, 20], [5000.75, 20], [5001, 20], [5001.25, 20]] } }
- { at: "10:00:11", trade: { price: 5000.25, size: 2, side: buy } }
`,
    expect: `
states: { example: even }
probes: { example: { lean: { needed: 0.3 } } }
`,
  },
  {
    title: 'Without depth nothing is known, and nothing is said',
    yaml: 'use: depth@^1\nin: { market: market }\n',
    feed: `
- { at: "10:00:00", trade: { price: 5000.25, size: 300, side: buy } }
- { advance: 1m }
`,
    expect: `
states: { example: unknown }
never: [ example.lean, example.wall, example.pullStack, example.flicker ]
`,
  },
];
