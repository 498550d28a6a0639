import { describe, expect, it } from 'vitest';
import { describePlugin, driveNode, type NodeRun, scenario } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

type Row = Readonly<Record<string, unknown>>;
const tradeDate = '2025-11-19';

const bar = (low: number, high: number, close: number, stacks: readonly Row[] = []): string =>
  `barClosed end=2 low=${low} high=${high} close=${close} stacks=${JSON.stringify(stacks)}`;
const buy = { side: 'buy', low: 20_000, high: 20_003, rows: 4 };
const ofBar = `close=20004 tradeDate=${tradeDate} approximate=false`;
const stacked = (rows: number, least: number, unknown = 0): string =>
  `stacked ${ofBar} unknownShare=${unknown} side=buy low=20000 high=${19_999 + rows} rows=${rows} least=${least} medianRow=50`;
const caught = (unfinished: boolean, failedBreak: boolean): string =>
  `caught ${ofBar} unknownShare=0 who=buyers extreme=20010 delta=140 backTicks=6 unfinished=${unfinished} failedBreak=${failedBreak}`;

describe('stacks as a table', () => {
  it('are untested, tested, and gone with a close through the far edge', () => {
    scenario(
      plugin,
      `
      at        event                                   state     emits
      10:00:00  ${bar(20_000, 20_010, 20_008)}          noStack   -
      10:01:00  ${bar(20_000, 20_010, 20_008, [buy])}   untested  -
      10:02:00  ${bar(20_004, 20_012, 20_006)}          untested  -
      10:03:00  ${bar(19_990, 20_012, 20_000)}          tested    -
      10:04:00  ${bar(19_990, 20_012, 19_999)}          noStack   -
    `,
    );
  });

  it('make signals by rows or by weight, of known sides only', () => {
    scenario(
      plugin,
      `
      at        event                     state    emits
      10:00:00  ${stacked(4, 10)}         noStack  signal side=long kind=stacked-imbalance rows=4 price=20004 invalidation=19999 zone={"low":20000,"high":20003} level=null
      10:00:00  ${stacked(3, 24)}         noStack  -
      10:00:00  ${stacked(3, 25)}         noStack  signal rows=3
      10:00:00  ${stacked(4, 10, 0.15)}   noStack  signal rows=4
      10:00:00  ${stacked(4, 10, 0.16)}   noStack  -
    `,
      { config: { nearLevelTicks: null } },
    );
  });

  it('of sellers are the mirror image', () => {
    scenario(
      plugin,
      `
      at        event                                                state    emits
      10:00:00  ${stacked(4, 10).replace('side=buy', 'side=sell')}   noStack  signal side=short invalidation=20004
    `,
      { config: { nearLevelTicks: null } },
    );
  });
});

describe('caught traders as a table', () => {
  it('need an unfinished auction or a failed break', () => {
    scenario(
      plugin,
      `
      at        event                                                       state    emits
      10:00:00  ${caught(true, false)}                                      noStack  signal side=short kind=trapped rows=1 price=20004 invalidation=20011 zone={"low":20010,"high":20010}
      10:00:00  ${caught(false, true)}                                      noStack  signal kind=trapped
      10:00:00  ${caught(false, false)}                                     noStack  -
      10:00:00  ${caught(true, true).replace('who=buyers', 'who=sellers')}  noStack  signal side=long invalidation=20009
    `,
      { config: { nearLevelTicks: null } },
    );
  });
});

