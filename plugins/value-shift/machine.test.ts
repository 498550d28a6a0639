import { describe, expect, it } from 'vitest';
import { describePlugin, driveNode, type NodeRun, type PluginCase } from '#engine/testing.ts';
import {
  compositeOf,
  dates,
  type HalfHour,
  type MadeDay,
  playDay,
  priorOf,
} from './made-session.ts';
import { plugin } from './plugin.ts';

type Row = Readonly<Record<string, unknown>>;

const half = (path: readonly number[], poc = 5010, more: Partial<HalfHour> = {}): HalfHour => ({
  path,
  poc,
  ...more,
});
const mirror = (made: MadeDay): MadeDay => ({
  ...made,
  halfHours: made.halfHours.map(({ path, poc, value, size }) => ({
    path: path.map((price) => 10_020 - price),
    poc: 10_020 - poc,
    ...(value ? { value: [10_020 - value[1], 10_020 - value[0]] as const } : {}),
    ...(size === undefined ? {} : { size }),
  })),
});
const other: Readonly<Record<string, string>> = { 'trend-up': 'trend-down' };
const mirrorRegime = (made: MadeDay): MadeDay => {
  const regime = made.regime === undefined ? undefined : (other[made.regime] ?? made.regime);
  return { ...mirror(made), ...(regime === undefined ? {} : { regime }) };
};

function playAll(run: NodeRun, days: readonly MadeDay[]): void {
  days.forEach((made, i) => {
    playDay(run, {
      tradeDate: dates[i] ?? dates[0],
      ...made,
      before: (feed) => {
        if (i === 0) feed.event('18:00', 'composite', compositeOf());
        made.before?.(feed);
      },
    });
  });
}

const runOf = (days: readonly MadeDay[], config: Row = {}): NodeRun => {
  const run = driveNode(plugin, { tradeDate: dates[0], config });
  playAll(run, days);
  return run;
};
const changesOf = (run: NodeRun, name: string): string[] =>
  run.emits
    .filter(({ port, payload }) => port === 'expectation' && payload['expectation'] === name)
    .map(({ payload: p }) => [p['side'] ?? '-', p['status'], p['failure'] ?? ''].join(' ').trim());
const tagsOf = (run: NodeRun): string[] =>
  run.emits
    .filter(({ port }) => port === 'tag')
    .map(({ payload: p }) => `${String(p['tag'])} ${String(p['side'])} ${String(p['status'])}`);

/** A session in the middle of value, at the point of control. */
const quietDay: MadeDay = { halfHours: [half([5011, 5012]), half([5012, 5011])] };
/** Tests the upper edge in balance, then crosses value. */
const crossing: MadeDay = {
  regime: 'balance',
  halfHours: [half([5014, 5019.75, 5017]), half([5017, 5016, 5017]), half([5017, 5008, 5000])],
};
/** Leaves value upwards and is accepted there. */
const breakOut: MadeDay = {
  regime: 'balance',
  halfHours: [half([5014, 5019, 5021]), half([5021, 5023, 5022], 5015), half([5022, 5024], 5015)],
};
const valueAbove: HalfHour = half([5023, 5024], 5023, { value: [5021, 5025], size: 1_000 });
const backIn: HalfHour = half([5018, 5017]);

