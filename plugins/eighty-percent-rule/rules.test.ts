import { describe, expect, it } from 'vitest';
import { driveNode, type NodeRun } from '#engine/testing.ts';
import {
  endDay,
  type Ohlc,
  openDay,
  type Path,
  periodOf,
  phaseOf,
  playPeriod,
  playPeriods,
  priorOf,
  today,
} from './made-session.ts';
import { plugin } from './plugin.ts';

type Row = Readonly<Record<string, unknown>>;

// Periods against value 5000 to 5010, named by where they close.
const holdsHigh: Ohlc = [5014, 5015, 5008, 5009];
const staysHigh: Ohlc = [5009, 5009.5, 5007, 5008];
const staysMiddle: Ohlc = [5008, 5008.5, 5003, 5004];
const reachesLow: Ohlc = [5004, 5005, 4999.5, 5001];
const closesLow: Ohlc = [5001, 5002, 4996, 4997];
const comesBackUp: Ohlc = [4997, 5003, 4996.5, 5002];
const closesHigh: Ohlc = [5008, 5012, 5007, 5011];
const jumpsDown: Ohlc = [5014, 5014, 4996, 4997];

const emitted = (run: NodeRun, port: string) =>
  run.emits.filter((e) => e.port === port).map((e) => e.payload);

/** Half-hour bars are known at their end only: the first one still is the open. */
const ofBars = { openGraceSeconds: 1_800 };

/** A day of the given periods. */
function dayOf(periods: readonly Ohlc[], config: Row = {}, path: Path = 'high-first'): NodeRun {
  const run = driveNode(plugin, {
    tradeDate: today,
    config: { ...config, ...(path === 'bar' ? ofBars : {}) },
  });
  openDay(run);
  playPeriods(run, periods, path);
  return run;
}

describe('the open', () => {
  const stateAfterOpen = (
    price: number,
    prior: Row | null,
    day: Row = {},
    at = '09:30',
  ): [string, unknown] => {
    const run = driveNode(plugin, { tradeDate: today });
    openDay(run, prior, day);
    run.trade(at, price, 10);
    expect(run.errors).toEqual([]);
    return [run.state, run.context['reason']];
  };

  it('exactly at an edge is inside', () => {
    expect(stateAfterOpen(5010, priorOf())).toEqual(['notApplicable', 'opened-inside']);
    expect(stateAfterOpen(5000, priorOf())).toEqual(['notApplicable', 'opened-inside']);
    expect(stateAfterOpen(5010.25, priorOf())).toEqual(['openedOutside', null]);
    expect(stateAfterOpen(4999.75, priorOf())).toEqual(['openedOutside', null]);
  });

  it('needs a completed session before today', () => {
    expect(stateAfterOpen(5014, null)).toEqual(['notApplicable', 'no-prior']);
    expect(stateAfterOpen(5014, priorOf({ tradeDate: today }))).toEqual([
      'notApplicable',
      'no-prior',
    ]);
  });

  it('needs the same contract, as far as contracts are known', () => {
    expect(stateAfterOpen(5014, priorOf({ contract: 'ESU25' }))).toEqual(['notApplicable', 'roll']);
    expect(stateAfterOpen(5014, priorOf(), { rolled: true })).toEqual(['notApplicable', 'roll']);
    expect(stateAfterOpen(5014, priorOf({ contract: null }))).toEqual(['openedOutside', null]);
  });

  it('needs a prior session without a gap, a value area of 8 ticks, and an ordinary day', () => {
    expect(stateAfterOpen(5014, priorOf({ gap: true }))).toEqual(['notApplicable', 'prior-gap']);
    expect(stateAfterOpen(5014, priorOf({ val: 5008.25 }))).toEqual(['notApplicable', 'narrow']);
    expect(stateAfterOpen(5014, priorOf({ val: 5008 }))).toEqual(['openedOutside', null]);
    expect(stateAfterOpen(5014, priorOf(), { holiday: true })).toEqual([
      'notApplicable',
      'holiday',
    ]);
  });

  it('is unknown when the data begins later', () => {
    expect(stateAfterOpen(5014, priorOf(), {}, '09:35')).toEqual(['openedOutside', null]);
    expect(stateAfterOpen(5014, priorOf(), {}, '09:35:00.000001')).toEqual([
      'notApplicable',
      'open-unknown',
    ]);
  });

  it('takes a half day as prior session and says so', () => {
    const run = driveNode(plugin, { tradeDate: today });
    openDay(run, priorOf({ short: true, approximate: true }));
    playPeriods(run, [holdsHigh, staysHigh]);
    expect(emitted(run, 'signal')).toMatchObject([
      { priorShort: true, priorApproximate: true, priorShape: 'D' },
    ]);
  });

  it('is not taken from trades before the regular session', () => {
    const run = driveNode(plugin, { tradeDate: today });
    run.event('18:00', 'phase', phaseOf(run, 'overnight', '18:00'));
    run.event('18:00', 'prior', priorOf());
    run.trade('09:29:59', 5005, 10);
    run.trade('09:30', 5014, 10);
    expect([run.state, run.context['open']]).toEqual(['openedOutside', 5014 * 4]);
  });
});

