import { describe, it } from 'vitest';
import { describePlugin, type NodeRun, scenario, tapePlayer } from '#engine/testing.ts';
import { type Bar, flat, pace, thin, threePushes } from './made-tape.ts';
import { plugin } from './plugin.ts';

const play = tapePlayer(pace);

const tradeDate = '2025-11-19';

const spent = (event: string, more = ''): string =>
  `${event} kind=thin-extreme price=20003 extreme=20004 inside=20001 thinShare=0.1 passive=0 pushes=[] unknownShare=0 inferredShare=0 tradeDate=${tradeDate} ${more}`.trim();

describe('an exhausted extreme as a table', () => {
  it('is confirmed by a close back, failed by a farther extreme, expired by neither', () => {
    scenario(
      plugin,
      `
      at        event                      state                     emits
      10:00:00  highReclaimed price=20001  high.quiet,low.quiet      -
      10:00:00  ${spent('highSpent')}      high.candidate,low.quiet  -
      10:01:00  highReclaimed price=20001  high.confirmed,low.quiet  signal side=short kind=thin-extreme price=20001 extreme=20004 invalidation=20005 thinShare=0.1
      10:06:00  -                          high.quiet,low.quiet      -
      10:07:00  ${spent('lowSpent')}       high.quiet,low.candidate  -
      10:08:00  lowExceeded price=20000    high.quiet,low.failed     -
      10:09:00  ${spent('lowSpent', 'unknownShare=0.16')}  high.quiet,low.failed     -
      10:10:00  ${spent('lowSpent', 'kind=three-pushes pushes=[{"delta":-30,"volume":300},{"delta":-20,"volume":200},{"delta":-10,"volume":100}]')}  high.quiet,low.candidate  -
      10:11:00  lowReclaimed price=20005   high.quiet,low.confirmed  signal side=long kind=three-pushes invalidation=20003
      10:12:00  ${spent('lowSpent')}       high.quiet,low.candidate  -
      10:13:00  lowLapsed bars=3           high.quiet,low.expired    -
    `,
      { tradeDate },
    );
  });
});

/** Every way through one side, a bar each ten seconds, with a cooldown of thirty. */
const through: readonly Bar[] = [
  flat(0),
  thin(0), // candidate
  flat(0), // confirmed
  flat(0),
  thin(3), // candidate from confirmed
  thin(6), // failed
  flat(6),
  thin(9), // candidate from failed
  flat(10),
  flat(10), // expired
  thin(12), // candidate from expired
  flat(10), // confirmed
  ...Array.from({ length: 4 }, () => flat(10)), // quiet
  thin(15), // candidate
  thin(18), // failed
  ...Array.from({ length: 4 }, () => flat(18)), // quiet
  thin(21), // candidate
  flat(22),
  flat(22), // expired
  ...Array.from({ length: 4 }, () => flat(18)), // quiet
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

describePlugin(plugin, {
  cases: ([1, -1] as const).map((way) => ({
    name: way > 0 ? 'every way through a high' : 'every way through a low',
    tradeDate,
    config: { barVolume: 100, confirmBars: 2, cooldown: '30s' },
    drive: (run: NodeRun) => {
      run.event('09:00', 'level', level(true));
      play(run, way, 0, through);
      run.event('10:30', 'level', level(false));
      play(run, way, 200, threePushes(120));
      run.to('16:30');
      run.day('2025-11-20');
      play(run, way, 0, [flat(0), thin(0)]);
    },
  })),
});
