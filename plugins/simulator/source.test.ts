import { describe, expect, it } from 'vitest';
import { decodeMarketBatch, findInstrument, type MarketBatch, rowKind, sessionDay } from '#engine';
import { Pace } from './pace.ts';
import { plugin } from './plugin.ts';
import { openSimulator, type SimulatorConfig, type WallClock } from './source.ts';

const es = findInstrument('ES');
const light = { tradesPerDay: 5_000, depth: false, days: 2 };

/** A wall clock of the test's own: waiting moves it. */
function madeClock(): WallClock & { ms: number; waits: number[] } {
  const clock = {
    ms: 1_000,
    waits: [] as number[],
    now: () => clock.ms,
    sleep: (ms: number): Promise<void> => {
      clock.waits.push(ms);
      clock.ms += ms;
      return Promise.resolve();
    },
  };
  return clock;
}

interface Run {
  readonly batches: MarketBatch[];
  readonly walls: number[];
  readonly progress: number[];
  resume: string | null;
}

async function run(
  config: Partial<SimulatorConfig>,
  clock: WallClock & { ms: number },
  options: { resume?: string | null; stopAfter?: number } = {},
): Promise<Run> {
  const stop = new AbortController();
  const made: Run = { batches: [], walls: [], progress: [], resume: options.resume ?? null };
  await openSimulator(
    {
      config: plugin.config.parse({ ...light, ...config }),
      instrument: es,
      resume: options.resume ?? null,
      signal: stop.signal,
      write(bytes, resume) {
        made.batches.push(decodeMarketBatch(bytes));
        made.walls.push(clock.ms);
        made.resume = resume;
        if (made.batches.length === options.stopAfter) stop.abort();
        return Promise.resolve();
      },
      progress: (done) => made.progress.push(done),
    },
    clock,
  );
  return made;
}

/** Returns times and numbers of all rows, to compare runs. */
function rowsOf(batches: readonly MarketBatch[]): number[] {
  return batches.flatMap((batch) =>
    Array.from(batch.ts, (ts, i) => ts + batch.kind[i]! + batch.a[i]! * 8 + batch.b[i]!),
  );
}

describe('the simulator source', () => {
  it('makes the days asked for without waiting, and ends with a heartbeat at the close', async () => {
    const clock = madeClock();
    const { batches, progress } = await run({}, clock);
    expect(clock.waits.every((ms) => ms === 0)).toBe(true);
    const last = batches.at(-1)!;
    expect(last.kind.at(-1)).toBe(rowKind.heartbeat);
    expect(last.ts.at(-1)).toBe(sessionDay(es.calendar, 20251118)!.close);
    expect(progress.at(-1)).toBe(1);
    expect(progress.every((done, i) => i === 0 || done >= progress[i - 1]!)).toBe(true);
    expect(batches.every(({ count }) => count <= 512)).toBe(true);
  });

  it('writes rows when they are due by the wall clock, and the same rows as without waiting', async () => {
    const clock = madeClock();
    const paced = await run({ pace: 60, days: 1 }, clock);
    const { open, close } = sessionDay(es.calendar, 20251117)!;
    const start = paced.walls[0]!;
    expect(paced.batches[0]!.ts[0]).toBe(open);
    paced.batches.forEach((batch, i) => {
      const due = open + (paced.walls[i]! - start) * 60 * 1_000;
      // Never early; late by no more than what is collected for one batch, a second of the market.
      expect(batch.ts.at(-1)!).toBeLessThanOrEqual(due + 1);
      expect(batch.ts[0]!).toBeGreaterThan(due - 1_000_000);
    });
    expect(clock.ms - start).toBeGreaterThan((close - open) / 60_000 - 100);
    const fast = await run({ days: 1 }, madeClock());
    expect(rowsOf(paced.batches)).toEqual(rowsOf(fast.batches));
  });

  it('makes the first days at full speed, then waits; closed hours are not waited for', async () => {
    const clock = madeClock();
    const { walls, batches } = await run({ pace: 3_600, days: 3, catchUpDays: 1 }, clock);
    const second = sessionDay(es.calendar, 20251118)!.open;
    const before = walls.filter((_, i) => batches[i]!.ts[0]! < second);
    expect(new Set(before)).toEqual(new Set([1_000]));
    const elapsed = walls.at(-1)! - walls[before.length]!;
    // Two days of 23 hours at an hour a second.
    expect(elapsed).toBeGreaterThan(45_500);
    expect(elapsed).toBeLessThan(47_000);
  });

  it('makes a part of a day at full speed too', async () => {
    const clock = madeClock();
    const { walls } = await run({ pace: 3_600, days: 1, catchUpDays: 0.5 }, clock);
    // Half of 23 hours, at an hour a second.
    const elapsed = walls.at(-1)! - 1_000;
    expect(elapsed).toBeGreaterThan(11_000);
    expect(elapsed).toBeLessThan(11_800);
  });

  it('goes on where it was stopped, nothing lost and nothing doubled', async () => {
    const whole = await run({}, madeClock());
    const parts: MarketBatch[] = [];
    let resume: string | null = null;
    for (const stopAfter of [1, 3, 20, 7, undefined]) {
      const part: Run = await run({ pace: stopAfter === 20 ? 600 : 'max' }, madeClock(), {
        resume,
        ...(stopAfter === undefined ? {} : { stopAfter }),
      });
      parts.push(...part.batches);
      resume = part.resume;
    }
    expect(rowsOf(parts)).toEqual(rowsOf(whole.batches));
    expect((await run({}, madeClock(), { resume })).batches).toEqual([]);
  });

  it('stops waiting when it is told to stop', async () => {
    const stop = new AbortController();
    let writes = 0;
    const write = (): Promise<void> => {
      writes += 1;
      stop.abort();
      return Promise.resolve();
    };
    const config = plugin.config.parse({ ...light, pace: 0.001 });
    await plugin.open({ config, instrument: es, resume: null, signal: stop.signal, write });
    expect(writes).toBe(1);
  });

  it('has a default for every parameter', () => {
    expect(plugin.config.parse({})).toMatchObject({
      seed: 1,
      days: null,
      pace: 'max',
      tradesPerDay: 150_000,
      depth: true,
    });
    expect(plugin.config.safeParse({ pace: 0 }).success).toBe(false);
  });
});

describe('the pace', () => {
  it('waits as long as the next row is away, at least 5 ms and at most a second', () => {
    const pace = new Pace(2);
    const due = pace.dueAt(0, 1_000_000, 1_000_000);
    expect(due).toBe(1_000_001);
    expect(pace.waitMs(due, 1_200_000)).toBe(100);
    expect(pace.waitMs(due, 1_000_002)).toBe(5);
    expect(pace.waitMs(due, 90_000_000)).toBe(1_000);
    expect(pace.dueAt(100, 1_000_000, 1_200_000)).toBe(1_200_001);
  });

  it('does not wait at all when it is without limit', () => {
    expect(new Pace(Infinity).dueAt(5, 0, 7)).toBe(Infinity);
  });
});
