import { describe, expect, it } from 'vitest';
import { describePlugin, driveNode, type NodeRun, type PluginCase } from '#engine/testing.ts';
import {
  completedOf,
  compositeOf,
  nakedOf,
  phaseAt,
  priorOf,
  stackOf,
  today,
} from './made-levels.ts';
import { plugin } from './plugin.ts';

type Row = Readonly<Record<string, unknown>>;

const runOf = (drive: (run: NodeRun) => void, config: Row = {}, tradeDate = today): NodeRun => {
  const run = driveNode(plugin, { tradeDate, config });
  drive(run);
  expect(run.errors).toEqual([]);
  return run;
};
/** The last row of a level. */
const levelOf = (run: NodeRun, id: string): Row | undefined =>
  run.emits.filter(({ payload }) => payload['id'] === id).at(-1)?.payload;
const activeOf = (run: NodeRun): string[] => {
  const rows = new Map(run.emits.map(({ payload }) => [String(payload['id']), payload]));
  return [...rows.values()].filter((row) => row['active']).map((row) => String(row['id']));
};
const morning = (run: NodeRun, day: Row = {}): void => {
  phaseAt(run, '18:00', 'overnight', day);
  run.event('18:00', 'prior', priorOf());
  run.event('18:00', 'composite', compositeOf());
};

