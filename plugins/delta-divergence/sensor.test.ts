import { describe, expect, it } from 'vitest';
import { tradeFlags } from '#engine';
import { driveNode, type NodeRun, tapePlayer } from '#engine/testing.ts';
import { type Bar, bars, pace, quiet, timeOf } from './made-tape.ts';
import { plugin } from './plugin.ts';

const play = tapePlayer(pace);

type Row = Readonly<Record<string, unknown>>;
const tradeDate = '2025-11-19';
const base = { barMinutes: 1, minTicks: 1, minSpreadBars: 4 };

/** A swing high of 5 ticks, and four bars on one of 6 with less delta; the spread of bar delta is about 70. */
const diverging = (gap: number): Bar[] => [
  ...quiet(4),
  ...bars([5, 100], [3, -10], [2, -10], [3, -10], [6, 30 - gap], [3, -10], [2, -10]),
];

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

describe('a divergence', () => {
  it('is known two bars after the later swing, and says so', () => {
    const run = runOf(diverging(100));
    expect(run.emits).toHaveLength(1);
    expect(run.emits[0]?.ts).toBe(run.at(timeOf(11)));
    expect(run.emits[0]?.payload).toMatchObject({
      side: 'short',
      kind: 'regular',
      price: 5000.5,
      invalidation: 5001.75,
      bars: 4,
      confirmedAt: run.at(timeOf(11)),
      first: { price: 5001.25, delta: 100, at: run.at(timeOf(5)) },
      second: { price: 5001.5, delta: 0, at: run.at(timeOf(9)) },
    });
    expect(runOf(diverging(100).slice(0, -1)).emits).toEqual([]);
  });

  it('is the same at lows, turned around', () => {
    expect(runOf(diverging(100), {}, -1).emits[0]?.payload).toMatchObject({
      side: 'long',
      kind: 'regular',
      first: { price: 4998.75, delta: -100 },
      second: { price: 4998.5, delta: 0 },
    });
  });

  it('takes the most extreme delta within the bar of a swing', () => {
    const tape = diverging(100).map(
      (bar, i): Bar =>
        i === 8
          ? [
              [6, 100],
              [5, -170],
            ]
          : bar,
    );
    expect(runOf(tape).emits).toEqual([]);
    expect(runOf(tape, { kinds: 'both' }).emits).toEqual([]);
  });

  it('may be hidden: a lower high on more delta', () => {
    const tape = [
      ...quiet(4),
      ...bars([6, 100], [3, -10], [2, -10], [3, -10], [5, 130], [3, -10], [2, -10]),
    ];
    expect(runOf(tape).emits).toEqual([]);
    expect(runOf(tape, { kinds: 'both' }).emits[0]?.payload).toMatchObject({
      side: 'short',
      kind: 'hidden',
      first: { delta: 100 },
      second: { delta: 200 },
    });
    expect(runOf(tape, { kinds: 'hidden' }, -1).emits[0]?.payload).toMatchObject({ side: 'long' });
  });

  it('counts bars that closed against their delta, as evidence only', () => {
    const tape = diverging(100).map(
      (bar, i): Bar =>
        i === 9
          ? [
              [4, 20],
              [3, -10],
            ]
          : bar,
    );
    const [signal] = runOf(tape).emits;
    expect(signal?.payload).toMatchObject({ hintBars: 1 });
    expect(runOf(diverging(100)).emits[0]?.payload).toMatchObject({ hintBars: 0 });
  });
});

describe('refusals carry their reason', () => {
  it('a gap of less than the asked share of the spread', () => {
    // The spread is 67.7 contracts, the gap 40.
    expect(runOf(diverging(40), { minGapSd: 0.59 }).emits).toHaveLength(1);
    const near = runOf(diverging(40), { minGapSd: 0.6 });
    expect(near.emits).toEqual([]);
    expect(blockedBy(near)).toContainEqual(
      expect.objectContaining({ text: 'distance of the two cumulative deltas', left: 40 }),
    );
    expect(near.probe('gap').value).toBeCloseTo(0.59, 2);
  });

  it('swings too near or too far from each other', () => {
    const near = runOf(diverging(100), { minSeparation: 5 });
    expect(near.emits).toEqual([]);
    expect(blockedBy(near)).toContainEqual(
      expect.objectContaining({ text: 'bars between the swings', left: 4, op: '>=', right: 5 }),
    );
    expect(runOf(diverging(100), { minSeparation: 4, maxSeparation: 4 }).emits).toHaveLength(1);
    expect(runOf(diverging(100), { maxSeparation: 3 }).emits).toEqual([]);
    expect(runOf(diverging(100)).probe('separation').value).toBe(4);
  });

  it('no spread while there are too few bars', () => {
    const run = runOf(diverging(100), { minSpreadBars: 12 });
    expect(run.emits).toEqual([]);
    expect(blockedBy(run)).toContainEqual({
      text: 'a standard deviation of bar delta is known',
      ok: false,
    });
  });

  it('too much volume without a side', () => {
    const run = driveNode(plugin, { tradeDate, config: base });
    run.trade('09:30:00', 5000, 200, 'none', tradeFlags.auction);
    run.trade('09:30:00', 5000, 200, 'none');
    play(run, 1, 0, diverging(100));
    expect(run.emits).toEqual([]);
    expect(blockedBy(run)).toContainEqual(
      expect.objectContaining({ text: 'volume without a known aggressor', right: 0.15 }),
    );
  });
});

describe('what counts', () => {
  it('is no swing of another session', () => {
    const run = driveNode(plugin, { tradeDate, config: base });
    play(run, 1, 0, diverging(100).slice(0, 7));
    run.to('16:30');
    run.day('2025-11-20');
    play(run, 1, 0, diverging(100).slice(6));
    expect(run.emits).toEqual([]);
  });

  it('is no bar without a trade: the next one takes its place', () => {
    const tape = diverging(100);
    const gaps = [...tape.slice(0, 6), [], [], ...tape.slice(6)];
    const [signal] = runOf(gaps).emits;
    expect(signal?.payload).toMatchObject({ bars: 4 });
  });

  it('is the regular session by default, the trade day on request', () => {
    const evening = (config: Row): number => {
      const run = driveNode(plugin, { tradeDate, config: { ...base, ...config } });
      play(run, 1, -60, diverging(100));
      return run.emits.length;
    };
    expect([evening({}), evening({ hours: 'all' })]).toEqual([0, 1]);
  });

  it('is not a row of a footprint', () => {
    const run = driveNode(plugin, { tradeDate, config: base });
    play(run, 1, 0, diverging(100).slice(0, 9));
    run.trade('09:38:50', 5010, 50, 'buy', tradeFlags.approximate);
    play(run, 1, 9, diverging(100).slice(9));
    expect(run.emits).toHaveLength(1);
  });
});
