import type { PluginExample } from '#engine';

type Hlc = readonly [high: number, low: number, close: number];

const yaml = `
use: opening-drive@^1
with: { minSessions: 1 }
in: { market: market, prior: profile.prior, phase: session.phase }
`.trimStart();

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

const phase = (at: string, name: string, tradeDate: string): string =>
  `- { day: "${tradeDate}", at: "${at}", emit: { session.phase: { phase: ${name}, tradeDate: "${tradeDate}", rthOpen: null, rthEnd: null, short: false, holiday: false, thin: false, gap: false, contract: null, rolled: false } } }\n`;

function bars(first: number, rows: readonly Hlc[]): string {
  let last = first;
  return rows
    .map(([high, low, close], i) => {
      const open = Math.min(high, Math.max(low, last));
      last = close;
      return `- { at: "${clock(575 + 5 * i)}", bar: { open: ${open}, high: ${high}, low: ${low}, close: ${close}, volume: 1000, bidVolume: 400, askVolume: 600 } }\n`;
    })
    .join('');
}

const quiet: readonly Hlc[] = Array.from({ length: 5 }, (): Hlc => [5001, 4999, 5000]);
/** One earlier session with a first period of 10 points; its value is 4994 to 5008. */
const before = [
  phase('18:00', 'overnight', '2025-11-18'),
  bars(5000, [[5005, 4995, 5000], ...quiet]),
  phase('17:00', 'closed', '2025-11-18'),
  '- { emit: { profile.prior: { tradeDate: "2025-11-18", high: 5012, low: 4988, poc: 5001, vah: 5008, val: 4994, gap: false, contract: null } } }\n',
  phase('18:00', 'overnight', '2025-11-19'),
].join('');

const drive: readonly Hlc[] = [
  [5016, 5013.5, 5015.5],
  [5018, 5015, 5017.5],
  [5019, 5016.5, 5018.5],
  [5021, 5018, 5020.5],
  [5021.5, 5019.5, 5020],
  [5022, 5019.75, 5021.5],
];

const session: readonly Hlc[] = [
  ...drive,
  [5021.5, 5019, 5019.5],
  [5020, 5018.5, 5019.75],
  [5021, 5019.5, 5020.5],
];
const after = '- { advance: 1m }\n';

/** Shown in the docs and run as tests. */
export const examples: readonly PluginExample[] = [
  {
    title: 'Opens above value, leaves at once, gives back less than half and goes on',
    yaml,
    feed: [before, bars(5014, session), after].join(''),
    expect: `
states: { example: entered }
emits:
  - { port: example.type, payload: { stage: final, openingType: open-drive, side: long, netTicks: 30 } }
  - { port: example.signal, payload: { side: long, kind: pullback, price: 5020.5, target: 5030.5, invalidation: 5012.75 } }
`,
  },
  {
    title: 'A near miss: the drive holds, but volume is below that of earlier sessions',
    yaml,
    feed: [
      before,
      bars(5014, session)
        .replaceAll('volume: 1000', 'volume: 999')
        .replaceAll('bidVolume: 400', 'bidVolume: 399'),
      after,
    ].join(''),
    expect: `
never: [ example.signal ]
states: { example: drive }
why: { node: example, event: fiveMinutes, verdict: guard-blocked, blockedBy: relative volume }
`,
  },
];