describe('where levels come from', () => {
  it('knows prior session and composite at once, the night at 09:30, the opening hour at 10:30', () => {
    const run = runOf((r) => {
      morning(r);
      r.trade('18:01', 5004, 1);
      r.trade('19:00', 5008, 1);
      r.trade('20:00', 5001, 1);
      expect(levelOf(r, 'overnight-high')).toBeUndefined();
      phaseAt(r, '09:30', 'rth-opening');
      r.trade('09:30', 5005, 1);
      r.trade('09:40', 5007.75, 1);
      r.trade('10:20', 5003, 1);
      expect(levelOf(r, 'initial-balance-high')).toBeUndefined();
      phaseAt(r, '10:30', 'rth-main');
    });
    expect(levelOf(run, 'prior-vah')).toMatchObject({ price: 5010, sessions: ['2025-11-18'] });
    expect(levelOf(run, 'composite-val')).toMatchObject({ price: 4970, group: 'composite' });
    expect(levelOf(run, 'overnight-high')).toMatchObject({
      price: 5008,
      validFrom: run.at('09:30'),
    });
    expect(levelOf(run, 'overnight-low')).toMatchObject({ price: 5001, expires: run.at('16:00') });
    expect(levelOf(run, 'overnight-mid')).toMatchObject({ price: 5004.5 });
    expect(levelOf(run, 'rth-open')).toMatchObject({ price: 5005 });
    expect(levelOf(run, 'initial-balance-high')).toMatchObject({ price: 5007.75 });
    expect(levelOf(run, 'initial-balance-low')).toMatchObject({ price: 5003 });
    phaseAt(run, '16:00', 'post-rth');
    expect(activeOf(run).filter((id) => /overnight|initial|open/.test(id))).toEqual([]);
    expect(run.state).toBe('over');
  });

  it('has no night that began late, no open and no opening hour that nobody saw begin', () => {
    const run = runOf((r) => {
      morning(r);
      r.trade('18:31', 5004, 1);
      phaseAt(r, '09:30', 'rth-opening');
      r.trade('09:36', 5005, 1);
      phaseAt(r, '10:30', 'rth-main');
    });
    expect(activeOf(run).filter((id) => /overnight|initial|open/.test(id))).toEqual([]);
  });

  it('makes no levels of a holiday, and keeps the prior ones', () => {
    const run = runOf((r) => {
      morning(r, { holiday: true });
      r.trade('18:01', 5004, 1);
      phaseAt(r, '09:30', 'rth-opening', { holiday: true });
      r.trade('09:30', 5005, 1);
      r.to('10:31');
      phaseAt(r, '10:31', 'rth-main', { holiday: true });
    });
    expect(activeOf(run)).toHaveLength(9);
  });

  it('takes the levels of the old contract away at a roll', () => {
    const run = runOf((r) => {
      r.event('17:59', 'prior', priorOf());
      phaseAt(r, '18:00', 'overnight', { rolled: true, contract: 'ESH26' });
      r.event('18:00', 'composite', compositeOf());
      r.event('18:01', 'composite', compositeOf({ inForce: false }));
    });
    expect(activeOf(run)).toEqual([]);
  });

  it('sums up the prior week from completed sessions', () => {
    const run = driveNode(plugin, { tradeDate: '2025-11-20' });
    run.event('16:00', 'completed', completedOf('2025-11-20', 5000));
    run.day('2025-11-21');
    run.event('16:00', 'completed', completedOf('2025-11-21', 5010));
    run.event('16:00', 'completed', completedOf('2025-11-21', 5100, { holiday: true }));
    run.day('2025-11-24');
    phaseAt(run, '18:00', 'overnight', { tradeDate: '2025-11-24' });
    expect(levelOf(run, 'week-high')).toMatchObject({
      price: 5010.5,
      sessions: ['2025-11-20', '2025-11-21'],
    });
    expect(levelOf(run, 'week-low')).toMatchObject({ price: 4999.75 });
    expect(levelOf(run, 'week-close')).toMatchObject({ price: 5010.25 });
    expect(levelOf(run, 'week-poc')).toMatchObject({ price: 5010 });
  });

  it('keeps naked points of control at their place and takes touched ones away', () => {
    const run = runOf((r) => {
      morning(r);
      r.event('18:01', 'naked', nakedOf(['2025-11-14', 5040], ['2025-11-17', 4950]));
      r.event('18:02', 'naked', nakedOf(['2025-11-17', 4950], ['2025-11-18', 5060]));
    });
    expect(levelOf(run, 'naked-poc-2025-11-14')).toMatchObject({ active: false });
    expect(levelOf(run, 'naked-poc-2025-11-17')).toMatchObject({ active: true, slot: 20 });
    expect(levelOf(run, 'naked-poc-2025-11-18')).toMatchObject({ active: true, slot: 19 });
    run.trade('18:03', 4950.25, 1);
    expect(levelOf(run, 'naked-poc-2025-11-17')).toMatchObject({ active: true });
    run.trade('18:04', 4950, 1);
    expect(levelOf(run, 'naked-poc-2025-11-17')).toMatchObject({ active: false, touches: 1 });
  });

  it('takes edges of stacks that are independent enough', () => {
    const run = runOf((r) => {
      morning(r);
      r.event(
        '18:01',
        'stack',
        stackOf([
          [5050, 5060, 2],
          [5070, 5080, 1.8],
        ]),
      );
      r.event('18:02', 'stack', stackOf([[5052, 5060, 2]]));
    });
    expect(levelOf(run, 'stack-edge-1')).toMatchObject({ price: 5052 });
    expect(levelOf(run, 'stack-edge-3')).toBeUndefined();
    run.event('18:03', 'stack', stackOf([[5052, 5060, 2]], { inForce: false }));
    expect(levelOf(run, 'stack-edge-1')).toMatchObject({ active: false });
  });

  it('takes levels of your own', () => {
    const manual = [{ price: 5055.5, strength: 4, role: 'support', horizon: 'week', note: 'gap' }];
    const run = runOf((r) => phaseAt(r, '18:00', 'overnight'), { manual });
    expect(levelOf(run, 'manual-1')).toMatchObject({ price: 5055.5, ...manual[0] });
    expect(() =>
      driveNode(plugin, { tradeDate: today, config: { manual, tickSize: 0.5 } }),
    ).toThrow();
  });
});

describe('clusters of levels', () => {
  it('tells the name and the distinct groups of a cluster, and when it falls apart', () => {
    const run = runOf((r) => {
      phaseAt(r, '18:00', 'overnight');
      r.event('18:00', 'prior', priorOf());
      r.event('18:00', 'composite', compositeOf({ vah: 5011 }));
    });
    expect(levelOf(run, 'composite-vah')).toMatchObject({ cluster: 'prior-vah', confluence: 2 });
    expect(levelOf(run, 'prior-vah')).toMatchObject({ cluster: 'prior-vah', confluence: 2 });
    run.event('18:05', 'composite', compositeOf({ vah: 5011.25 }));
    expect(levelOf(run, 'composite-vah')).toMatchObject({
      cluster: 'composite-vah',
      confluence: 1,
    });
    expect(levelOf(run, 'prior-vah')).toMatchObject({ confluence: 1 });
  });
});

