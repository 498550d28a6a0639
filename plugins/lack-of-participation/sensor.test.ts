import { describe, expect, it } from 'vitest';
import { tradeFlags } from '#engine';
import { driveNode, type NodeRun, tapePlayer } from '#engine/testing.ts';
import { barsOf, type Minute, pace, quiet, timeOf } from './made-tape.ts';
import { plugin } from './plugin.ts';

const play = tapePlayer(pace);

type Row = Readonly<Record<string, unknown>>;
const tradeDate = '2025-11-19';

/** 20 quiet minutes, a new high on 50 contracts of selling, a close back. */
const episode: readonly Minute[] = [...quiet(20), [1, 50, 'sell'], [0, 50, 'sell']];

function runOf(minutes: readonly Minute[], config: Row = {}, way: 1 | -1 = 1): NodeRun {
  const run = driveNode(plugin, { tradeDate, config });
  play(run, way, 0, barsOf(minutes));
  expect(run.errors).toEqual([]);
  return run;
}

/** The leaves of guards that blocked. */
const blockedBy = (run: NodeRun): unknown[] =>
  run.journal
    .flatMap((step) => step.explain ?? [])
    .filter((checked) => checked.verdict === 'guard-blocked')
    .flatMap((checked) => checked.leaves ?? [])
    .filter((leaf) => !leaf.ok);

const levelRow = (id: string, slot: number, price: number, active = true): Row => ({
  id,
  slot,
  kind: 'prior-high',
  group: 'prior-day',
  price,
  active,
  sessions: [],
  validFrom: 0,
  expires: null,
  touches: 0,
  lastTouch: null,
  state: 'untested',
  cluster: id,
  confluence: 1,
  approximate: false,
});

describe('a new extreme without participation', () => {
  it('is signalled at the close back inside, against the extreme', () => {
    const run = runOf(episode);
    expect(run.emits).toHaveLength(1);
    expect(run.emits[0]?.payload).toMatchObject({
      side: 'short',
      price: 5000,
      extreme: 5000.25,
      exceeded: 5000,
      invalidation: 5000.5,
      delta: -50,
      deltaBefore: 100,
      volume: 50,
      baseline: 100,
      basis: 'intraday',
      level: null,
      startedAt: run.at(timeOf(21)),
    });
    expect(run.emits[0]?.ts).toBe(run.at(timeOf(22)));
  });

  it('is the same at the low, turned around', () => {
    expect(runOf(episode, {}, -1).emits[0]?.payload).toMatchObject({
      side: 'long',
      price: 5000,
      extreme: 4999.75,
      delta: 50,
      deltaBefore: -100,
    });
  });

  it('needs a close beyond: touching the old extreme, or a wick, is none', () => {
    expect(runOf([...quiet(20), [0, 50, 'sell'], [-1, 50, 'sell']]).emits).toEqual([]);
    const run = driveNode(plugin, { tradeDate });
    play(run, 1, 0, barsOf(quiet(20)));
    run.trade(timeOf(20, 10), 5000.25, 20, 'sell');
    run.trade(timeOf(20, 50), 5000, 20, 'sell');
    run.to(timeOf(22));
    expect(run.state).toBe('high.quiet,low.quiet');
  });

  it('needs an older extreme: the first ten minutes have none', () => {
    const young: Minute[] = [...quiet(9), [1, 1, 'sell'], [0, 1, 'sell']];
    expect(runOf(young).probe('beyond').value).toBe(0);
    const old: Minute[] = [...quiet(10), [1, 1, 'sell'], [0, 1, 'sell']];
    expect(runOf(old).probe('beyond').value).toBe(1);
  });

  it('needs delta to stay behind', () => {
    const run = runOf([...quiet(20), [1, 99, 'buy'], [0, 50, 'sell']]);
    expect(run.emits).toHaveLength(1);
    expect(run.probe('behind').value).toBe(1);
    // The value it had at the older extreme, 100, does not exceed it; 101 does.
    expect(runOf([...quiet(21), [1, 1, 'buy'], [0, 50, 'sell']]).emits).toEqual([]);
    expect(runOf([...quiet(20), [1, 101, 'buy'], [0, 50, 'sell']]).emits).toEqual([]);
  });
});

describe('refusals carry their reason', () => {
  it('as much volume as usual', () => {
    const run = runOf([...quiet(20), [1, 100, 'sell'], [0, 50, 'sell']]);
    expect(run.emits).toEqual([]);
    expect(blockedBy(run)).toContainEqual({
      text: 'volume of the minute',
      ok: false,
      left: 100,
      op: '<',
      right: 100,
      margin: 0,
      unit: 'contract',
    });
    expect(run.probe('volume')).toMatchObject({ value: 1, needed: 1 });
  });

  it('no baseline in the first 15 minutes', () => {
    const run = runOf([...quiet(13), [1, 50, 'sell'], [0, 50, 'sell']]);
    expect(run.emits).toEqual([]);
    expect(blockedBy(run)).toContainEqual({ text: 'a baseline of the volume is known', ok: false });
  });

  it('too much volume without a side', () => {
    const unknown = Array.from({ length: 4 }, (): Minute => [0, 100, 'none']);
    const run = driveNode(plugin, { tradeDate });
    // Prints of an auction have no aggressor; trades before the first price change are unknown.
    play(run, 1, 0, barsOf([...unknown, ...quiet(17), [1, 50, 'sell'], [0, 50, 'sell']]));
    expect(run.emits).toEqual([]);
    expect(blockedBy(run)).toContainEqual(
      expect.objectContaining({ text: 'volume without a known aggressor', op: '<=', right: 0.15 }),
    );
  });
});

