import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseUtc } from '#engine';
import { runReplay } from './replay-fixture.ts';

const data = process.env['ORDERFLOW_DATA'] ?? '../shared/data';
const isPresent = existsSync(join(data, 'trades'));
if (!isPresent && process.env['CI'] === 'true')
  throw new Error(`ORDERFLOW_DATA '${data}' is absent and CI=true`);
if (!isPresent) console.warn(`skipped: replay of real files; set ORDERFLOW_DATA (was '${data}')`);

/** Reads a file the slow way: whole, by split and BigInt. */
function slowRows(path: string): string[][] {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n');
  return lines.slice(1).map((line) => line.split(','));
}

const micros = (ns: string): number => Number(BigInt(ns) / 1_000n);
const ticks = (price: string): number => Number(price) * 4;

describe.skipIf(!isPresent)('real files', () => {
  it('trades with sides and quotes equal a slow reading, the opening print is an auction', async () => {
    const file = join(data, 'trades/EShour_20231225T2300Z_ESH4_databento-mbo.csv.gz');
    const run = await runReplay({ files: [file] });
    expect(run.error).toBeNull();
    const trades = run.rows.filter((row) => row.startsWith('trade'));
    expect(trades).toEqual(
      slowRows(file).map(([ts, price, size, side], i) => {
        const number = { B: 1, S: -1, N: 0 }[side!];
        return `trade ${micros(ts!)} ${ticks(price!)} ${size} ${number} ${i === 0 ? 8 : 0}`;
      }),
    );
  });

  it('a day without sides equals a slow reading', async () => {
    const file = join(data, 'trades/ES_20130902_ESU13_tickdata.csv.gz');
    const run = await runReplay({ files: [file] });
    const wanted = slowRows(file).map(
      ([ts, price, size]) => `trade ${micros(ts!)} ${ticks(price!)} ${size} 0 0`,
    );
    // One comparison of two long texts: a list would be compared item by item.
    expect(run.rows.slice(0, -1).join('\n') === wanted.join('\n')).toBe(true);
    // Labor Day 2013: trading ends at 10:30 Chicago.
    expect(run.rows.at(-1)).toBe(`heartbeat ${parseUtc('2013-09-02T15:30:00Z')}`);
  });

  it('bars equal a slow reading', async () => {
    const file = join(data, 'minute/ES_1m_20130901_20130920_tickdata.csv.gz');
    const run = await runReplay({ files: [file] });
    const wanted = slowRows(file).map(([ts, ...fields]) => {
      const prices = fields.slice(0, 4).map((price) => ticks(price));
      return `bar ${micros(ts!) + 60_000_000} ${prices.join(' ')} ${fields[4]} NaN NaN ${ticks(fields[9]!)}`;
    });
    expect(run.error).toBeNull();
    expect(run.rows.slice(0, -1).join('\n') === wanted.join('\n')).toBe(true);
  });

  it('footprint volume equals that of the file, by price and side', async () => {
    const file = join(data, 'footprint/ES_20260421_RTH_1m_footprint.csv.gz');
    const run = await runReplay({ files: [file] });
    const volume = new Map<string, number>();
    const add = (key: string, size: number): void =>
      void volume.set(key, (volume.get(key) ?? 0) + size);
    for (const row of run.rows.slice(0, -1)) {
      const [, , price, size, side] = row.split(' ');
      add(`${price} ${side}`, Number(size));
    }
    for (const [, price, , bid, ask] of slowRows(file)) {
      add(`${ticks(price!)} -1`, -Number(bid));
      add(`${ticks(price!)} 1`, -Number(ask));
    }
    expect([...volume.values()].every((rest) => rest === 0)).toBe(true);
  });

  it('the book put together from its changes equals every row of the file', async () => {
    const file = join(data, 'depth/ES_20231225T2300Z_ESH4_mbp10.csv.gz');
    const run = await runReplay({ files: [file] });
    expect(run.error).toBeNull();
    const book = new Map<string, string>();
    const built = new Map<number, string>();
    for (const row of run.rows) {
      const [kind, ts, side, level, price, size] = row.split(' ');
      if (kind !== 'depth' || level === '-1') continue;
      book.set(`${side} ${level}`, `${price} ${size}`);
      const cells = Array.from({ length: 20 }, (_, i) =>
        book.get(`${i % 2 === 0 ? 1 : -1} ${i >> 1}`),
      );
      built.set(Number(ts), cells.join(' '));
    }
    // Of rows of one microsecond the last one stands; numbers of orders are no change.
    const wanted = new Map<number, string>();
    for (const [ts, ...cells] of slowRows(file)) {
      const levels = Array.from(
        { length: 20 },
        (_, i) => `${ticks(cells[i * 3]!)} ${cells[i * 3 + 1]}`,
      );
      wanted.set(micros(ts!), levels.join(' '));
    }
    let last = '';
    let wrong = 0;
    for (const [ts, levels] of wanted) {
      last = built.get(ts) ?? last;
      if (last !== levels) wrong += 1;
    }
    expect(wrong).toBe(0);
    expect(run.rows.filter((row) => row.startsWith('quote')).length).toBeLessThan(wanted.size);
  });

  it('trades come before the book they left behind, whatever the order of the files', async () => {
    const files = [
      join(data, 'depth/ES_20231225T2300Z_ESH4_mbp10.csv.gz'),
      join(data, 'trades/EShour_20231225T2300Z_ESH4_databento-mbo.csv.gz'),
    ];
    const one = await runReplay({ files });
    const other = await runReplay({ files: files.toReversed() });
    expect(one.error).toBeNull();
    expect(one.rows.join('\n') === other.rows.join('\n')).toBe(true);
    const depthAt = one.rows.findIndex((row) => row.startsWith('depth'));
    expect(one.rows.findIndex((row) => row.startsWith('trade'))).toBeLessThan(depthAt);
    const stamps = one.rows.map((row) => Number(row.split(' ')[1]));
    expect(stamps.every((ts, i) => i === 0 || ts >= stamps[i - 1]!)).toBe(true);
  });

  it('trade dates are merged from files in any order', async () => {
    const names = ['ES_20130905_ESU13_tickdata-partial', 'ES_20130902_ESU13_tickdata'];
    const run = await runReplay({
      files: names.map((name) => join(data, `trades/${name}.csv.gz`)),
    });
    expect(run.error).toBeNull();
    expect(run.rows).toHaveLength(55_799 + 60_906 + 1);
    const stamps = run.rows.map((row) => Number(row.split(' ')[1]));
    expect(stamps.every((ts, i) => i === 0 || ts >= stamps[i - 1]!)).toBe(true);
  });
});
