import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { relateValue } from '#engine';
import { describePlugin, driveNode, type NodeRun, type PluginCase } from '#engine/testing.ts';
import {
  compositeOf,
  dayBefore,
  type Play,
  phaseAt,
  playSession,
  priorOf,
  today,
  type Value,
} from './made-value.ts';
import { plugin } from './plugin.ts';

type Row = Readonly<Record<string, unknown>>;

const runOf = (plan: Play, config: Row = {}): NodeRun => {
  const run = driveNode(plugin, { tradeDate: today, config });
  playSession(run, plan);
  expect(run.errors).toEqual([]);
  return run;
};
const emitsOf = (run: NodeRun, port: string): Row[] =>
  run.emits.filter((emitted) => emitted.port === port).map(({ payload }) => payload);
const relationState = (run: NodeRun): string => /relation\.([^,]+)/.exec(run.state)?.[1] ?? '';

// Against the composite 5000 to 5010.
const above: Value = { val: 5012, vah: 5016 };
const up: Value = { val: 5006, vah: 5016 };
const same: Value = { val: 5000.5, vah: 5009.5 };
const within: Value = { val: 5003, vah: 5007 };
const around: Value = { val: 4990, vah: 5020 };
const down: Value = { val: 4990, vah: 5006 };
const below: Value = { val: 4990, vah: 4996 };

describe('the relation of a day', () => {
  it.each([
    ['higher', above, 'higher'],
    ['overlapping-higher', up, 'overlappingHigher'],
    ['unchanged', same, 'unchanged'],
    ['inside', within, 'inside'],
    ['outside', around, 'outside'],
    ['overlapping-lower', down, 'overlappingLower'],
    ['lower', below, 'lower'],
  ])('%s is published when two closes agree', (relation, value, state) => {
    const run = runOf({ values: [within, value, value], end: false });
    const rows = emitsOf(run, 'relation');
    expect(rows.map(({ stage }) => stage)).toEqual([
      'forming',
      'forming',
      'developing',
      'developing',
    ]);
    expect(rows.map((row) => row['relation'])).toEqual([null, null, null, relation]);
    expect(rows.at(-1)).toMatchObject({ raw: relation, index: 2, missing: null });
    expect(relationState(run)).toBe(`today.${state}`);
  });

  it('keeps the published one through a close that differs, and shows that beside it', () => {
    const run = runOf({ values: [within, above, above, up], end: false });
    expect(emitsOf(run, 'relation').at(-1)).toMatchObject({
      relation: 'higher',
      raw: 'overlapping-higher',
    });
  });

  it('does not count the forming hour, nor across a period without a trade', () => {
    const early = runOf({ values: [above, above], end: false });
    expect(emitsOf(early, 'relation').at(-1)).toMatchObject({
      stage: 'developing',
      relation: null,
    });
    const broken = runOf({ values: [within, above, null, above], end: false });
    expect(emitsOf(broken, 'relation').at(-1)).toMatchObject({ index: 3, relation: null });
  });

  it('ends with the relation of the whole session', () => {
    const run = runOf({ values: [within, above, above, up] });
    expect(emitsOf(run, 'relation').at(-1)).toMatchObject({
      stage: 'final',
      index: null,
      relation: 'overlapping-higher',
      overlapMin: 17 / 41,
    });
    expect(relationState(run)).toBe('final');
  });

  it.each([
    ['no-composite', null, {}],
    ['no-composite', compositeOf({ asOf: today }), {}],
    ['composite-not-in-force', compositeOf({ inForce: false }), {}],
    ['holiday', compositeOf(), { holiday: true }],
  ])('is unknown: %s', (missing, composite, day) => {
    const run = runOf({ composite, day, values: [within, above, above] });
    expect(emitsOf(run, 'relation')).toMatchObject([
      { stage: 'unknown', relation: null, raw: null, developing: null, missing },
    ]);
  });

  it('uses the composite that stood at the open all day', () => {
    const run = driveNode(plugin, { tradeDate: today });
    playSession(run, { values: [within, above], end: false });
    run.event('10:45', 'composite', compositeOf({ asOf: today, vah: 5030, val: 5020, poc: 5025 }));
    expect(run.context['frozen']).toMatchObject({ asOf: '2025-11-18' });
  });

  it('shows in its state what it publishes, for all areas', () => {
    const area = fc
      .tuple(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 40 }))
      .map(([val, width]) => ({ val: 4990 + val / 4, vah: 4990 + (val + width) / 4 }));
    fc.assert(
      fc.property(area, area, (value, composite) => {
        const run = runOf({
          composite: compositeOf({ ...composite, poc: composite.val }),
          values: [value, value, value],
          end: false,
        });
        const ticks = ({ val, vah }: { val: number; vah: number }) => ({
          val: val * 4,
          vah: vah * 4,
        });
        const { relation } = relateValue(ticks(value), ticks(composite));
        expect(emitsOf(run, 'relation').at(-1)).toMatchObject({ relation, raw: relation });
        const camel = relation.replace(/-(.)/, (_all, letter: string) => letter.toUpperCase());
        expect(relationState(run)).toBe(`today.${camel}`);
      }),
      { numRuns: 25 },
    );
  });
});