describe('what becomes of an episode', () => {
  it('fails when delta comes after, even at a close back inside', () => {
    const run = runOf([...quiet(20), [1, 50, 'sell'], [0, 500, 'buy']]);
    expect(run.emits).toEqual([]);
    expect(run.state).toBe('high.failed,low.quiet');
  });

  it('expires after ten minutes: a close back exactly then is too late', () => {
    const held = (minutes: number): Minute[] =>
      Array.from({ length: minutes }, (): Minute => [1, 10, 'sell']);
    expect(runOf([...quiet(20), [1, 50, 'sell'], ...held(8), [0, 1, 'sell']]).emits).toHaveLength(
      1,
    );
    const late = runOf([...quiet(20), [1, 50, 'sell'], ...held(9), [0, 1, 'sell']]);
    expect(late.emits).toEqual([]);
    expect(late.state).toBe('high.expired,low.quiet');
  });

  it('begins once in ten minutes on a side', () => {
    const again = (wait: number): Minute[] => [
      ...episode,
      ...quiet(wait),
      [2, 50, 'sell'],
      [0, 50, 'sell'],
    ];
    expect(runOf(again(7)).emits).toHaveLength(1);
    expect(runOf(again(8)).emits).toHaveLength(2);
  });
});

describe('levels', () => {
  const withLevels = (rows: readonly Row[]): NodeRun => {
    const run = driveNode(plugin, { tradeDate });
    for (const row of rows) run.event('09:00', 'level', row);
    play(run, 1, 0, barsOf([...quiet(20), [3, 50, 'sell'], [2, 50, 'sell']]));
    return run;
  };

  it('exceeded with the extreme must be closed back through, and are named', () => {
    expect(withLevels([]).emits).toEqual([]);
    const rows = [levelRow('prior-high', 3, 5000.5), levelRow('far', 4, 5001)];
    expect(withLevels(rows).emits[0]?.payload).toMatchObject({
      exceeded: 5000.5,
      level: { id: 'prior-high', kind: 'prior-high', price: 5000.5 },
    });
  });

  it('that ended are forgotten', () => {
    const rows = [levelRow('a', 3, 5000.5), levelRow('a', 3, 5000.5, false)];
    expect(withLevels(rows).emits).toEqual([]);
  });
});

describe('what counts', () => {
  it('is the regular session by default, the trade day on request', () => {
    const evening = (config: Row): number => {
      const run = driveNode(plugin, { tradeDate, config });
      run.trade('18:00:30', 5100, 100, 'buy');
      play(run, 1, 0, barsOf(episode));
      return run.emits.length;
    };
    expect([evening({}), evening({ hours: 'all' })]).toEqual([1, 0]);
  });

  it('is not a row of a footprint', () => {
    const run = driveNode(plugin, { tradeDate });
    play(run, 1, 0, barsOf(quiet(20)));
    run.trade(timeOf(20, 10), 5000.25, 50, 'sell', tradeFlags.approximate);
    run.to(timeOf(22));
    expect(run.state).toBe('high.quiet,low.quiet');
  });
});

describe('the baseline of earlier sessions', () => {
  const days = ['2025-11-10', '2025-11-11', '2025-11-12', '2025-11-13', '2025-11-14'];
  const sessionRow = (date: string, thin: boolean): Row => ({
    phase: 'post-rth',
    tradeDate: date,
    since: 0,
    rthOpen: null,
    rthEnd: null,
    short: false,
    holiday: false,
    thin,
    gap: false,
    contract: null,
    rolled: false,
  });

  function week(size: number, odd?: (run: NodeRun, day: number) => void): NodeRun {
    const run = driveNode(plugin, { tradeDate: days[0]!, explain: false });
    days.forEach((date, day) => {
      run.day(date);
      run.market((batch) => {
        for (let m = 0; m < 390; m += 1)
          batch.trade(run.at(timeOf(m, 30)), 20_000, size, m % 2 === 0 ? 1 : -1, 0);
      });
      run.to('16:30');
      odd?.(run, day);
    });
    run.day('2025-11-17');
    play(run, 1, 0, barsOf([...quiet(10), [1, 50, 'sell'], [0, 50, 'sell']]));
    return run;
  }

  it('serves from the first minute on, once there are five', () => {
    expect(week(60).emits[0]?.payload).toMatchObject({ basis: 'sessions', baseline: 60 });
    expect(week(50).emits).toEqual([]);
  });

  it('leaves out sessions that were thin or had a minute without a trade', () => {
    expect(
      week(60, (run, day) => {
        if (day === 2) run.event('16:31', 'session', sessionRow(days[2]!, true));
      }).emits,
    ).toEqual([]);
    expect(
      week(60, (run, day) => {
        if (day === 2) run.event('16:31', 'session', sessionRow(days[2]!, false));
      }).emits,
    ).toHaveLength(1);
  });
});
