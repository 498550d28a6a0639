import { describe, it } from 'vitest';
import { describePlugin, type NodeRun, scenario, tapePlayer } from '#engine/testing.ts';
import { barsOf, type Minute, pace, quiet } from './made-tape.ts';
import { plugin } from './plugin.ts';

const play = tapePlayer(pace);

const tradeDate = '2025-11-19';

const taken = (event: string, more = ''): string =>
  `${event} price=20002 extreme=20003 exceeded=20001 slot=null delta=40 deltaBefore=90 volume=80 needed=100 basis=intraday unknownShare=0 inferredShare=0 tradeDate=${tradeDate} ${more}`.trim();

describe('a new extreme as a table', () => {
  it('is confirmed, failed or expired, and forgotten after the cooldown', () => {
    scenario(
      plugin,
      `
      at        event                                  state                         emits
      10:00:00  highReclaimed price=20001 extreme=20003  high.quiet,low.quiet      -
      10:00:00  ${taken('highTaken')}                  high.candidate,low.quiet      -
      10:04:00  highReclaimed price=20001 extreme=20004  high.confirmed,low.quiet  signal side=short price=20001 extreme=20004 invalidation=20005 exceeded=20001 baseline=100
      10:14:00  -                                      high.quiet,low.quiet          -
      10:20:00  ${taken('lowTaken')}                   high.quiet,low.candidate      -
      10:21:00  lowJoined price=20002 delta=10         high.quiet,low.failed         -
      10:31:00  ${taken('lowTaken')}                   high.quiet,low.candidate      -
      10:41:00  -                                      high.quiet,low.expired        -
    `,
      { tradeDate },
    );
  });

  it('is refused with too much volume, no baseline, or unknown sides', () => {
    scenario(
      plugin,
      `
      at        event                                           state                 emits
      10:00:00  ${taken('highTaken', 'volume=100')}             high.quiet,low.quiet  -
      10:01:00  ${taken('highTaken', 'needed=null basis=none')}  high.quiet,low.quiet  -
      10:02:00  ${taken('highTaken', 'unknownShare=0.16')}      high.quiet,low.quiet  -
      10:03:00  ${taken('highTaken', 'unknownShare=0.15')}      high.candidate,low.quiet  -
    `,
      { tradeDate },
    );
  });
});

const sell = (ticks: number, size = 50): Minute => [ticks, size, 'sell'];
const buy = (ticks: number, size: number): Minute => [ticks, size, 'buy'];

/** Every way through one side; minutes after 40 quiet ones, with an extreme old after two minutes. */
const through: readonly Minute[] = [
  ...quiet(40),
  sell(1), // candidate
  sell(0), // confirmed
  sell(0),
  sell(2), // candidate from confirmed
  buy(2, 1_000), // failed
  sell(2),
  sell(3), // candidate from failed
  sell(3, 1),
  sell(3, 1),
  sell(3, 1),
  sell(3, 1), // expired
  sell(4), // candidate from expired
  buy(4, 1_000), // failed
  ...Array.from({ length: 4 }, () => sell(4, 1)), // quiet
  sell(5), // candidate
  sell(4), // confirmed
  ...Array.from({ length: 4 }, () => sell(4, 1)), // quiet
  sell(6), // candidate
  ...Array.from({ length: 8 }, () => sell(6, 1)), // expired, quiet
];

const level = (active: boolean) => ({
  id: 'prior-high',
  slot: 0,
  kind: 'prior-high',
  group: 'prior-day',
  price: 5000.25,
  active,
  sessions: ['2025-11-18'],
  validFrom: 0,
  expires: null,
  touches: 0,
  lastTouch: null,
  state: 'untested',
  cluster: 'prior-high',
  confluence: 1,
  approximate: false,
});

const config = { minAgeMinutes: 2, confirmMinutes: 4, cooldownMinutes: 3 };

describePlugin(plugin, {
  cases: ([1, -1] as const).map((way) => ({
    name: way > 0 ? 'every way through a high' : 'every way through a low',
    tradeDate,
    config,
    drive: (run: NodeRun) => {
      run.event('09:00', 'level', level(true));
      run.event('09:01', 'level', level(false));
      play(run, way, 0, barsOf(through));
      run.to('16:30');
      run.day('2025-11-20');
      play(run, way, 0, barsOf(quiet(3)));
    },
  })),
});