const days: Readonly<Record<string, readonly MadeDay[]>> = {
  quiet: [quietDay],
  crossing: [crossing],
  'one edge holds, the other gives way at once': [
    { regime: 'balance', halfHours: [half([5006, 5000.25, 5003]), half([5003, 5021])] },
  ],
  'the tested edge gives way': [
    {
      regime: 'balance',
      halfHours: [half([5014, 5019.75, 5017]), half([5017, 5021]), half([5021, 5022])],
    },
  ],
  'travels to the measured target': [
    { ...breakOut, halfHours: [...breakOut.halfHours, half([5024, 5030])] },
  ],
  'comes back in': [{ ...breakOut, halfHours: [...breakOut.halfHours, backIn, backIn] }],
  'value follows': [
    { ...breakOut, halfHours: [...breakOut.halfHours, valueAbove, valueAbove, valueAbove] },
  ],
  'value builds and fails': [
    {
      ...breakOut,
      halfHours: [...breakOut.halfHours, valueAbove, valueAbove, backIn, backIn],
    },
  ],
  'value builds and travels': [
    {
      halfHours: [
        half([5021, 5022], 5021.5, { size: 500 }),
        half([5022, 5023], 5022, { size: 500 }),
        half([5023, 5024], 5022, { size: 500 }),
        half([5024, 5031], 5022),
      ],
    },
  ],
  'back in from above to the point of control': [
    { halfHours: [half([5022, 5018]), half([5018, 5017]), half([5017, 5010])] },
  ],
  'back in from above and out again': [
    { halfHours: [half([5022, 5018]), half([5018, 5017]), half([5017, 5021])] },
  ],
  'the point of control holds': [{ halfHours: [half([5016, 5011, 5013.5]), half([5013.5, 5020])] }],
  'the point of control gives way': [
    { halfHours: [half([5016, 5011, 5013.5]), half([5013.5, 5008, 5008])] },
  ],
  'the point of control stands in the way': [
    {
      regime: 'balance',
      halfHours: [half([5014, 5019.75, 5017]), half([5017, 5011, 5013.5])],
    },
  ],
  'a trend lasts three sessions': [
    breakOut,
    { halfHours: [half([5025, 5026])] },
    { halfHours: [half([5026, 5027])] },
  ],
  'leaves value after the first hour': [
    { halfHours: [half([5016, 5017]), half([5017]), half([5017, 5021]), half([5021])] },
  ],
  'leaves value on both sides': [
    { halfHours: [half([5014, 5021, 4999, 5010], 5021), half([5010], 4999)] },
  ],
  'tests an edge and waits a day': [
    { regime: 'balance', halfHours: [half([5014, 5019.75, 5017])] },
    { halfHours: [half([5015])] },
  ],
  'value builds and waits a day': [
    {
      halfHours: [half([5021, 5022], 5021.5), half([5022, 5023], 5022), half([5023, 5024], 5022)],
    },
    { halfHours: [half([5025])] },
  ],
  'a trend from the start': [{ regime: 'trend-up', halfHours: [half([5012, 5013])] }],
  'rejected from value': [
    { halfHours: [half([5022, 5021]), half([5021, 5017, 5021]), half([5021, 5019])] },
  ],
};

/** Days whose every transition another case takes too: they are in the tables below only. */
const tableOnly: ReadonlySet<string> = new Set([
  'quiet',
  'a trend from the start',
  'back in from above to the point of control',
  'travels to the measured target',
  'rejected from value',
]);
const cases: PluginCase[] = Object.entries(days)
  .filter(([name]) => !tableOnly.has(name))
  .map(([name, list]) => ({
    name,
    tradeDate: dates[0],
    drive: (run) => playAll(run, list),
  }));
/** Days that end their range early, after sessions of five points. */
const fading = (tail: readonly HalfHour[]): PluginCase => ({
  name: `a day fades, ${tail.length} half hours`,
  tradeDate: dates[0],
  config: { minSessions: 1 },
  drive: (run) =>
    playAll(run, [
      { halfHours: [half([5008, 5013])] },
      { halfHours: [half([5008, 5014]), ...tail] },
    ]),
});

describePlugin(plugin, {
  cases: [
    ...cases,
    fading([half([5012, 5013])]),
    fading([half([5012, 5013]), half([5013, 5018])]),
    {
      name: 'the contract changes',
      tradeDate: dates[0],
      drive: (run) => playAll(run, [breakOut, { ...quietDay, phase: { rolled: true } }]),
    },
    {
      name: 'other nodes speak',
      tradeDate: dates[0],
      drive: (run) =>
        playAll(run, [
          {
            ...breakOut,
            before: (feed) => {
              feed.event('18:00', 'prior', priorOf());
              feed.event('18:00', 'stack', {
                asOf: '2025-11-18',
                inForce: true,
                composites: [
                  { label: 'A', vah: 5040, val: 5030, poc: 5035, sessions: [], state: 'frozen' },
                ],
                migration: 'unknown',
                weak: false,
                candidate: null,
                archive: [],
                stacks: [{ low: 5026, high: 5028, strength: 1, nEff: 2 }],
                clusters: [],
                partial: false,
                approximate: false,
                overlapMin: null,
              });
              feed.event('18:00', 'relation', {
                tradeDate: dates[0],
                index: 1,
                stage: 'developing',
                relation: 'inside',
                raw: 'inside',
                gapTicks: 0,
                overlapMin: 1,
                jaccard: 1,
                overlapAvg: 1,
                developing: null,
                composite: null,
                missing: null,
                approximate: false,
              });
            },
          },
        ]),
    },
  ],
});