const levelRow = (id: string, price: number, active = true): Row => ({
  id,
  slot: id.length,
  kind: 'manual',
  group: 'manual',
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

/** Four buy imbalances from 5000.25 to 5001, closed by the next minute. */
function stack(run: NodeRun, minute: number, config: { base?: number } = {}): void {
  const base = config.base ?? 5000;
  const at = `10:0${minute}`;
  for (let i = 0; i < 4; i += 1) run.trade(`${at}:01`, base + i / 4, 4, 'sell');
  for (let i = 1; i < 5; i += 1) run.trade(`${at}:02`, base + i / 4, 20, 'buy');
  run.to(`10:0${minute + 1}`);
}

describe('key levels', () => {
  const config = { barType: 'time', minutes: 1 };
  const signals = (run: NodeRun) =>
    run.emits.filter(({ port }) => port === 'signal').map(({ payload }) => payload);

  it('must be near: the nearest is named with its distance from the zone', () => {
    const run = driveNode(plugin, { tradeDate, config });
    run.event('09:00', 'level', levelRow('far', 5010));
    run.event('09:00', 'level', levelRow('near', 5002));
    stack(run, 0);
    expect(signals(run)).toMatchObject([
      { level: { id: 'near', kind: 'manual', price: 5002, distanceTicks: 4 } },
    ]);
  });

  it('that are too far, taken away or not known block the signal, with the reason', () => {
    const blocked = (rows: readonly Row[]): unknown => {
      const run = driveNode(plugin, { tradeDate, config });
      for (const row of rows) run.event('09:00', 'level', row);
      stack(run, 0);
      expect(signals(run)).toEqual([]);
      return run.journal
        .filter((step) => step.event.type === 'stacked')
        .flatMap((step) => step.explain ?? [])
        .flatMap((check) => check.leaves ?? [])
        .at(-1);
    };
    expect(blocked([levelRow('far', 5002.25)])).toMatchObject({
      text: 'distance to far',
      left: 5,
      op: '<=',
      right: 4,
    });
    const gone = [levelRow('near', 5002), levelRow('near', 5002, false)];
    expect(blocked(gone)).toMatchObject({ text: 'a key level is known', ok: false });
    expect(blocked([])).toMatchObject({ text: 'a key level is known', ok: false });
  });

  it('that price closed back through are a failed break', () => {
    const bars = (level: Row) => {
      const run = driveNode(plugin, { tradeDate, config });
      run.event('09:00', 'level', level);
      run.trade('10:00:02', 5001.25, 150, 'buy');
      run.trade('10:00:03', 5000, 1, 'sell');
      run.to('10:01');
      return run.emits.filter(({ port }) => port === 'bar')[0]?.payload['trapped'];
    };
    expect(bars(levelRow('high', 5001))).toBe('buyers');
    expect(bars(levelRow('high', 5001, false))).toBe('none');
  });
});

describe('a drive or breakout', () => {
  const config = { barType: 'time', minutes: 1, driveMinutes: 30 };
  const reasons = (driven: (run: NodeRun) => void): Row[] => {
    const run = driveNode(plugin, { tradeDate, config });
    driven(run);
    stack(run, 0);
    expect(run.errors).toEqual([]);
    return run.emits.filter(({ port }) => port === 'signal').map(({ payload }) => payload);
  };

  it('makes a stack of its side a signal far from any key level, for a while', () => {
    const up = (at: string) => (run: NodeRun) => run.event(at, 'drive', { side: 'long' });
    expect(reasons(up('09:32'))).toMatchObject([{ kind: 'stacked-imbalance', level: null }]);
    expect(reasons(up('09:30:59'))).toEqual([]);
    expect(reasons((run) => run.event('09:40', 'drive', { side: 'short' }))).toEqual([]);
  });

  it('does nothing for caught traders, who need a level', () => {
    const run = driveNode(plugin, { tradeDate, config });
    run.event('10:00', 'drive', { side: 'short' });
    run.trade('10:00:02', 5001.25, 150, 'buy');
    run.trade('10:00:03', 5001.25, 5, 'sell');
    run.trade('10:00:04', 5000, 1, 'sell');
    run.to('10:01');
    expect(run.emits.filter(({ port }) => port === 'bar')[0]?.payload['trapped']).toBe('buyers');
    expect(run.emits.filter(({ port }) => port === 'signal')).toEqual([]);
  });
});

const config = { barType: 'time', minutes: 1, nearLevelTicks: null };

describePlugin(plugin, {
  cases: [
    {
      name: 'a stack, tested, closed through; then caught buyers',
      tradeDate,
      config,
      drive: (run) => {
        run.event('09:00', 'level', levelRow('high', 5004));
        stack(run, 0);
        run.trade('10:01:10', 5000.5, 3, 'sell');
        run.trade('10:02:10', 5000, 3, 'sell');
        run.trade('10:03:01', 5005, 200, 'buy');
        run.trade('10:03:02', 5003, 2, 'sell');
        run.to('10:05');
      },
    },
    {
      name: 'volume bars over a session and into the next',
      tradeDate,
      config: { volumeContracts: 50, nearLevelTicks: null },
      drive: (run) => {
        stack(run, 0);
        stack(run, 2, { base: 5002 });
        run.trade('15:59:59', 4990, 10, 'sell');
        run.trade('16:00', 4990, 130, 'sell');
        run.day('2025-11-20');
        run.trade('18:00:05', 4991, 60, 'buy');
      },
    },
    {
      name: 'range bars at a level',
      tradeDate,
      config: { barType: 'range', rangeTicks: 4 },
      drive: (run) => {
        run.event('09:00', 'level', levelRow('low', 5000));
        run.event('09:50', 'drive', { side: 'long' });
        stack(run, 0);
        run.trade('10:02', 5002, 10, 'buy');
        run.trade('10:02', 4999, 10, 'buy');
        run.trade('10:02', 4990, 10, 'buy');
      },
    },
  ],
});