// The session before yesterday: lower, so that yesterday's value moved up.
const lowBefore = priorOf({ tradeDate: dayBefore, vah: 4990, val: 4980 });
const highBefore = priorOf({ tradeDate: dayBefore, vah: 5020, val: 5012 });
const up2 = [lowBefore, priorOf()];
const down2 = [highBefore, priorOf()];

describe('two days of value', () => {
  it.each([
    [
      'higher, closes up',
      up2,
      5004.25,
      { variant: 'higher', side: 'long', result: 'completed', resultTicks: 1 },
    ],
    ['higher, closes at the open', up2, 5004, { side: 'long', result: 'rejected', resultTicks: 0 }],
    [
      'lower, closes down',
      down2,
      5003,
      { variant: 'lower', side: 'short', result: 'completed', resultTicks: 4 },
    ],
    ['lower, closes up', down2, 5005, { side: 'short', result: 'rejected', resultTicks: -4 }],
  ] as const)('%s', (_name, priors, close, expected) => {
    const run = runOf({
      priors,
      trades: [
        ['09:30', 5004],
        ['15:59:59', close],
      ],
    });
    expect(emitsOf(run, 'outcome')).toMatchObject([
      { setup: 'value-relation', entry: 5004, price: close, target: null, ...expected },
    ]);
  });

  it.each([
    ['the relation names no side', [priorOf({ tradeDate: dayBefore }), priorOf()], {}],
    ['another contract', [priorOf({ ...lowBefore, contract: 'ESU25' }), priorOf()], {}],
    ['a roll', up2, { rolled: true }],
    ['a session with a gap', [{ ...lowBefore, gap: true }, priorOf()], {}],
    ['sessions too far apart', [{ ...lowBefore, tradeDate: '2025-11-10' }, priorOf()], {}],
    [
      'a prior session of weeks ago',
      [{ ...lowBefore, tradeDate: '2025-11-03' }, priorOf({ tradeDate: '2025-11-04' })],
      {},
    ],
    ['a holiday', up2, { holiday: true }],
  ])('has no outcome: %s', (_name, priors, day) => {
    const run = runOf({
      priors,
      day,
      trades: [
        ['09:30', 5004],
        ['15:59', 5009],
      ],
    });
    expect(emitsOf(run, 'outcome')).toEqual([]);
  });
});

describe('gaps', () => {
  const gapRun = (trades: Play['trades'], day: Row = {}, priors = [priorOf()]) =>
    emitsOf(runOf({ priors, day, trades: trades ?? [] }), 'outcome');

  it('is filled at the prior close', () => {
    expect(
      gapRun([
        ['09:30', 5012.25],
        ['10:00', 5003],
      ]),
    ).toMatchObject([
      {
        setup: 'gap',
        variant: 'above-range',
        side: 'short',
        result: 'completed',
        price: 5004,
        resultTicks: 33,
      },
    ]);
    expect(
      gapRun([
        ['09:30', 4993.75],
        ['10:00', 5004],
      ]),
    ).toMatchObject([{ variant: 'below-value', side: 'long', result: 'completed' }]);
  });

  it('expires with the session', () => {
    expect(
      gapRun([
        ['09:30', 4987],
        ['15:00', 5003.75],
      ]),
    ).toMatchObject([
      { variant: 'below-range', result: 'expired', price: 5003.75, resultTicks: 67 },
    ]);
  });

  it('is none on a roll, a holiday, after a gap in the data, or when the open came late', () => {
    expect(gapRun([['09:30', 5013]], { rolled: true })).toEqual([]);
    expect(gapRun([['09:30', 5013]], { holiday: true })).toEqual([]);
    expect(gapRun([['09:30', 5013]], {}, [priorOf({ gap: true })])).toEqual([]);
    expect(gapRun([['09:36', 5013]])).toEqual([]);
  });

  it('is filled inside the bar that opened', () => {
    const run = driveNode(plugin, { tradeDate: today });
    run.event('18:00', 'prior', priorOf());
    phaseAt(run, '09:30', 'rth-opening');
    run.bar('09:35', { open: 5012.5, high: 5013, low: 5003, close: 5006, volume: 10 });
    expect(emitsOf(run, 'outcome')).toMatchObject([{ result: 'completed', price: 5004 }]);
  });
});