describe('the trigger', () => {
  it('counts adjacent periods only: one without a trade breaks the run', () => {
    const run = driveNode(plugin, { tradeDate: today });
    openDay(run);
    playPeriod(run, 0, holdsHigh);
    run.event('10:30', 'period', periodOf(run, 1, null));
    playPeriod(run, 2, staysHigh);
    expect([run.state, emitted(run, 'signal')]).toEqual(['onePeriodIn', []]);
    playPeriod(run, 3, staysMiddle);
    expect(emitted(run, 'signal')).toMatchObject([{ side: 'short', price: 5004 }]);
  });

  it('counts a period whose predecessor is missing as the first', () => {
    const run = driveNode(plugin, { tradeDate: today });
    openDay(run);
    playPeriod(run, 0, holdsHigh);
    playPeriod(run, 2, staysHigh);
    expect([run.state, run.context['run']]).toEqual(['onePeriodIn', 1]);
  });

  /** Re-enters value so that the second close inside falls at the end of the period of `index`. */
  const triggerAtEndOf = (index: number, day: Row = {}): NodeRun => {
    const run = driveNode(plugin, { tradeDate: today });
    openDay(run, priorOf(), { ...day, ...(day['short'] ? { rthEnd: run.at('13:00') } : {}) });
    for (let i = 0; i < index - 1; i += 1) playPeriod(run, i, [5014, 5015, 5012, 5013]);
    playPeriod(run, index - 1, holdsHigh);
    playPeriod(run, index, staysHigh);
    return run;
  };

  it('may come at 14:30 and not after it', () => {
    expect(emitted(triggerAtEndOf(9), 'signal')).toHaveLength(1);
    const late = triggerAtEndOf(10);
    expect([late.state, emitted(late, 'signal')]).toEqual(['onePeriodIn', []]);
    const blocked = late.journal
      .at(-1)
      ?.explain?.find((c) => c.transition === 'onePeriodIn:period:4');
    expect(blocked?.leaves).toMatchObject([
      { ok: true },
      { ok: false, margin: -30 * 60_000_000, unit: 'us' },
      { ok: true },
    ]);
  });

  it('may come up to 90 minutes before the end of a half day', () => {
    expect(emitted(triggerAtEndOf(3, { short: true }), 'signal')).toHaveLength(1);
    expect(emitted(triggerAtEndOf(4, { short: true }), 'signal')).toHaveLength(0);
  });

  it('waits for nothing once the feed had a gap, unless it is told to go on', () => {
    const withGap = (config: Row): NodeRun => {
      const run = driveNode(plugin, { tradeDate: today, config });
      openDay(run);
      playPeriod(run, 0, holdsHigh);
      run.event('10:10', 'phase', phaseOf(run, 'rth-opening', '09:30', { gap: true }));
      playPeriod(run, 1, staysHigh);
      return run;
    };
    expect(emitted(withGap({}), 'signal')).toEqual([]);
    expect(emitted(withGap({ pauseOnGap: false }), 'signal')).toHaveLength(1);
  });

  it('voids the half-way target when the point of control traded before it', () => {
    const run = dayOf([holdsHigh, staysMiddle, reachesLow]);
    expect(emitted(run, 'signal')).toMatchObject([{ price: 5004, poc: null, target: 5000 }]);
    expect(emitted(run, 'outcome')).toMatchObject([
      { result: 'completed', halfBack: null, price: 5000, resultTicks: 16 },
    ]);
  });

  it('is taken once per direction: extended arming may trade both ways', () => {
    const run = dayOf(
      [
        holdsHigh,
        staysHigh,
        staysMiddle,
        reachesLow,
        closesLow,
        comesBackUp,
        [5002, 5004, 5001, 5003],
        closesHigh,
        holdsHigh,
      ],
      { arming: 'extended' },
    );
    expect(emitted(run, 'signal')).toMatchObject([
      { side: 'short' },
      { side: 'long', price: 5003 },
    ]);
    expect(emitted(run, 'outcome')).toMatchObject([
      { side: 'short', result: 'completed' },
      { side: 'long', result: 'completed' },
    ]);
    expect(run.state).toBe('completed');
  });

  it('after a flip never goes short on a re-entry from below', () => {
    const run = dayOf([jumpsDown, comesBackUp, [5002, 5004, 5001, 5003]], { arming: 'extended' });
    expect(emitted(run, 'signal')).toMatchObject([{ side: 'long', entryEdge: 5000, target: 5010 }]);
  });
});

