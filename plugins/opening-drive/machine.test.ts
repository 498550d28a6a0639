import { describe, expect, it } from 'vitest';
import { describePlugin, driveNode, type NodeRun, type PluginCase } from '#engine/testing.ts';
import {
  beginDay,
  earlierDates,
  endDay,
  type Hlc,
  playBars,
  playEarlier,
  priorOf,
  today,
  type Volume,
} from './made-session.ts';
import { plugin } from './plugin.ts';

type Row = Readonly<Record<string, unknown>>;

// Five-minute bars against value 4994 to 5008 and a median first period of 10 points.
/** Opens at 5014 and leaves: 5022 at best, 5021.5 at 10:00. */
const drive: readonly Hlc[] = [
  [5016, 5013.5, 5015.5],
  [5018, 5015, 5017.5],
  [5019, 5016.5, 5018.5],
  [5021, 5018, 5020.5],
  [5021.5, 5019.5, 5020],
  [5022, 5019.75, 5021.5],
];
/** Gives back to 5018.5, then closes above the high before. */
const pullback: readonly Hlc[] = [
  [5021.5, 5019, 5019.5],
  [5020, 5018.5, 5019.75],
  [5021, 5019.5, 5020.5],
];
const flat = (count: number, price: number, half = 0.25): Hlc[] =>
  Array.from({ length: count }, (): Hlc => [price + half, price - half, price]);
/** Opens at 5010, tests prior value high at 5008 and leaves. */
const testDrive: readonly Hlc[] = [
  [5010.5, 5007.75, 5008.5],
  [5010, 5007.5, 5009.5],
  [5012, 5009, 5011.5],
  [5013, 5011, 5012.5],
  [5014, 5012, 5013],
  [5014.5, 5012.5, 5014.25],
];
const mirrored = (bars: readonly Hlc[], about = 5001): Hlc[] =>
  bars.map(([high, low, close]) => [2 * about - low, 2 * about - high, 2 * about - close]);

interface Plan {
  readonly open: number;
  readonly bars: readonly Hlc[];
  readonly after?: (run: NodeRun) => void;
  readonly volume?: Volume;
  readonly prior?: Row | null;
  readonly day?: Row;
  readonly earlier?: readonly string[];
  readonly night?: readonly [number, number] | null;
}

function play(run: NodeRun, plan: Plan): void {
  const { open, bars, after, volume, prior = {}, day = {}, earlier, night = null } = plan;
  playEarlier(run, earlier);
  if (prior !== null) run.event('17:00', 'prior', priorOf(prior));
  beginDay(run, today, night, day);
  playBars(run, open, bars, volume);
  after?.(run);
  run.to('16:00');
  endDay(run, today, day);
}

/** One earlier session is enough for the cases of the contract, which run many times over. */
const dayBefore = earlierDates[4];
const caseOf = (name: string, plan: Plan, config: Row = {}): PluginCase => ({
  name,
  tradeDate: dayBefore,
  config: { minSessions: 1, ...config },
  drive: (run) => play(run, { earlier: [dayBefore], ...plan }),
});

const long: Plan = { open: 5014, bars: [...drive, ...pullback] };
const short: Plan = {
  open: 4988,
  bars: mirrored([...drive, ...pullback]),
  volume: { each: 1_000, delta: -0.2 },
};
const up = (run: NodeRun): void => playBars(run, 5020.5, [[5032, 5020, 5029]], undefined, 40);
const almost = (run: NodeRun): void => playBars(run, 5020.5, [[5030, 5020, 5029]], undefined, 40);
const stopped = (run: NodeRun): void => playBars(run, 5020.5, [[5020, 5008, 5009]], undefined, 40);
/** 10:30 without a pullback: the balance is 5013.5 to 5022. */
const quiet: readonly Hlc[] = [...drive, ...flat(6, 5021.5)];

