import { describe, expect, it } from 'vitest';
import { describePlugin, driveNode, type NodeRun, scenario } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

type Row = Readonly<Record<string, unknown>>;
const tradeDate = '2025-11-19';
/** Cases turn by four ticks; the default asks for more. */
const fourTicks = { confirmTicks: 4 };

const effort = (episode: number, price: number, side = 'long'): string =>
  `effort episode=${episode} side=${side} price=${price} volume=380 needed=300 share=0.9 progressTicks=0 unknownShare=0 inferredShare=0 calibrated=true shown=null refresh=null tradeDate=${tradeDate}`;

describe('an attack as a table', () => {
  it('is confirmed by a turn, broken by a break, expired after a minute, and forgotten after the cooldown', () => {
    scenario(
      plugin,
      `
      at        event                           state      emits
      10:00:00  turned episode=7 at=20004       quiet      -
      10:00:00  ${effort(0, 20_000)}            effort     -
      10:00:20  turned episode=0 at=20004       confirmed  signal side=long price=20000 turnPrice=20004 invalidation=19998 volume=380
      10:01:49  -                               confirmed  -
      10:01:50  -                               quiet      -
      10:02:00  ${effort(1, 20_000, 'short')}   effort     -
      10:02:10  gaveWay episode=1 at=20002      broken     -
      10:02:20  ${effort(2, 20_004)}            effort     -
      10:03:19  -                               effort     -
      10:03:20  -                               expired    -
      10:03:21  turned episode=2 at=20008       expired    -
      10:04:50  -                               quiet      -
    `,
      { tradeDate },
    );
  });

  it('of several goes on until the last of them ended', () => {
    scenario(
      plugin,
      `
      at        event                           state      emits
      10:00:00  ${effort(0, 20_000)}            effort     -
      10:00:40  ${effort(1, 19_999)}            effort     -
      10:00:50  gaveWay episode=1 at=19997      effort     -
      10:00:59  -                               effort     -
      10:01:00  -                               expired    -
      10:02:00  ${effort(2, 20_000)}            effort     -
      10:02:10  ${effort(3, 20_001)}            effort     -
      10:02:15  turned episode=2 at=20004       effort     signal price=20000
      10:02:16  turned episode=3 at=20005       confirmed  signal price=20001
      10:03:00  ${effort(4, 20_000)}            effort     -
      10:03:50  ${effort(5, 20_002)}            effort     -
      10:04:30  gaveWay episode=5 at=20000      broken     -
    `,
      { tradeDate },
    );
  });
});

describe('an attack that the book refills', () => {
  it('is held until it turned, went through, or its time is over', () => {
    scenario(
      plugin,
      `
      at        event                           state      emits
      10:00:00  ${effort(0, 20_000).replace('shown=null refresh=null', 'shown=90 refresh=4.2')}  effort  -
      10:00:01  reloaded episode=7 reloads=1    effort     -
      10:00:02  reloaded episode=0 reloads=1    held       -
      10:00:03  reloaded episode=0 reloads=2    held       -
      10:00:20  turned episode=0 at=20004       confirmed  signal basis=book refresh=4.2 reloads=2
      10:01:00  ${effort(1, 20_000)}            effort     -
      10:01:02  reloaded episode=1 reloads=1    held       -
      10:01:03  ${effort(2, 20_002)}            effort     -
      10:01:04  reloaded episode=1 reloads=2    held       -
      10:01:05  gaveWay episode=1 at=19998      effort     -
      10:01:06  reloaded episode=2 reloads=1    held       -
      10:02:03  -                               expired    -
    `,
      { tradeDate },
    );
  });
});