describe('activity', () => {
  const activities = (plan: Play) =>
    emitsOf(runOf({ priors: [priorOf()], ...plan }), 'activity').map(
      ({ what, side, activity, price }) => [what, side, activity, price],
    );

  it('is told once a side at the first trade beyond the initial balance', () => {
    const trades = [
      ['09:30', 5005],
      ['10:00', 5009],
      ['10:10', 5000],
      ['10:31', 5009],
      ['10:32', 5009.25],
      ['10:33', 5010],
      ['10:40', 4993],
    ] as const;
    expect(activities({ trades })).toEqual([
      ['range-extension', 'long', 'initiative', 5009.25],
      ['range-extension', 'short', 'initiative', 4993],
    ]);
  });

  it('is inside, where the range grows in value', () => {
    const trades = [
      ['09:30', 5000],
      ['10:31', 5001],
    ] as const;
    expect(activities({ trades })).toEqual([['range-extension', 'long', 'inside', 5001]]);
  });

  it('is none without the first hour or a prior session', () => {
    expect(
      activities({
        trades: [
          ['09:40', 5000],
          ['10:31', 5020],
        ],
      }),
    ).toEqual([]);
    expect(
      activities({
        priors: [],
        trades: [
          ['09:30', 5000],
          ['10:31', 5020],
        ],
      }),
    ).toEqual([]);
  });

  it('judges periods that close outside value by their own direction', () => {
    const values = [
      { ...within, open: 5005, close: 5009 },
      { ...within, open: 5010, close: 5009 },
      { ...within, open: 4990, close: 4991 },
      { ...within, open: 4994, close: 4991 },
      { ...within, open: 5005, close: 5006 },
      { ...within, open: 5009, close: 5009 },
    ];
    expect(activities({ values })).toEqual([
      ['period-close', 'long', 'initiative', 5009],
      ['period-close', 'short', 'responsive', 5009],
      ['period-close', 'long', 'responsive', 4991],
      ['period-close', 'short', 'initiative', 4991],
    ]);
  });
});

const play = (name: string, plan: Play, config: Row = {}): PluginCase => ({
  name,
  tradeDate: today,
  config,
  drive: (run) => playSession(run, plan),
});
const closeOf = (value: Value, open: number, close: number): Value =>
  value && { ...value, open, close };

describePlugin(plugin, {
  cases: [
    play('all seven relations', {
      values: [
        within,
        above,
        above,
        up,
        up,
        same,
        same,
        within,
        within,
        around,
        around,
        down,
        down,
      ],
    }),
    play('lower, and a period without a trade', { values: [null, below, below, null] }),
    play('published at once', { values: [within, above, up, same] }, { persist: 1 }),
    play('nothing trades', { values: [null] }),
    play('no composite, up over two days, gap filled', {
      composite: null,
      priors: up2,
      trades: [
        ['09:30', 5012.25],
        ['10:00', 5004],
        ['10:31', 5013],
        ['10:32', 5003],
        ['15:00', 5014],
      ],
      values: [closeOf(within, 5005, 5009), closeOf(within, 5010, 5009)],
    }),
    play('down over two days, gap stays open, range grows in value', {
      priors: down2,
      trades: [
        ['09:30', 4987],
        ['10:31', 4995],
      ],
    }),
    play('buying below value', {
      priors: [priorOf()],
      trades: [
        ['09:30', 4980],
        ['10:31', 4985],
      ],
    }),
    play('opens in value, two days refused by a roll', {
      priors: up2,
      day: { rolled: true },
      trades: [['09:30', 5001]],
    }),
    play('down over two days, refused', { priors: down2, day: { rolled: true } }),
    play('a new composite and a new session during the day', {
      priors: [...up2, priorOf({ tradeDate: today, vah: 4990, val: 4980 })],
    }),
  ],
});
