import type { PluginExample } from '#engine';

const yaml = `use: key-levels@^1
in: { market: market, prior: profile.prior, composite: cva.area, naked: profile.naked, phase: session.phase }
`;

const phase = (at: string, name: string): string =>
  `- { at: "${at}", emit: { session.phase: { phase: ${name}, tradeDate: "2025-11-19", since: 1763506800000000, rthOpen: 1763562600000000, rthEnd: 1763586000000000, holiday: false, contract: null, rolled: false } } }\n`;
const prior = `- { at: "18:00", emit: { profile.prior: { tradeDate: "2025-11-18", high: 5020, low: 4980, close: 5004, vah: 5010, val: 4990, poc: 5000, approximate: false, contract: null } } }\n`;
const trade = (at: string, price: number): string =>
  `- { at: "${at}", trade: { price: ${price}, size: 10, side: buy } }\n`;

/** Shown in the docs and run as tests. */
export const examples: readonly PluginExample[] = [
  {
    title: 'The prior high is touched from eight ticks away',
    yaml,
    feed: [phase('18:00', 'overnight'), prior, trade('19:00', 5018), trade('19:10', 5019.75)].join(
      '',
    ),
    expect: `emits:
  - { port: example.level, payload: { id: prior-high, state: untested, touches: 0 } }
  - { port: example.level, payload: { id: prior-high, state: tested, touches: 1 } }
`,
  },
  {
    title: 'A near miss: price that was seven ticks away touches nothing',
    yaml,
    feed: [prior, trade('18:30', 5018.25), trade('19:10', 5020)].join(''),
    expect: `states: { example: learning }
context: { example: { level0: { touches: 0, state: untested } } }
`,
  },
];
