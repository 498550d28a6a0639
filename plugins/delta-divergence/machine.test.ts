import { describe, it } from 'vitest';
import { describePlugin, type NodeRun, scenario, tapePlayer } from '#engine/testing.ts';
import { type Bar, bars, pace, quiet } from './made-tape.ts';
import { plugin } from './plugin.ts';

const play = tapePlayer(pace);

const tradeDate = '2025-11-19';

const diverged = (event: string, more = ''): string =>
  `${event} kind=regular price=20004 first={"price":20005,"delta":500,"at":1} second={"price":20009,"delta":400,"at":2} bars=10 spread=100 hintBars=1 unknownShare=0 inferredShare=0 tradeDate=${tradeDate} ${more}`.trim();

describe('a divergence as a table', () => {
  it('stands until a close beyond undoes it, a new one renews it, or its time is over', () => {
    scenario(
      plugin,
      `
      at        event                                     state                       emits
      10:00:00  ${diverged('shortDiverged')}              short.standing,long.quiet   signal side=short kind=regular price=20004 invalidation=20010 bars=10
      10:20:00  ${diverged('shortDiverged', 'price=20003')}  short.standing,long.quiet   signal price=20003
      10:49:00  -                                         short.standing,long.quiet   -
      10:50:00  -                                         short.expired,long.quiet    -
      11:00:00  ${diverged('longDiverged')}               short.expired,long.standing  signal side=long invalidation=20008
      11:10:00  longUndone price=20001                    short.expired,long.undone   -
    `,
      { tradeDate },
    );
  });

  it('is refused outside its limits, which are part of it', () => {
    scenario(
      plugin,
      `
      at        event                                           state                      emits
      10:00:00  ${diverged('shortDiverged', 'bars=2')}          short.quiet,long.quiet     -
      10:01:00  ${diverged('shortDiverged', 'bars=31')}         short.quiet,long.quiet     -
      10:02:00  ${diverged('shortDiverged', 'spread=400.1')}    short.quiet,long.quiet     -
      10:03:00  ${diverged('shortDiverged', 'spread=null')}     short.quiet,long.quiet     -
      10:04:00  ${diverged('shortDiverged', 'unknownShare=0.16')}  short.quiet,long.quiet     -
      10:05:00  ${diverged('shortDiverged', 'spread=400 bars=30')}  short.standing,long.quiet  signal bars=30
    `,
      { tradeDate },
    );
  });
});

/** A swing high, and four bars on a higher one with less delta. */
const pair: readonly Bar[] = bars(
  [5, 300],
  [3, -50],
  [2, -50],
  [3, -50],
  [6, 10],
  [3, -50],
  [2, -50],
);
/** Still higher, with still less delta, and closed below the last high. */
const third: readonly Bar[] = [
  ...bars([3, -50]),
  [
    [7, 10],
    [5, -5],
  ],
  ...bars([3, -50], [2, -50]),
];

/** Every way through one side: each part begins anew far below the last. */
const through: readonly Bar[] = [
  ...quiet(6),
  ...pair, // standing
  ...third, // standing again
  ...bars([8, 2_000]), // undone
  ...bars([3, -50], [2, -50], [3, -50], [9, -100], [3, -50], [2, -50]), // standing from undone
  ...Array.from({ length: 12 }, (): Bar => [[1, -1]]), // expired
  ...pair, // the swings of this part against the last one, then standing from expired
  ...third,
  ...bars([20, 1]), // undone
];

describePlugin(plugin, {
  cases: ([1, -1] as const).map((way) => ({
    name: way > 0 ? 'every way through highs' : 'every way through lows',
    tradeDate,
    config: { barMinutes: 1, minTicks: 1, minSpreadBars: 4, standMinutes: 10 },
    drive: (run: NodeRun) => {
      play(run, way, 0, through);
      run.to('16:30');
      run.day('2025-11-20');
      play(run, way, 0, quiet(3));
    },
  })),
});