const keyLevelRow = (id: string, price: number, active = true): Row => ({
  id,
  slot: 0,
  kind: 'prior-low',
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

/** Ten levels on both sides, the best bid at 5000 with a size of its own. */
function showBook(run: NodeRun, at: string, best: number, bid = 5000): void {
  const side = (from: number, way: number): [number, number][] =>
    Array.from({ length: 10 }, (_, i) => [from - way * i * 0.25, 60]);
  const bids = side(bid, 1);
  bids[0] = [bid, best];
  run.book(at, bids, side(bid + 0.25, -1));
}

const levelRow = (kind: string, price: number): Row => ({
  kind,
  price,
  sessions: 5,
  partial: false,
});

/** Sells absorbed at 5000, turned. */
function turn(run: NodeRun, minute = '10:00'): void {
  run.trade(`${minute}:00`, 5000, 400, 'sell');
  run.trade(`${minute}:20`, 5001, 5, 'buy');
}

describe('levels', () => {
  it('are named in the signal: the nearest, with its distance', () => {
    const run = driveNode(plugin, { tradeDate, config: fourTicks });
    run.event('09:00', 'level', levelRow('poc', 5010));
    run.event('09:00', 'level', levelRow('val', 4990));
    run.event('09:30', 'level', levelRow('val', 4999));
    turn(run);
    expect(run.emits[0]?.payload).toMatchObject({
      level: { kind: 'val', price: 4999, distanceTicks: 4 },
    });
  });

  it('may be key levels, and one that is not active any more is none', () => {
    const run = driveNode(plugin, { tradeDate, config: fourTicks });
    run.event('09:00', 'keyLevel', keyLevelRow('prior-low', 4999.75));
    run.event('09:00', 'keyLevel', keyLevelRow('far', 4980));
    turn(run);
    expect(run.emits[0]?.payload['level']).toMatchObject({ price: 4999.75, distanceTicks: 1 });
    const other = driveNode(plugin, { tradeDate, config: fourTicks });
    other.event('09:00', 'keyLevel', keyLevelRow('prior-low', 4999.75));
    other.event('09:00', 'keyLevel', keyLevelRow('far', 4980));
    other.event('09:30', 'keyLevel', keyLevelRow('prior-low', 4999.75, false));
    turn(other);
    expect(other.emits[0]?.payload['level']).toMatchObject({ price: 4980, distanceTicks: 80 });
  });

  it('may be required: farther away is blocked, with the distance as evidence', () => {
    const near = (config: Row, levels: readonly Row[]): NodeRun => {
      const run = driveNode(plugin, { tradeDate, config: { ...fourTicks, ...config } });
      for (const row of levels) run.event('09:00', 'level', row);
      turn(run);
      return run;
    };
    expect(near({ nearLevelTicks: 4 }, [levelRow('val', 4999)]).emits).toHaveLength(1);
    const far = near({ nearLevelTicks: 3 }, [levelRow('val', 4999)]);
    expect(far.emits).toEqual([]);
    const blocked = far.journal
      .flatMap((step) => step.explain ?? [])
      .find((c) => c.verdict === 'guard-blocked');
    expect(blocked?.leaves).toContainEqual({
      text: 'distance to val',
      ok: false,
      left: 4,
      op: '<=',
      right: 3,
      margin: -1,
      unit: 'tick',
    });
    expect(near({ nearLevelTicks: 3 }, []).emits).toEqual([]);
  });
});

/** Refills after each attack: one of each end while held. */
function refilled(run: NodeRun, minute: string, bid = 5000): void {
  showBook(run, `${minute}:00`, 90, bid);
  run.trade(`${minute}:01`, bid, 380, 'sell');
  showBook(run, `${minute}:02`, 20, bid);
  showBook(run, `${minute}:03`, 80, bid);
  showBook(run, `${minute}:04`, 80, bid);
}

describePlugin(plugin, {
  cases: [
    {
      name: 'held and turned, held and broken, held and expired',
      tradeDate,
      config: { ...fourTicks, baselineMinutes: 60, baselineMinSamples: 3600 },
      drive: (run) => {
        run.event('09:00', 'keyLevel', keyLevelRow('prior-low', 4999));
        refilled(run, '10:00');
        run.trade('10:00:20', 5001, 5, 'buy');
        refilled(run, '10:10');
        run.trade('10:10:20', 4999.5, 5, 'sell');
        refilled(run, '10:20');
        run.trade('10:20:10', 5001.75, 400, 'buy');
        showBook(run, '10:20:11', 20);
        showBook(run, '10:20:12', 80);
        showBook(run, '10:20:13', 80);
        run.to('10:30');
        refilled(run, '10:40');
        run.trade('10:40:10', 4999.75, 380, 'sell');
        for (const [second, size] of [20, 80, 20, 80, 80].entries())
          showBook(run, `10:40:${20 + second}`, size);
        run.to('10:50');
      },
    },
    {
      name: 'two held at once: one breaks, one turns, each while the other is open',
      tradeDate,
      config: fourTicks,
      drive: (run) => {
        showBook(run, '10:00:00', 90);
        run.trade('10:00:01', 5000.25, 400, 'sell');
        run.trade('10:00:02', 5000, 400, 'sell');
        showBook(run, '10:00:03', 20);
        showBook(run, '10:00:04', 80);
        showBook(run, '10:00:05', 80);
        run.trade('10:00:10', 4999.75, 1, 'sell');
        run.trade('10:00:12', 5001, 1, 'buy');
        run.to('10:03');
        showBook(run, '10:04:00', 90);
        run.trade('10:04:01', 5000, 400, 'sell');
        run.trade('10:04:02', 5000.25, 400, 'buy');
        showBook(run, '10:04:03', 20);
        showBook(run, '10:04:04', 80);
        showBook(run, '10:04:05', 80);
        run.trade('10:04:10', 5001, 1, 'buy');
        run.to('10:06');
      },
    },
    {
      name: 'turned, quiet again, turned again',
      tradeDate,
      config: fourTicks,
      drive: (run) => {
        run.event('09:00', 'level', levelRow('val', 4999));
        turn(run);
        run.to('10:05');
        turn(run, '10:06');
        run.trade('10:06:30', 5003, 500, 'buy');
      },
    },
    {
      name: 'two at a time, one turned, one broken',
      tradeDate,
      config: fourTicks,
      drive: (run) => {
        run.trade('10:00:00', 5000, 400, 'sell');
        run.trade('10:00:10', 4999.75, 400, 'sell');
        run.trade('10:00:12', 4999.5, 1, 'sell');
        run.trade('10:00:20', 5000.75, 500, 'buy');
        run.trade('10:00:22', 5001.25, 1, 'buy');
        run.trade('10:00:24', 5002, 400, 'buy');
        run.trade('10:00:26', 5002.5, 400, 'buy');
        run.to('10:01:40');
        run.trade('10:01:50', 5010, 400, 'buy');
        run.to('10:06');
      },
    },
    {
      name: 'two at a time, both turned',
      tradeDate,
      config: fourTicks,
      drive: (run) => {
        run.trade('10:00:00', 5000.25, 400, 'sell');
        run.trade('10:00:10', 5000, 400, 'sell');
        run.trade('10:00:20', 5001, 1, 'buy');
        run.trade('10:00:20', 5001.25, 1, 'buy');
        run.trade('10:00:30', 5002, 400, 'buy');
        run.to('10:01:35');
        run.trade('10:01:36', 5002, 400, 'buy');
        run.to('10:10');
      },
    },
    {
      name: 'broken, then quiet, and a new trade day',
      tradeDate,
      config: fourTicks,
      drive: (run) => {
        run.trade('10:00:00', 5000, 400, 'sell');
        run.trade('10:00:10', 4999.5, 1, 'sell');
        run.trade('10:00:20', 4998, 400, 'sell');
        run.trade('10:00:30', 4997.5, 1, 'sell');
        run.to('10:03');
        run.day('2025-11-20');
        run.trade('18:00:05', 5000, 400, 'sell');
      },
    },
  ],
});
