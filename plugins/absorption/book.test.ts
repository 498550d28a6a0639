import { describe, expect, it } from 'vitest';
import {
  describeWithData,
  driveNode,
  feedBooks,
  type NodeRun,
  sharedBooks,
  sharedTrades,
} from '#engine/testing.ts';
import { withBook } from './migrate.ts';
import { plugin } from './plugin.ts';

type Row = Readonly<Record<string, unknown>>;
const tradeDate = '2025-11-19';
/** Vectors and cases turn by four ticks, as the rule has it; the default asks for more. */
const confirmTicks = 4;
const drive = (config: Row = {}): NodeRun =>
  driveNode(plugin, { tradeDate, config: { confirmTicks, ...config } });
const events = (run: NodeRun, type: string): Row[] =>
  run.journal.filter((step) => step.event.type === type).map((step) => step.event);

/** Ten levels on both sides around 5000, the best bid of a size of its own. */
function show(run: NodeRun, at: string, best: number): void {
  const side = (from: number, way: number): [number, number][] =>
    Array.from({ length: 10 }, (_, i) => [from - way * i * 0.25, i === 0 && way > 0 ? best : 60]);
  run.book(at, side(5000, 1), side(5000.25, -1));
}

describe('with a book', () => {
  it('vector V25 is confirmed with its refresh of 4.22', () => {
    const run = drive();
    show(run, '09:59:59', 90);
    run.trade('10:00:00', 5000, 120, 'sell');
    run.trade('10:00:08', 5000, 150, 'sell');
    run.trade('10:00:20', 5000, 110, 'sell');
    expect(run.state).toBe('effort');
    run.trade('10:00:45', 5001, 5, 'buy');
    expect(run.state).toBe('confirmed');
    const [signal] = run.emits.map((e) => e.payload);
    expect(signal).toMatchObject({ volume: 380, basis: 'book', reloads: 0 });
    expect(signal?.['refresh']).toBeCloseTo(4.22, 2);
    expect(JSON.stringify(signal?.['evidence'])).toContain('refresh suspect');
  });

  it('needs 1.5 times the largest size shown in the window', () => {
    const state = (shown: number, later = shown): string => {
      const run = drive();
      show(run, '09:59:50', shown);
      show(run, '09:59:55', later);
      run.trade('10:00:00', 5000, 390, 'sell');
      expect(run.probe('refresh').value).toBeCloseTo(390 / Math.max(shown, later), 9);
      return run.state;
    };
    expect([state(260), state(261), state(261, 10), state(10, 261)]).toEqual([
      'effort',
      'quiet',
      'quiet',
      'quiet',
    ]);
  });

  it('forgets what was shown before the window', () => {
    const run = drive();
    show(run, '09:58:00', 900);
    show(run, '09:58:01', 90);
    show(run, '09:58:40', 90);
    run.trade('09:58:41', 5000, 390, 'sell');
    expect(run.state).toBe('effort');
  });

  it('allows a trade one tick through the attacked price, without one none', () => {
    const state = (hasBook: boolean, through: number): string => {
      const run = drive();
      if (hasBook) show(run, '09:59:59', 90);
      run.trade('10:00:00', through, 1, 'sell');
      run.trade('10:00:01', 5000, 390, 'sell');
      return run.state;
    };
    expect([state(true, 4999.5), state(true, 4999.25), state(false, 4999.5)]).toEqual([
      'effort',
      'quiet',
      'quiet',
    ]);
  });

  it('counts refills to half of what was shown, after it had dropped below', () => {
    const run = drive();
    show(run, '09:59:59', 100);
    run.trade('10:00:00', 5000, 390, 'sell');
    for (const [i, size] of [50, 49, 49, 50, 20, 90, 90].entries())
      show(run, `10:00:0${i + 1}`, size);
    run.trade('10:00:09', 5000, 1, 'sell');
    expect(events(run, 'reloaded').map((e) => e['reloads'])).toEqual([1, 2]);
    expect(run.state).toBe('held');
    run.trade('10:00:20', 5001, 1, 'buy');
    expect(run.emits[0]?.payload).toMatchObject({ basis: 'book', reloads: 2 });
  });

  it('that stopped, or was reset, is none', () => {
    const stopped = drive();
    show(stopped, '09:58:00', 900);
    stopped.trade('09:59:30', 5000, 390, 'sell');
    const reset = drive();
    show(reset, '09:59:58', 900);
    reset.market((b) => b.depth(reset.at('09:59:59'), 0, -1, 0, 0));
    reset.trade('10:00:00', 5000, 390, 'sell');
    for (const run of [stopped, reset])
      expect(events(run, 'effort')[0]).toMatchObject({ shown: null });
  });
});

describe('a snapshot of 1.0', () => {
  it('gets an empty book, and its open attacks none', () => {
    const old = {
      plugin: 'absorption',
      version: '1.0.0',
      machineHash: '',
      timers: [],
      machine: {
        value: 'effort',
        context: { open: [{ episode: 3 }], levels: [{ kind: 'val', price: 9 }] },
      },
      sensor: { f: btoa('\0'.repeat(37 * 8)), a: { ts: '' }, l: [] },
    };
    const fit = withBook(old);
    expect(fit.machine?.['context']).toEqual({
      open: [{ episode: 3, shown: null, refresh: null, reloads: 0 }],
      levels: [{ id: 'val', kind: 'val', price: 9 }],
    });
    const fresh = drive();
    fresh.trade('10:00:00', 5000, 1, 'sell');
    const slots = fresh.task.nodes[0]!.slots!;
    const sensor = fit.sensor as { f: string; a: Record<string, string> };
    expect(atob(sensor.f)).toHaveLength(slots.f.byteLength);
    for (const name of ['book', 'episodeShown', 'episodeDropped', 'episodeReloads'])
      expect(atob(sensor.a[name]!)).toHaveLength(slots.a[name]!.byteLength);
    expect(withBook({ ...old, sensor: null })).toEqual({ ...old, sensor: null });
  });
});

const tradeFile = 'trades/EShour_20231225T2300Z_ESH4_databento-mbo.csv.gz';
const bookFile = 'depth/ES_20231225T2300Z_ESH4_mbp10.csv.gz';

describeWithData('a real hour with its book', [tradeFile, bookFile], () => {
  const trades = sharedTrades(tradeFile);
  const books = sharedBooks(bookFile);
  const config = { minVolume: 40 };

  function count(shift: number): { efforts: number; reloads: number; signals: number } {
    const moved = trades.map((trade, i) => {
      const { size, side } = trades[(i + shift) % trades.length]!;
      return { ...trade, size, side };
    });
    const run = driveNode(plugin, { tradeDate: '2023-12-26', config: { confirmTicks, ...config } });
    feedBooks(run, moved, books);
    expect(run.errors).toEqual([]);
    return {
      efforts: events(run, 'effort').length,
      reloads: events(run, 'reloaded').length,
      signals: run.emits.length,
    };
  }

  it('is told apart little from its tape shifted in a circle against it', () => {
    const real = count(0);
    const nulls = [500, 1_000, 1_500, 2_000].map(count);
    expect(real.efforts).toBeGreaterThan(0);
    // No claim of skill: the figures stand in the README.
    for (const shifted of nulls) expect(shifted.efforts).toBeGreaterThanOrEqual(0);
  });
});
