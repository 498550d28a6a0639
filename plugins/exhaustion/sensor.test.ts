import { describe, expect, it } from 'vitest';
import { tradeFlags } from '#engine';
import { driveNode, type NodeRun, tapePlayer } from '#engine/testing.ts';
import { type Bar, flat, pace, thin, threePushes } from './made-tape.ts';
import { plugin } from './plugin.ts';

const play = tapePlayer(pace);

type Row = Readonly<Record<string, unknown>>;
const tradeDate = '2025-11-19';
const base = { barVolume: 100 };

function runOf(tape: readonly Bar[], config: Row = {}, way: 1 | -1 = 1): NodeRun {
  const run = driveNode(plugin, { tradeDate, config: { ...base, ...config } });
  play(run, way, 0, tape);
  expect(run.errors).toEqual([]);
  return run;
}

const blockedBy = (run: NodeRun): unknown[] =>
  run.journal
    .flatMap((step) => step.explain ?? [])
    .filter((checked) => checked.verdict === 'guard-blocked')
    .flatMap((checked) => checked.leaves ?? [])
    .filter((leaf) => !leaf.ok);

describe('a thin extreme', () => {
  it('is signalled at the close back inside the bar before it', () => {
    const run = runOf([flat(0), thin(0), flat(0)]);
    expect(run.emits).toHaveLength(1);
    expect(run.emits[0]?.payload).toMatchObject({
      side: 'short',
      kind: 'thin-extreme',
      price: 5000,
      extreme: 5000.75,
      inside: 5000,
      invalidation: 5001,
      thinShare: 8 / 60,
      level: null,
      pushes: [],
      startedAt: run.at('10:00:10'),
    });
    expect(run.emits[0]?.ts).toBe(run.at('10:00:20'));
  });

  it('is the same at the low, turned around', () => {
    expect(runOf([flat(0), thin(0), flat(0)], {}, -1).emits[0]?.payload).toMatchObject({
      side: 'long',
      price: 5000,
      extreme: 4999.25,
    });
  });

  it('may close back in its own bar', () => {
    const back: Bar = [
      [0, 30],
      [1, -32],
      [2, 5],
      [3, 3],
      [0, -30],
    ];
    const run = runOf([flat(0), back]);
    expect(run.emits[0]?.payload).toMatchObject({ kind: 'thin-extreme', extreme: 5000.75 });
    expect(run.emits[0]?.ts).toBe(run.at('10:00:10'));
  });

  it('needs two thin rows: 9 of 60 contracts are 15 %, 10 are more', () => {
    expect(runOf([flat(0), thin(0, 4), flat(0)]).emits).toHaveLength(1);
    const thick = runOf([flat(0), thin(0, 5), flat(0)]);
    expect(thick.emits).toEqual([]);
    expect(thick.probe('thin').value).toBeCloseTo(1 - 10 / 60, 12);
    expect(thick.probe('thin').needed).toBe(0.85);
  });

  it('needs a finished auction: nothing sold at the high', () => {
    const unfinished: Bar = [
      [0, 60],
      [1, -32],
      [2, 5],
      [3, 2],
      [3, -1],
    ];
    expect(runOf([flat(0), unfinished, flat(0)]).emits).toEqual([]);
  });

  it('must be a new extreme: of the swing, or of the session', () => {
    const under = [
      flat(0),
      flat(2),
      flat(20),
      flat(5),
      flat(4), // a swing high of 20
      flat(9),
      flat(6),
      flat(5), // one of 9
      flat(6),
      thin(7),
      flat(0), // 10 is beyond the last swing, not beyond the session
    ];
    expect(runOf(under, { scope: 'swing' }).emits).toHaveLength(1);
    expect(runOf(under).emits).toEqual([]);
    expect(runOf([flat(3), thin(0), flat(0)]).emits).toEqual([]);
    expect(runOf([thin(0), flat(0)]).emits).toEqual([]);
  });
});

describe('three pushes', () => {
  it('with less delta and volume each are signalled at the close back', () => {
    const run = runOf([...threePushes(120), flat(12)]);
    expect(run.emits).toHaveLength(1);
    expect(run.emits[0]?.payload).toMatchObject({
      side: 'short',
      kind: 'three-pushes',
      extreme: 5003.75,
      inside: 5003,
      pushes: [
        { delta: 300, volume: 500 },
        { delta: 200, volume: 400 },
        { delta: 120, volume: 300 },
      ],
    });
    expect(runOf([...threePushes(120), flat(12)], {}, -1).emits[0]?.payload).toMatchObject({
      side: 'long',
      pushes: [{ delta: -300 }, { delta: -200 }, { delta: -120 }],
    });
  });

  it('do not fade when the third has as much delta as the second', () => {
    const run = runOf([...threePushes(210), flat(12)]);
    expect(run.emits).toEqual([]);
    expect(run.probe('pushes').value).toBe(3);
  });

  it('may be turned off, as thin extremes may', () => {
    expect(runOf([...threePushes(120), flat(12)], { kinds: 'thin-extreme' }).emits).toEqual([]);
    expect(runOf([flat(0), thin(0), flat(0)], { kinds: 'three-pushes' }).emits).toEqual([]);
  });
});

