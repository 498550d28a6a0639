import { describe, it } from 'vitest';
import { describePlugin, type PluginCase, scenario } from '#engine/testing.ts';
import {
  endDay,
  type Ohlc,
  openDay,
  type Path,
  playPeriods,
  priorOf,
  today,
} from './made-session.ts';
import { plugin } from './plugin.ts';

describe('the rule as a table', () => {
  it('goes from the open outside value to the far edge', () => {
    // Raw ticks: value 20000 to 20040, point of control 20020.
    const prior =
      'prior tradeDate=2025-11-18 open=1 high=1 low=1 close=1 poc=20020 vah=20040 val=20000 shape=D short=false approximate=false gap=false contract=null';
    const day =
      'tradeDate=2025-11-19 since=1 rthOpen=null rthEnd=null short=false holiday=false thin=false gap=false contract=null rolled=false';
    const period = (index: number, close: number) =>
      `period tradeDate=2025-11-19 index=${index} letter=A start=1 end=1 open=${close} high=${close} low=${close} close=${close} volume=1`;
    scenario(
      plugin,
      `
      at     event                       state          emits
      18:00  ${prior}                    idle           -
      18:01  phase phase=overnight ${day}  idle           -
      09:30  opened price=20056          openedOutside  -
      09:40  entered price=20040         reentered      -
      10:00  ${period(0, 20041)}         openedOutside  -
      10:05  entered price=20039         reentered      -
      10:30  ${period(1, 20036)}         onePeriodIn    -
      11:00  ${period(2, 20032)}         qualified      signal side=short price=20032 target=20000 invalidation=20040 poc=20020
      11:10  pocTouched price=20020      halfBack       -
      11:30  ${period(3, 20018)}         halfBack       -
      11:40  targetTouched price=20000   completed      outcome setup=eighty-percent-rule variant=close2 result=completed invalidation=20040 halfBack=true resultTicks=32
      16:00  phase phase=post-rth ${day}  completed      -
    `,
      { tradeDate: today },
    );
  });
});

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

/** Half-hour bars are known at their end only: the first one still is the open. */
const ofBars = { openGraceSeconds: 1_800 };

const play = (
  name: string,
  periods: readonly Ohlc[],
  config: Row = {},
  path: Path = 'high-first',
): PluginCase => ({
  name,
  tradeDate: today,
  config: { ...config, ...(path === 'bar' ? ofBars : {}) },
  drive: (run) => {
    openDay(run);
    playPeriods(run, periods, path);
    endDay(run);
  },
});
const refusedDay = (name: string, prior: Row | null, day: Row = {}, at = '09:30'): PluginCase => ({
  name,
  tradeDate: today,
  drive: (run) => {
    openDay(run, prior, day);
    run.trade(at, 5014, 10);
  },
});
const extended = { arming: 'extended' };
const edge = { earlyStop: 'edge' };

describePlugin(plugin, {
  cases: [
    refusedDay('no prior session', null),
    refusedDay('another contract', priorOf({ contract: 'ESU25' })),
    refusedDay('a holiday', priorOf(), { holiday: true }),
    refusedDay('a prior session with a gap', priorOf({ gap: true })),
    refusedDay('a narrow value area', priorOf({ val: 5009 })),
    refusedDay('an open nobody saw', priorOf(), {}, '10:00'),
    play('opens inside', [staysHigh]),
    play('never comes back', [[5014, 5016, 5012, 5015]]),
    play('comes back and closes outside', [[5014, 5015, 5009, 5012]]),
    play('opens below and holds', [
      [4995, 5002, 4994, 5001],
      [5001, 5004, 5000.5, 5003],
    ]),
    {
      name: 'comes back in the last minutes',
      tradeDate: today,
      drive: (run) => {
        openDay(run);
        run.trade('09:30', 5014, 10);
        run.trade('15:59', 5009, 10);
        endDay(run);
      },
    },
    play('is not allowed any more', [holdsHigh, staysHigh, staysHigh], { lastArm: '09:45' }),
    play('jumps over value', [jumpsDown]),
    play('jumps over value and comes back', [jumpsDown, comesBackUp, closesLow], extended),
    play('crosses value in one bar', [jumpsDown], {}, 'bar'),
    play(
      'crosses value in one bar and comes back',
      [jumpsDown, comesBackUp, closesHigh],
      extended,
      'bar',
    ),
    play('crosses after one period in', [holdsHigh, closesLow]),
    play('flips after one period in', [holdsHigh, [5009, 5009, 4996, 4997], comesBackUp], extended),
    play('opens inside, arms above', [closesHigh, staysHigh, staysHigh], extended),
    play('opens inside, arms below', [closesLow, comesBackUp], extended),
    play(
      'completes over half back, then turns',
      [holdsHigh, staysHigh, staysMiddle, reachesLow, closesLow],
      extended,
    ),
    play('completes with the half-way target void', [holdsHigh, staysMiddle, reachesLow]),
    play(
      'is rejected at the close, then turns',
      [holdsHigh, staysHigh, closesHigh, jumpsDown],
      extended,
    ),
    play('is rejected after half back', [
      holdsHigh,
      staysHigh,
      staysMiddle,
      [5004, 5011, 5004, 5010.5],
    ]),
    play('is stopped', [holdsHigh, staysHigh, closesHigh], edge),
    play(
      'is stopped after half back',
      [holdsHigh, staysHigh, staysMiddle, [5004, 5012, 5004, 5009]],
      edge,
    ),
    play('expires after half back', [holdsHigh, staysHigh, staysMiddle, [5004, 5006, 5004, 5005]]),
    play('expires before half back', [holdsHigh, staysHigh, [5008, 5009, 5006, 5007]]),
    play(
      'is spent at the close, then turns',
      [[5014, 5014.5, 4999.5, 5003], [5003, 5006, 5002, 5004], closesLow],
      extended,
    ),
    play(
      'is spent at the open',
      [
        [5014, 5014.5, 4999.5, 5003],
        [5003, 5006, 5002, 5004],
      ],
      { trigger: 'closeOpen' },
    ),
    play('triggers at the open', [holdsHigh, staysHigh, reachesLow], { trigger: 'closeOpen' }),
    play(
      'wicks only',
      [
        [5014, 5015, 5009, 5012],
        [5012, 5013, 5009.5, 5011],
      ],
      { trigger: 'touch2', ...edge },
    ),
    play('stops at the first extreme', [holdsHigh, staysHigh, [5008, 5015, 5007, 5009]], {
      earlyStop: 'first-period',
    }),
    {
      name: 'two days',
      tradeDate: today,
      drive: (run) => {
        openDay(run);
        playPeriods(run, [holdsHigh, staysHigh]);
        endDay(run);
        run.event('16:00', 'prior', priorOf({ tradeDate: today }));
        run.day('2025-11-20');
        openDay(run, null, { tradeDate: '2025-11-20' });
        run.trade('09:30', 5030, 1);
      },
    },
  ],
});