describe('the seven expectations', () => {
  it.each([
    [
      'crossing',
      'other-side',
      ['long armed', 'short armed', 'short active', 'short fulfilled', 'long active'],
    ],
    [
      'the tested edge gives way',
      'other-side',
      ['long armed', 'short armed', 'short active', 'short failed invalidated'],
    ],
    [
      'the point of control stands in the way',
      'other-side',
      ['long armed', 'short armed', 'short active', 'short failed superseded'],
    ],
    ['quiet', 'stay-rotational', ['- armed', '- active', '- fulfilled']],
    [
      'travels to the measured target',
      'next-balance',
      ['long armed', 'long active', 'long fulfilled'],
    ],
    ['comes back in', 'next-balance', ['long armed', 'long active', 'long failed invalidated']],
    [
      'a trend lasts three sessions',
      'next-balance',
      ['long armed', 'long active', 'long failed expired'],
    ],
    ['value follows', 'shift', ['long armed', 'long active', 'short armed', 'long fulfilled']],
    [
      'back in from above to the point of control',
      'shift',
      ['long armed', 'short armed', 'short active', 'short fulfilled'],
    ],
    [
      'back in from above and out again',
      'shift',
      ['long armed', 'short armed', 'short active', 'short failed invalidated'],
    ],
    ['the point of control holds', 'poc-holds', ['long armed', 'long active', 'long fulfilled']],
  ])('%s: %s', (name, expectation, changes) => {
    expect(changesOf(runOf(days[name]!), expectation)).toEqual(changes);
  });

  it.each(Object.keys(days))('are mirrored by mirrored prices: %s', (name) => {
    const turned: Readonly<Record<string, string>> = { long: 'short', short: 'long', '-': '-' };
    const sorted = (list: readonly string[]) => [...list].sort();
    const [upRun, downRun] = [runOf(days[name]!), runOf(days[name]!.map(mirrorRegime))];
    for (const expectation of [
      'other-side',
      'next-balance',
      'shift',
      'poc-holds',
      'building-outside',
    ]) {
      const up = changesOf(upRun, expectation);
      const down = changesOf(downRun, expectation);
      const back = down.map((text) => text.replace(/^\S+/, (side) => turned[side] ?? side));
      expect(sorted(back)).toEqual(sorted(up));
    }
  });

  it.each(Object.keys(days))('say of every refusal what did not hold: %s', (name) => {
    const mute = runOf(days[name]!).journal.flatMap(({ explain = [] }) =>
      explain.filter(
        ({ verdict, leaves }) => verdict === 'guard-blocked' && leaves.every(({ ok }) => ok),
      ),
    );
    expect(mute).toEqual([]);
  });

  it('gives a signal when value shifts', () => {
    const signals = runOf(days['comes back in']!).emits.filter(({ port }) => port === 'signal');
    expect(signals[0]?.payload).toMatchObject({
      side: 'long',
      price: 5022,
      target: 5030,
      invalidation: 5020,
      mode: 'out',
    });
  });
});

describe('the seven conditions', () => {
  it.each([
    ['comes back in', 'balance-breakdown long began'],
    ['value builds and fails', 'building-above-value long began'],
    ['value follows', 'value-migration-confirmed long began'],
    ['the point of control holds', 'poc-support long began'],
    ['rejected from value', 'value-rejection long began'],
  ])('%s: %s, and ends', (name, tag) => {
    const tags = tagsOf(runOf(days[name]!));
    expect(tags).toContain(tag);
    expect(tags).toContain(tag.replace('began', 'ended'));
  });
});
