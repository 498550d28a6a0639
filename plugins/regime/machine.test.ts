import { describe, expect, it } from 'vitest';
import { describePlugin, driveNode, type PluginCase } from '#engine/testing.ts';
import {
  compositeAt,
  endToday,
  type Morning,
  night,
  type Ohlc,
  openToday,
  type PlayOptions,
  phaseAt,
  playPeriod,
  today,
} from './made-session.ts';
import { plugin } from './plugin.ts';

type Run = ReturnType<typeof driveNode>;
type Row = Readonly<Record<string, unknown>>;
type Played = readonly [ohlc: Ohlc | null, options?: PlayOptions];

const trendUp: Morning = { val: 5_020, vah: 5_035, nightPoints: 20 };
const trendDown: Morning = { val: 4_960, vah: 4_985, nightPoints: 20 };
const balance: Morning = { val: 4_995, vah: 5_010, nightPoints: 20 };
const partial: Morning = { val: 5_005, vah: 5_030, nightPoints: 20 };
const pending: Morning = { val: 4_995, vah: 5_010, nightPoints: 11 };
/** Two earlier days with five periods each: ranges of an hour are 10 points. */
const withHours = { days: 2, periods: 5 };
const two = { minSessions: 2 };

// Periods against the composite 4990 to 5015.
const breaksUp: Ohlc = [5_012, 5_020, 5_010, 5_018];
const climbs: Ohlc = [5_018, 5_030, 5_017, 5_028];
const climbsOn: Ohlc = [5_028, 5_038, 5_027, 5_036];
const breaksDown: Ohlc = [4_993, 4_995, 4_985, 4_987];
const sinks: Ohlc = [4_987, 4_988, 4_975, 4_977];
const sinksOn: Ohlc = [4_977, 4_978, 4_967, 4_969];
const stands: Ohlc = [5_000, 5_000.5, 4_999.5, 5_000];
const rotates: Ohlc = [5_000, 5_004, 4_996, 5_000];

const up = { poc: 5_020 };
const down = { poc: 4_985, side: 'sell' } as const;

function playAll(run: Run, periods: readonly Played[]): void {
  periods.forEach(([ohlc, options], index) => playPeriod(run, today, index, ohlc, options));
}

const day = (
  name: string,
  morning: Morning,
  periods: readonly Played[] = [],
  config: Row = {},
  then: (run: Run) => void = () => {},
): PluginCase => ({
  name,
  tradeDate: '2025-11-11',
  config,
  drive: (run) => {
    openToday(run, morning);
    playAll(run, periods);
    then(run);
    endToday(run);
  },
});

const relationAt = (run: Run, at: string, relation: string | null, overlapMin: number): void => {
  const area = { vah: 5_015, val: 4_990, poc: 5_000 };
  run.event(at, 'relation', {
    tradeDate: today,
    index: 1,
    stage: 'developing',
    relation,
    raw: relation,
    gapTicks: 0,
    overlapMin,
    jaccard: 0.5,
    overlapAvg: 0.5,
    developing: area,
    composite: area,
    missing: null,
    approximate: false,
  });
};

const rowsOf = (run: Run): Row[] =>
  run.emits.filter(({ port }) => port === 'regime').map(({ payload }) => payload);
const stepsOf = (run: Run): unknown[] =>
  rowsOf(run)
    .filter((row) => row['tradeDate'] === today)
    .map((row) => `${String(row['stage'])} ${String(row['regime'])}`);

function drive(morning: Morning, periods: readonly Played[], config: Row = {}): Run {
  const run = driveNode(plugin, { tradeDate: '2025-11-11', config });
  openToday(run, morning);
  playAll(run, periods);
  expect(run.errors).toEqual([]);
  return run;
}