describe('what becomes of an episode', () => {
  it('fails when price goes beyond the extreme', () => {
    expect(runOf([flat(0), thin(0), flat(4)]).state).toBe('high.failed,low.quiet');
  });

  it('expires after three bars', () => {
    const held = (bars: number) => Array.from({ length: bars }, () => flat(3));
    expect(runOf([flat(0), thin(0), ...held(2), flat(0)]).emits).toHaveLength(1);
    const late = runOf([flat(0), thin(0), ...held(3), flat(0)]);
    expect(late.emits).toEqual([]);
    expect(late.state).toBe('high.expired,low.quiet');
  });

  it('expires at the end of the session', () => {
    const run = runOf([flat(0), thin(0)]);
    run.to('16:00');
    expect(run.state).toBe('high.expired,low.quiet');
  });

  it('begins once in the cooldown on a side', () => {
    const twice = [flat(0), thin(0), flat(0), thin(3), flat(0)];
    expect(runOf(twice).emits).toHaveLength(1);
    expect(runOf(twice, { cooldown: '21s' }).emits).toHaveLength(1);
    expect(runOf(twice, { cooldown: '20s' }).emits).toHaveLength(2);
  });
});

describe('levels', () => {
  const level = (price: number, active = true): Row => ({
    id: 'prior-high',
    slot: 0,
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
    cluster: 'prior-high',
    confluence: 1,
    approximate: false,
  });
  const withLevels = (config: Row, rows: readonly Row[]): NodeRun => {
    const run = driveNode(plugin, { tradeDate, config: { ...base, ...config } });
    for (const row of rows) run.event('09:00', 'level', row);
    play(run, 1, 0, [flat(0), thin(0), flat(0)]);
    return run;
  };

  it('near the extreme are named with their distance', () => {
    expect(withLevels({}, [level(5001.75)]).emits[0]?.payload).toMatchObject({
      level: { id: 'prior-high', price: 5001.75, distanceTicks: 4 },
    });
    expect(withLevels({}, [level(5002)]).emits[0]?.payload).toMatchObject({ level: null });
  });

  it('may be required', () => {
    expect(withLevels({ atLevel: true }, [level(5001.75)]).emits).toHaveLength(1);
    const far = withLevels({ atLevel: true }, [level(5002)]);
    expect(far.emits).toEqual([]);
    expect(blockedBy(far)).toContainEqual({ text: 'a level lies near the extreme', ok: false });
    expect(withLevels({ atLevel: true }, [level(5001), level(5001, false)]).emits).toEqual([]);
  });
});

describe('volume bars', () => {
  it('split a trade that overfills them', () => {
    // 250 contracts at once are two bars and a half; the thin bar then begins half full.
    const run = driveNode(plugin, { tradeDate, config: base });
    run.trade('10:00:00', 5000, 250, 'buy');
    run.trade('10:00:01', 5000, 50, 'sell');
    for (const [price, size, side] of [
      [5000, 60, 'buy'],
      [5000.25, 32, 'sell'],
      [5000.5, 5, 'buy'],
      [5000.75, 3, 'buy'],
    ] as const)
      run.trade('10:00:02', price, size, side);
    run.trade('10:00:03', 5000, 100, 'sell');
    expect(run.emits[0]?.payload).toMatchObject({ extreme: 5000.75, thinShare: 8 / 60 });
  });

  it('are cut where the session begins and ends: no bar holds trades of both sides of it', () => {
    const run = driveNode(plugin, { tradeDate, config: { ...base, hours: 'all' } });
    run.trade('09:29:59', 5010, 60, 'buy');
    play(run, 1, 0, [flat(0), thin(0), flat(0)]);
    expect(run.emits).toHaveLength(1);
  });

  it('are of the regular session by default', () => {
    const early = (config: Row): number => {
      const run = driveNode(plugin, { tradeDate, config: { ...base, ...config } });
      play(run, 1, -360, [flat(0), thin(0), flat(0)]);
      return run.emits.length;
    };
    expect([early({}), early({ hours: 'all' })]).toEqual([0, 1]);
  });

  it('do not count rows of a footprint', () => {
    const run = driveNode(plugin, { tradeDate, config: base });
    play(run, 1, 0, [flat(0), thin(0)]);
    run.trade('10:00:25', 5010, 500, 'buy', tradeFlags.approximate);
    play(run, 1, 3, [flat(0)]);
    expect(run.emits).toHaveLength(1);
  });
});

it('begins nothing while too much volume has no known aggressor', () => {
  const run = driveNode(plugin, { tradeDate, config: base });
  run.trade('10:00:00', 5000, 100, 'none');
  play(run, 1, 1, [flat(0), thin(0), flat(0)]);
  expect(run.emits).toEqual([]);
  expect(blockedBy(run)).toContainEqual(
    expect.objectContaining({ text: 'volume without a known aggressor', op: '<=', right: 0.15 }),
  );
});