const cases = [
  caseOf('a pullback that reaches its target', { ...long, after: up }),
  caseOf('a pullback that is stopped', { ...long, after: stopped }),
  caseOf('a pullback when the session ends', long),
  caseOf('a pullback down', short),
  caseOf('a drive that leaves the initial balance', {
    open: 5014,
    bars: [...quiet, [5023, 5021, 5022.5]],
    after: up,
  }),
  caseOf('no signal until eleven', { open: 5014, bars: [...drive, ...flat(12, 5021.5)] }),
  caseOf('the open is traded again', { open: 5014, bars: [...drive, [5020, 5013.75, 5015]] }),
  caseOf('the open is traded again while it pulls back', {
    open: 5014,
    bars: [...drive, [5021.5, 5018.5, 5019], [5019, 5013.75, 5015]],
  }),
  caseOf('the open is traded again after the signal', {
    ...long,
    after: (run) => playBars(run, 5020.5, [[5020, 5013.5, 5015]], undefined, 9),
  }),
  caseOf('the open is lost after 10:30', {
    open: 5014,
    bars: [...quiet, [5020, 5012, 5012.5]],
  }),
  caseOf('a test-drive that loses its open', {
    open: 5010,
    bars: [...testDrive, [5013, 5008.5, 5009]],
  }),
  caseOf('a test-drive that expires', {
    open: 5010,
    bars: [...testDrive, ...flat(12, 5014.25)],
  }),
  caseOf('a test-drive that pulls back and goes on', {
    open: 5010,
    bars: [...testDrive, [5014.25, 5012.5, 5012.75], [5014.75, 5012.5, 5014.5]],
  }),
  caseOf('a test-drive that leaves the initial balance', {
    open: 5010,
    bars: [...testDrive, ...flat(6, 5014.25), [5016, 5014, 5015.5]],
  }),
  caseOf('a pullback that fails and leaves the balance later', {
    open: 5014,
    bars: [...drive, [5021.5, 5019, 5019.5], ...flat(5, 5019.5), [5024, 5019.5, 5023]],
  }),
  caseOf('a pullback that loses the open after 10:30', {
    open: 5014,
    bars: [...drive, [5021.5, 5019, 5019.5], ...flat(5, 5019.5), [5020, 5012, 5013]],
  }),
  caseOf('a pullback without a trigger', {
    open: 5014,
    bars: [...drive, [5021.5, 5019, 5019.5], ...flat(11, 5019.5)],
  }),
  caseOf('a drive that goes on at once', { open: 5014, bars: [...drive, [5022.5, 5020, 5022.25]] }),
  caseOf('a drive back in value', {
    open: 5014,
    bars: [...drive, ...flat(11, 5021.5), [5021.5, 5013.5, 5013.5]],
    prior: { vah: 5013.75 },
  }),
  caseOf('a pullback back in value', {
    open: 5014,
    bars: [...drive, ...flat(11, 5019.5), [5019.5, 5013.5, 5013.5]],
    prior: { vah: 5013.75 },
  }),
  caseOf('a test-drive that goes on at once', {
    open: 5010,
    bars: [...testDrive, [5015, 5013.5, 5014.75]],
  }),
  caseOf('a test-drive back in value', {
    open: 5010,
    bars: [...testDrive, ...flat(5, 5014.25), [5014.25, 5009.25, 5009.25]],
    prior: { vah: 5009.5 },
    night: [5008, 5009],
  }),
  caseOf('a rejection', {
    open: 5003,
    bars: [
      [5003.5, 4999, 4999.5],
      [5000, 4997, 4997.5],
      [4999, 4996.5, 4998],
      [5001, 4998, 5000.5],
      [5003.5, 5000, 5003],
      [5005.5, 5002.5, 5005],
    ],
  }),
  caseOf('an auction in range', { open: 5003, bars: flat(6, 5003) }),
  caseOf('an auction out of range', { open: 5014, bars: flat(6, 5014) }),
  caseOf('no trade before 10:00', { open: 5014, bars: [] }),
  caseOf('no prior session', { open: 5014, bars: drive, prior: null }),
];