describe('touches', () => {
  const touchesOf = (trades: readonly number[]): unknown => {
    const run = runOf((r) => {
      phaseAt(r, '18:00', 'overnight');
      r.event('18:00', 'prior', priorOf());
      trades.forEach((price, i) => r.trade(`19:${String(i).padStart(2, '0')}`, price, 1));
    });
    return levelOf(run, 'prior-high')?.['touches'];
  };
  it.each([
    ['from eight ticks to one tick', [5018, 5019.75], 1],
    ['two ticks away is none', [5018, 5019.5], 0],
    ['seven ticks are not away', [5018.25, 5020], 0],
    ['staying is one touch', [5018, 5020, 5019.5, 5020.25], 1],
    ['away and back is another', [5018, 5020, 5018, 5020], 2],
    ['from above', [5022, 5020.25], 1],
    ['a jump across', [5018, 5022], 1],
  ])('%s', (_name, trades, count) => {
    expect(touchesOf(trades)).toBe(count);
  });

  it('sees them in bars', () => {
    const run = runOf((r) => {
      phaseAt(r, '18:00', 'overnight');
      r.event('18:00', 'prior', priorOf());
      r.bar('19:00', { open: 5010, high: 5012, low: 5008, close: 5012, volume: 5 });
      r.bar('19:05', { open: 5012, high: 5020, low: 5011, close: 5013, volume: 5 });
    });
    expect(levelOf(run, 'prior-high')).toMatchObject({ touches: 1, state: 'tested' });
  });
});

describe('held and broken', () => {
  const stateOf = (open: number, closes: readonly (readonly [high: number, close: number])[]) => {
    const run = runOf((r) => {
      phaseAt(r, '18:00', 'overnight');
      r.event('18:00', 'prior', priorOf());
      r.trade('18:01', 5005, 1);
      phaseAt(r, '09:30', 'rth-opening');
      r.trade('09:30', open, 1);
      closes.forEach(([high, close], i) => {
        const at = 9 * 60 + 40 + 30 * i;
        const time = (minute: number) =>
          `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
        r.trade(time(at), high, 1);
        r.trade(time(at + 10), close, 1);
        r.to(time(at + 20));
      });
    });
    return levelOf(run, 'prior-high')?.['state'];
  };
  it.each([
    ['untested', 5005, [[5010, 5008]], 'untested'],
    ['a close back: held', 5005, [[5021, 5019]], 'held'],
    ['a touch is no trade beyond', 5005, [[5020, 5015]], 'tested'],
    [
      'two closes beyond: broken',
      5005,
      [
        [5022, 5021],
        [5023, 5022],
      ],
      'broken',
    ],
    [
      'an open beyond, accepted',
      5022,
      [
        [5024, 5023],
        [5025, 5024],
      ],
      'broken',
    ],
    ['an open beyond, one close back is not enough', 5030, [[5031, 5010]], 'tested'],
    [
      'an open beyond, re-entered',
      5022,
      [
        [5024, 5010],
        [5012, 5011],
      ],
      'held',
    ],
  ] as const)('%s', (_name, open, closes, state) => {
    expect(stateOf(open, closes)).toBe(state);
  });
});

const play = (name: string, drive: (run: NodeRun) => void, config: Row = {}): PluginCase => ({
  name,
  tradeDate: today,
  config,
  drive,
});

describePlugin(plugin, {
  cases: [
    play(
      'a day with all kinds of levels',
      (run) => {
        run.event('17:30', 'completed', completedOf('2025-11-14', 5000));
        morning(run);
        run.event('18:01', 'naked', nakedOf(['2025-11-14', 5040]));
        run.event('18:01', 'stack', stackOf([[5050, 5060, 2]]));
        run.trade('18:02', 5004, 1);
        run.trade('19:00', 5012, 1);
        phaseAt(run, '09:30', 'rth-opening');
        run.trade('09:30', 5005, 1);
        run.trade('09:50', 5021, 1);
        run.trade('10:10', 5040, 1);
        phaseAt(run, '10:30', 'rth-main');
        run.trade('10:50', 4979, 1);
        run.to('11:31');
        phaseAt(run, '16:00', 'post-rth');
        phaseAt(run, '17:00', 'closed');
      },
      { manual: [{ price: 5100 }] },
    ),
    play('an open after the first hour', (run) => {
      morning(run);
      phaseAt(run, '09:30', 'rth-opening');
      phaseAt(run, '10:30', 'rth-main');
      run.event('10:40', 'phase', {
        phase: 'rth-main',
        tradeDate: today,
        since: run.at('10:30'),
        rthOpen: run.at('09:30'),
        rthEnd: run.at('16:00'),
        short: false,
        holiday: false,
        thin: false,
        gap: true,
        contract: 'ESZ25',
        rolled: false,
      });
      run.trade('10:41', 5022, 1);
      run.to('12:01');
    }),
  ],
});