describe('a balance', () => {
  it('becomes a trend at the second close that agrees, not at the first', () => {
    const run = drive(balance, [
      [breaksUp, up],
      [climbs, up],
    ]);
    expect(run.state).toBe('balance');
    expect(run.context).toMatchObject({ candidate: 'trend-up', run: 1 });
    playPeriod(run, today, 2, climbsOn, up);
    expect(run.state).toBe('trendUp');
    expect(stepsOf(run)).toEqual(['provisional balance', 'final balance', 'intraday trend-up']);
  });

  it('stays while value itself has not moved beyond the composite', () => {
    const run = drive(balance, [
      [breaksUp, { poc: 5_015 }],
      [climbs, { poc: 5_015 }],
      [climbsOn, { poc: 5_015 }],
    ]);
    expect(run.state).toBe('balance');
  });

  it('is compressed when the last hour is under 35 % of its median', () => {
    const run = drive({ ...balance, ...withHours }, [[stands], [stands], [stands]], two);
    expect(run.state).toBe('breakoutPending');
  });

  it('does not know the median of the hour before enough sessions', () => {
    const run = drive({ ...balance, days: 5 }, [[stands], [stands], [stands]]);
    expect(run.state).toBe('balance');
  });
});

describe('a pending break-out', () => {
  it('follows the overnight high, which a balance does not look at', () => {
    // Composite edge 5015, overnight high 5026: both are accepted, and value lies beyond the composite.
    const high = { ...pending, nightFrom: 5_015 };
    const run = drive(high, [
      [[5_020, 5_028, 5_018, 5_027], { poc: 5_026 }],
      [[5_027, 5_034, 5_026, 5_033], { poc: 5_026 }],
      [[5_033, 5_040, 5_032, 5_039], { poc: 5_026 }],
    ]);
    expect(run.state).toBe('trendUp');
  });

  it('ends in a balance of low confidence when the hour has its usual range again', () => {
    const run = drive({ ...pending, ...withHours }, [[rotates], [rotates], [rotates]], two);
    expect(rowsOf(run).at(-1)).toMatchObject({ regime: 'balance', lowConfidence: true });
  });

  it('watches the edges of the range that was compressed', () => {
    const run = drive({ ...balance, ...withHours }, [[stands], [stands], [stands]], two);
    expect(run.context['edges']).toContainEqual(
      expect.objectContaining({ name: 'compression', way: 1, level: 20_002 }),
    );
  });
});

describe('a trend', () => {
  it('turns only by the full mirror', () => {
    const run = drive(trendUp, [
      [breaksDown, down],
      [sinks, down],
      [sinksOn, down],
    ]);
    expect(run.state).toBe('trendDown');
    expect(stepsOf(run).at(-1)).toBe('intraday trend-down');
  });

  it('ends when closes lie on the other side of VWAP and cumulative delta agrees', () => {
    const flat = { flatSlope: 0 };
    const falls: Ohlc = [5_030, 5_031, 5_020, 5_021];
    const lower: Ohlc = [5_021, 5_030, 5_020, 5_020.5];
    const run = drive(
      trendUp,
      [
        [falls, { side: 'sell' }],
        [lower, { side: 'sell' }],
      ],
      flat,
    );
    expect(run.state).toBe('balance');
  });

  it('needs volume by side for that: on bars without it this clause cannot hold', () => {
    const bar = { path: 'bar' } as const;
    const run = drive(trendUp, [[[5_030, 5_031, 5_020, 5_021], bar]], { hysteresisCloses: 1 });
    expect(run.context).toMatchObject({ regime: 'trend-up', candidate: null });
  });
});

describe('what is not known', () => {
  it('is listed, and no regime is made up', () => {
    const run = driveNode(plugin, { tradeDate: '2025-11-11' });
    phaseAt(run, 'overnight', '18:00', '2025-11-11');
    run.to('09:31');
    expect(run.state).toBe('unknown');
    expect(rowsOf(run).at(-1)?.['missing']).toEqual([
      'value of the prior session',
      'the overnight range',
      'overnight ranges of 5 sessions',
    ]);
  });

  it('is left at the first 30-minute close with all inputs', () => {
    const run = drive({ ...trendUp, late: true }, [[stands]]);
    expect(stepsOf(run)).toEqual(['provisional unknown', 'final unknown', 'intraday trend-up']);
  });

  it('includes a prior session of another contract and a composite not in force', () => {
    const rolled = drive({ ...trendUp, calendar: { contract: 'ESH26' } }, []);
    expect(rowsOf(rolled).at(-1)?.['missing']).toEqual(['a prior session of this contract']);
  });

  it('includes an overnight session that began late', () => {
    const run = drive(trendUp, [], { nightGraceMinutes: 1 });
    expect(rowsOf(run).at(-1)?.['missing']).toContain('the overnight range');
  });
});

