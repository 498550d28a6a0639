import type { PluginExample } from '#engine';

/** Shown in the documents and run as tests. */
export const examples: readonly PluginExample[] = [
  {
    title: 'Buyers of 80 against 20 press over a minute',
    yaml: 'use: tape@^1\nin: { market: market }\n',
    feed: `
- { at: "10:00:00", trade: { price: 5000, size: 20, side: sell } }
- { at: "10:00:05", trade: { price: 5000.25, size: 80, side: buy } }
- { at: "10:00:50", trade: { price: 5000.25, size: 1, side: buy } }
`,
    expect: `
emits: [ { port: example.pressure, payload: { window: 60, pressure: buy, value: 0.6 } } ]
`,
  },
  {
    title: 'A near miss: 59 against 41 are a pressure of .18',
    yaml: 'use: tape@^1\nin: { market: market }\n',
    feed: `
- { at: "10:00:00", trade: { price: 5000, size: 41, side: sell } }
- { at: "10:00:00", trade: { price: 5000.25, size: 59, side: buy } }
- { at: "10:00:10", trade: { price: 5000.25, size: 1, side: buy } }
`,
    expect: `
never: [ example.pressure ]
probes: { example: { pressure: { value: 0.18, needed: 0.2 } } }
`,
  },
];