describe('after the trigger', () => {
  it('a close exactly at the edge is not outside', () => {
    expect(dayOf([holdsHigh, staysHigh, [5008, 5012, 5007, 5010]]).state).toBe('qualified');
    expect(dayOf([holdsHigh, staysHigh, [5008, 5012, 5007, 5010.25]]).state).toBe('rejected');
  });

  it('an early stop beyond the edge does not wait for the close', () => {
    const run = dayOf([holdsHigh, staysHigh, closesHigh], { earlyStop: 'edge', earlyStopTicks: 8 });
    expect(emitted(run, 'outcome')).toMatchObject([
      { result: 'rejected', price: 5012, resultTicks: -16 },
    ]);
    expect(
      dayOf([holdsHigh, staysHigh, [5008, 5011.75, 5007, 5009]], { earlyStop: 'edge' }).state,
    ).toBe('qualified');
  });

  it('an early stop at the extreme of the first period in value', () => {
    const periods: readonly Ohlc[] = [holdsHigh, staysHigh, [5008, 5015, 5007, 5009]];
    expect(emitted(dayOf(periods, { earlyStop: 'first-period' }), 'outcome')).toMatchObject([
      { result: 'rejected', price: 5015 },
    ]);
    expect(dayOf(periods).state).toBe('qualified');
  });

  it('a bar that holds both target and stop counts as stopped', () => {
    const run = dayOf(
      [holdsHigh, staysHigh, [5008, 5013, 4999, 5008]],
      { earlyStop: 'edge' },
      'bar',
    );
    expect(emitted(run, 'outcome')).toMatchObject([{ result: 'rejected', price: 5012 }]);
  });

  it('a bar that reaches the target before its period closes outside counts as completed', () => {
    expect(
      emitted(dayOf([holdsHigh, staysHigh, [5008, 5013, 4999, 5012]], {}, 'bar'), 'outcome'),
    ).toMatchObject([{ result: 'completed' }]);
  });

  it('the session ends it at its last close', () => {
    const run = dayOf([holdsHigh, staysHigh, [5008, 5009, 5006, 5006.5]]);
    endDay(run);
    expect(emitted(run, 'outcome')).toMatchObject([
      { result: 'expired', price: 5006.5, resultTicks: 6, halfBack: false },
    ]);
  });
});

describe('evidence', () => {
  it('shows how far price came on its way back to value', () => {
    const run = driveNode(plugin, { tradeDate: today });
    openDay(run);
    run.trade('09:30', 5014, 1);
    run.trade('09:30:10', 5011, 1);
    run.to('09:31:30');
    expect(run.probe('reentry')).toMatchObject({ value: 12, needed: 16, unit: 'tick' });
    expect(run.probe('halfBack')).toMatchObject({ value: 12, needed: 36 });
    expect(run.probe('target')).toMatchObject({ value: 12, needed: 56 });
  });

  it('starts a new day with nothing of the old one but the prior session', () => {
    const run = dayOf([holdsHigh, staysHigh]);
    endDay(run);
    run.day('2025-11-20');
    openDay(run, null, { tradeDate: '2025-11-20' });
    expect(run.state).toBe('idle');
    expect(run.context).toMatchObject({
      side: null,
      value: null,
      used: [],
      run: 0,
      prior: { tradeDate: '2025-11-18' },
    });
  });
});