describePlugin(plugin, {
  cases,
});

const runOf = (plan: Plan, config: Row = {}): NodeRun => {
  const run = driveNode(plugin, { tradeDate: earlierDates[0], config });
  play(run, plan);
  return run;
};
const emitsOf = (run: NodeRun, port: string): Row[] =>
  run.emits
    .filter((emit) => emit.port === port && emit.payload['tradeDate'] === today)
    .map((emit) => emit.payload);

describe('the signal', () => {
  it('is a pullback that closes above the bar before, with stop and target', () => {
    const run = runOf({ ...long, after: almost });
    expect(emitsOf(run, 'type').map((row) => row['stage'])).toEqual(['provisional', 'final']);
    expect(emitsOf(run, 'type')[1]).toMatchObject({
      openingType: 'open-drive',
      side: 'long',
      location: 'above-range',
      activity: 'initiative',
      netTicks: 30,
      adverseTicks: 2,
      medianRangeTicks: 40,
    });
    // The range so far is 5013.5 to 5022; the open of 5014 less the band of a point, less a tick.
    expect(emitsOf(run, 'signal')).toMatchObject([
      { side: 'long', price: 5020.5, target: 5030.5, invalidation: 5012.75, kind: 'pullback' },
    ]);
  });

  it('is judged by target and stop, the stop first', () => {
    const reach = (high: number, low: number) =>
      runOf({
        ...long,
        after: (run) => playBars(run, 5020.5, [[high, low, 5020]], undefined, 20),
      });
    const of = (run: NodeRun) =>
      emitsOf(run, 'outcome').find((row) => row['setup'] === 'opening-drive');
    expect(of(reach(5030.5, 5015))).toMatchObject({ result: 'completed', resultTicks: 40 });
    expect(of(reach(5030.25, 5015))).toMatchObject({ result: 'expired', resultTicks: -2 });
    expect(of(reach(5031, 5012.75))).toMatchObject({ result: 'rejected', resultTicks: -31 });
  });

  it('gives the session its opening type to judge', () => {
    expect(emitsOf(runOf({ ...long, after: almost }), 'outcome')).toMatchObject([
      { setup: 'opening-drive', variant: 'pullback', result: 'expired', price: 5029 },
      {
        setup: 'opening-type',
        variant: 'open-drive',
        entry: 5021.5,
        price: 5029,
        result: 'completed',
      },
    ]);
  });

  it.each([
    ['an open at the edge of value', { ...long, prior: { vah: 5014 } }],
    ['too little volume', { ...long, volume: { each: 999, delta: 0.2 } }],
    ['delta against the drive', { ...long, volume: { each: 1_000, delta: -0.2 } }],
    ['too little delta', { ...long, volume: { each: 1_000, delta: 0.09 } }],
    ['delta that is not known', { ...long, volume: { each: 1_000, delta: null } }],
  ])('is refused: %s', (_name, plan: Plan) => {
    const run = runOf(plan);
    expect(emitsOf(run, 'signal')).toEqual([]);
    expect(run.errors).toEqual([]);
  });

  it('does without delta when told so, and says it', () => {
    const plan = { ...long, volume: { each: 1_000, delta: null } };
    expect(emitsOf(runOf(plan, { withoutDelta: 'ignore' }), 'signal')).toMatchObject([
      {
        deltaShare: null,
        reason: 'open-drive above prior value, pulled back and went on; delta not known',
      },
    ]);
  });

  it('leaves the initial balance by a tick, above the VWAP of the session', () => {
    const at = (high: number) =>
      emitsOf(runOf({ open: 5014, bars: [...quiet, [high, 5021, 5021.5]] }), 'signal');
    expect(at(5022)).toEqual([]);
    expect(at(5022.25)).toMatchObject([
      { kind: 'range-extension', price: 5022.25, target: 5030.5 },
    ]);
  });

  it('comes at eleven, not after it', () => {
    const waits = (count: number): Hlc[] => [
      ...drive,
      [5021.5, 5019, 5019.5],
      ...flat(count, 5019.5),
    ];
    const turn: Hlc = [5021, 5019.5, 5020.5];
    const at = (count: number) =>
      emitsOf(runOf({ open: 5014, bars: [...waits(count), turn] }), 'signal').length;
    expect([at(10), at(11)]).toEqual([1, 0]);
  });
});