describe('the end of the regular session', () => {
  it('leaves every regime and says what the session did after its label', () => {
    const run = drive(trendUp, [[breaksUp, up]]);
    endToday(run);
    expect(run.state).toBe('unknown');
    expect(rowsOf(run).at(-1)).toMatchObject({ regime: 'unknown', stage: 'none', missing: [] });
    expect(run.emits.findLast(({ port }) => port === 'label')?.payload).toEqual({
      tradeDate: today,
      regime: 'trend-up',
      lowConfidence: false,
      ordinary: true,
      rangeTicks: 40,
      closeMinusOpenTicks: 24,
      brokeUp: false,
      brokeDown: false,
      last: 'trend-up',
      changes: 0,
    });
  });

  it('counts only ordinary days in the medians', () => {
    const run = drive(trendUp, []);
    phaseAt(run, 'post-rth', '16:00', today, { short: true });
    run.day('2025-11-19');
    phaseAt(run, 'overnight', '18:00', '2025-11-19');
    expect(run.context['nights']).toEqual([96, 96, 96, 96, 96]);
  });
});

describe('the composite of comparison', () => {
  it('never contains the prior session', () => {
    // Value of the 17th is above the composite up to the 14th; the one up to the 17th has grown to hold it.
    const run = drive({ ...trendUp, late: true }, []);
    compositeAt(run, '09:40', '2025-11-17', { vah: 5_040 });
    playPeriod(run, today, 0, stands);
    expect(run.state).toBe('trendUp');
  });

  it('has to have been in force for the prior session', () => {
    const run = drive({ ...trendUp, late: true }, []);
    compositeAt(run, '09:40', '2025-11-14', { inForce: false });
    playPeriod(run, today, 0, stands);
    expect(run.state).toBe('unknown');
  });
});

describePlugin(plugin, {
  cases: [
    day('balance, then a trend up that goes flat', balance, [
      [breaksUp, up],
      [climbs, up],
      [climbsOn, up],
      [climbsOn, up],
      [breaksUp, up],
      [breaksUp, up],
      [breaksUp, up],
    ]),
    day('balance, then a trend down', balance, [
      [breaksDown, down],
      [sinks, down],
      [sinksOn, down],
    ]),
    day('trend up from the open, value comes back', trendUp, [[climbs, up]], {}, (run) => {
      relationAt(run, '10:30', 'inside', 0.8);
      playPeriod(run, today, 2, climbsOn, up);
      playPeriod(run, today, 3, [5_036, 5_046, 5_035, 5_044], up);
    }),
    day('trend down from the open', trendDown, [[null], [sinks, down]]),
    day('partial overlap', partial, [], {}, (run) => phaseAt(run, 'rth-opening', '09:31', today)),
    day('compressed', { ...balance, ...withHours }, [[stands], [stands], [stands], [rotates]], two),
    day(
      'pending, then balance',
      { ...pending, ...withHours },
      [[rotates], [rotates], [rotates]],
      two,
    ),
    day('missing all day', { ...balance, days: 1 }, [[stands], [stands]]),
    day('late trend up', { ...trendUp, late: true }, [[stands]]),
    day('late trend down', { ...trendDown, late: true }, [[stands]]),
    day('late compression', { ...pending, late: true }, [[stands]]),
    day('late balance', { ...balance, late: true }, [[stands]]),
    day('late partial overlap', { ...partial, late: true }, [[stands]]),
    day('bars without sides', trendUp, [
      [climbs, { path: 'bar', poc: 5_020 }],
      [breaksUp, { path: 'bar', poc: 5_020 }],
    ]),
    day('a holiday', { ...balance, calendar: { holiday: true } }, [], {}, (run) => {
      endToday(run);
      run.day('2025-11-19');
      phaseAt(run, 'overnight', '18:00', '2025-11-19');
      night(run, 4);
    }),
  ],
});