describe('what makes an opening unknown', () => {
  it.each([
    ['no-prior', { prior: null }],
    ['roll', { day: { rolled: true } }],
    ['roll', { prior: { contract: 'ESU25' } }],
    ['holiday', { day: { holiday: true } }],
    ['prior-gap', { prior: { gap: true } }],
    ['earlier-sessions', { earlier: earlierDates.slice(1) }],
    ['gap', { bars: drive.slice(0, 5) }],
  ] as const)('%s', (reason, change) => {
    const run = runOf({ ...long, ...change });
    expect(emitsOf(run, 'type').at(-1)).toMatchObject({
      stage: 'unknown',
      openingType: null,
      missing: [reason],
    });
    expect(run.state).toBe('unknown');
  });

  it('bars longer than five minutes', () => {
    const run = driveNode(plugin, { tradeDate: earlierDates[0] });
    playEarlier(run);
    run.event('17:00', 'prior', priorOf());
    beginDay(run, today, null);
    const bar = { open: 5014, high: 5022, low: 5013.5, close: 5021.5, volume: 6_000 };
    run.bar('09:00', bar);
    run.bar('09:30', bar);
    run.bar('10:00', bar);
    run.to('10:01');
    expect(emitsOf(run, 'type').at(-1)).toMatchObject({
      missing: ['bars-longer-than-5-minutes'],
    });
  });

  it('a half day is an opening, but no member of the medians', () => {
    const run = driveNode(plugin, { tradeDate: earlierDates[0] });
    playEarlier(run, earlierDates.slice(0, 4));
    beginDay(run, '2025-11-18', null);
    playBars(run, 5000, flat(6, 5000));
    endDay(run, '2025-11-18', { short: true });
    run.event('17:00', 'prior', priorOf());
    beginDay(run, today, null);
    playBars(run, 5014, drive);
    run.to('10:00');
    expect(emitsOf(run, 'type').at(-1)?.['missing']).toEqual(['earlier-sessions']);
  });
});

describe('trades', () => {
  it('give the same opening as the bars they make', () => {
    const trades: Plan = {
      open: 5014,
      bars: [],
      after: (run) => {
        let minute = 30;
        let last = 5014;
        for (const [high, low, close] of [...drive, ...pullback]) {
          const clock = `${String(9 + Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
          for (const price of [last, low, high, close]) run.trade(clock, price, 250, 'buy');
          last = close;
          minute += 5;
        }
      },
    };
    const [fromTrades, fromBars] = [runOf(trades), runOf(long)];
    const shapeOf = (row: Row) => [row['openingType'], row['netTicks'], row['adverseTicks']];
    expect(emitsOf(fromTrades, 'type').map(shapeOf)).toEqual(
      emitsOf(fromBars, 'type').map(shapeOf),
    );
    expect(emitsOf(fromTrades, 'signal')).toMatchObject([{ price: 5020.5, target: 5030.5 }]);
  });

  it('without an order within their minute make it unknown', () => {
    const run = driveNode(plugin, { tradeDate: earlierDates[0] });
    playEarlier(run);
    run.event('17:00', 'prior', priorOf());
    beginDay(run, today, null);
    for (const at of ['09:31', '09:36', '09:41', '09:46', '09:51', '09:56'])
      run.trade(at, 5014, 10, 'buy', 4);
    run.to('10:00');
    expect(emitsOf(run, 'type').at(-1)?.['missing']).toEqual(['unordered-trades']);
  });
});
