import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { parseUtc } from '#engine';
import { plugin } from './plugin.ts';
import { fileFolder, headers, runReplay } from './replay-fixture.ts';

const folder = fileFolder();
afterAll(() => folder.remove());

/** Wednesday 2025-11-19, 09:30 New York. */
const open = parseUtc('2025-11-19T14:30:00Z');
/** The close of that trading day, 17:00 New York. */
const close = parseUtc('2025-11-19T22:00:00Z') - open;
const { trades: tradeHeader, bars: barHeader, footprint: footprintHeader } = headers;

/** Epoch nanoseconds of so many microseconds after the open. */
const at = (micros: number): string => `${open + micros}789`;
const csv = (header: string, rows: readonly string[], end = '\n'): string =>
  [header, ...rows].join(end) + end;
const second = 1_000_000;
const minute = 60 * second;

describe('the replay source', () => {
  it('writes trades in the order of the file and a heartbeat at the close of the last trade date', async () => {
    const file = folder.file(
      'trades.csv',
      csv(tradeHeader, [
        `${at(0)},6700.25,8,N,,`,
        `${at(0)},6700.25,8,N,,`,
        `${at(5)},6700,1,B,,`,
        `${at(9)},6699.750,2,S,,`,
      ]),
    );
    const run = await runReplay({ files: [file] }, { epoch: open });
    expect(run.error).toBeNull();
    expect(run.rows).toEqual([
      'trade 0 26801 8 0 0',
      'trade 0 26801 8 0 0',
      'trade 5 26800 1 1 0',
      'trade 9 26799 2 -1 0',
      `heartbeat ${close}`,
    ]);
    expect(run.progress).toEqual([1]);
  });

  it('writes a quote before a trade when it changed, or when it would count as stale', async () => {
    const file = folder.file(
      'quotes.csv',
      csv(tradeHeader, [
        `${at(0)},100.25,44,N,109,85.5`,
        `${at(1)},100.25,1,B,100.00,100.25`,
        `${at(2)},100.25,1,B,100.00,100.25`,
        `${at(3)},100.25,1,N,,`,
        `${at(second)},100.00,2,S,100.00,100.25`,
        `${at(second + 1)},100.00,2,S,100.00,100.25`,
      ]),
    );
    const run = await runReplay({ files: [file] }, { epoch: open });
    expect(run.rows.slice(0, -1)).toEqual([
      'quote 0 436 0 342 0',
      'trade 0 401 44 0 8',
      'quote 1 400 0 401 0',
      'trade 1 401 1 1 0',
      'trade 2 401 1 1 0',
      'trade 3 401 1 0 0',
      'trade 1000000 400 2 -1 0',
      'quote 1000001 400 0 401 0',
      'trade 1000001 400 2 -1 0',
    ]);
  });

  it('writes a bar at its end, with NaN for what the file does not know', async () => {
    const file = folder.file(
      'bars.csv',
      csv(barHeader, [
        `${at(0)},100.0,101.0,99.5,100.25,30,10,20,10,7,100.125`,
        `${at(minute)},100.25,100.25,100.25,100.25,0,,,,,`,
        `${at(3 * minute)},100.25,100.5,100.25,100.5,7,,,,,`,
      ]),
    );
    const run = await runReplay({ files: [file] }, { epoch: open });
    expect(run.rows).toEqual([
      `bar ${minute} 400 404 398 401 30 10 20 400.5`,
      `bar ${2 * minute} 401 401 401 401 0 NaN NaN NaN`,
      `bar ${4 * minute} 401 402 401 402 7 NaN NaN NaN`,
      `heartbeat ${close}`,
    ]);
  });

  it('writes footprint rows as approximate trades just inside the end of their minute', async () => {
    const file = folder.file(
      'footprint.csv',
      csv(footprintHeader, [
        `${at(0)},100,10,6,4,-2`,
        `${at(0)},100.25,9,0,4,4`,
        `${at(minute)},100,1,0,1,1`,
      ]),
    );
    const run = await runReplay({ files: [file] }, { epoch: open });
    expect(run.rows.slice(0, -1)).toEqual([
      'trade 59999999 400 6 -1 4',
      'trade 59999999 400 4 1 4',
      'trade 59999999 401 4 1 4',
      'trade 59999999 401 5 0 4',
      'trade 119999999 400 1 1 4',
    ]);
  });

  it('reads prices on the grid of the instrument', async () => {
    const file = folder.file(
      'crude.csv',
      csv(tradeHeader, [`${at(0)},-37.63,1,S,,`, `${at(0)},70.1,1,S,,`]),
    );
    const run = await runReplay({ files: [file] }, { epoch: open, instrument: 'CL' });
    expect(run.rows.slice(0, -1)).toEqual(['trade 0 -3763 1 -1 0', 'trade 0 7010 1 -1 0']);
  });

  it('closes the session of a last bar that ends with it', async () => {
    const last = close - minute;
    const rows = [last - minute, last].map((start) => `${at(start)},100,100,100,100,1,,,,,`);
    const run = await runReplay(
      { files: [folder.file('last.csv', csv(barHeader, rows))] },
      { epoch: open },
    );
    expect(run.rows.slice(1)).toEqual([
      `bar ${close} 400 400 400 400 1 NaN NaN NaN`,
      `heartbeat ${close}`,
    ]);
  });

  it('tolerates a byte order mark, carriage returns, blank lines at the end and a last line without an end', async () => {
    const rows = [`${at(0)},100,1,N,,`, `${at(1)},100,2,N,,`];
    const plain = await runReplay({ files: [folder.file('plain.csv', csv(tradeHeader, rows))] });
    for (const content of [
      `\uFEFF${csv(tradeHeader, rows)}`,
      csv(tradeHeader, rows, '\r\n'),
      `${csv(tradeHeader, rows)}\n\r\n\n`,
      csv(tradeHeader, rows).trimEnd(),
    ]) {
      const run = await runReplay({ files: [folder.file('variant.csv', content)] });
      expect(run.error).toBeNull();
      expect(run.rows).toEqual(plain.rows);
    }
  });

  it('reads gzip by its content, several members and any name', async () => {
    const head = gzipSync(csv(tradeHeader, [`${at(0)},100,1,N,,`]));
    const tail = gzipSync(`${at(1)},100,2,N,,\n`);
    const run = await runReplay(
      { files: [folder.file('members.dat', Buffer.concat([head, tail]))] },
      { epoch: open },
    );
    expect(run.rows.slice(0, -1)).toEqual(['trade 0 400 1 0 0', 'trade 1 400 2 0 0']);
  });

  it('merges files by time, then by their order, then by row', async () => {
    const one = folder.file(
      'one.csv',
      csv(
        tradeHeader,
        [1, 3, 3, 8].map((t) => `${at(t)},100,1,N,,`),
      ),
    );
    const two = folder.file(
      'two.csv',
      csv(
        tradeHeader,
        [3, 4, 9].map((t) => `${at(t)},100,2,N,,`),
      ),
    );
    const three = folder.file('three.csv', csv(tradeHeader, [`${at(10)},100,3,N,,`]));
    const sizes = async (files: string[]): Promise<string[]> => {
      const run = await runReplay({ files }, { epoch: open });
      expect(run.error).toBeNull();
      return run.rows.slice(0, -1).map((row) => row.split(' ').slice(1, 4).join(':'));
    };
    const wanted = [
      '1:400:1',
      '3:400:1',
      '3:400:1',
      '3:400:2',
      '4:400:2',
      '8:400:1',
      '9:400:2',
      '10:400:3',
    ];
    expect(await sizes([one, two, three])).toEqual(wanted);
    const other = [
      '1:400:1',
      '3:400:2',
      '3:400:1',
      '3:400:1',
      '4:400:2',
      '8:400:1',
      '9:400:2',
      '10:400:3',
    ];
    expect(await sizes([three, two, one])).toEqual(other);
  });

  it('keeps a row whose time goes back in its place and counts it', async () => {
    const file = folder.file(
      'late.csv',
      csv(
        tradeHeader,
        [5, 2, 6].map((t) => `${at(t)},100,${t},N,,`),
      ),
    );
    const other = folder.file('other.csv', csv(tradeHeader, [`${at(4)},100,4,N,,`]));
    const run = await runReplay({ files: [file, other] }, { epoch: open });
    expect(run.rows.slice(0, -1).map((row) => row.split(' ')[3])).toEqual(['4', '5', '2', '6']);
    const position = JSON.parse(run.resumes.at(-1)!);
    expect(position).toEqual({
      done: true,
      files: [
        { file, rows: 3, at: open + 6, late: 1, first: open + 5, last: open + 6, end: true },
        { file: other, rows: 1, at: open + 4, late: 0, first: open + 4, last: open + 4, end: true },
      ],
    });
  });

  it('uses the rows of a range: whole trade dates, or instants with the end excluded', async () => {
    const evening = parseUtc('2025-11-18T23:00:00Z') - open;
    const eve = parseUtc('2025-11-18T21:59:59Z') - open;
    const times = [eve, evening, 0, 1, 2, close - 1, close + 2 * 60 * minute];
    const file = folder.file(
      'range.csv',
      csv(
        tradeHeader,
        times.map((t, i) => `${at(t)},100,${i + 1},N,,`),
      ),
    );
    const sizes = async (from?: string, to?: string): Promise<string> => {
      const run = await runReplay({ files: [file], from, to }, { epoch: open });
      expect(run.error).toBeNull();
      return run.rows
        .slice(0, -1)
        .map((row) => row.split(' ')[3])
        .join('');
    };
    expect(await sizes()).toBe('1234567');
    expect(await sizes('2025-11-19', '2025-11-19')).toBe('23456');
    expect(await sizes('2025-11-19T14:30:00.000001Z', '2025-11-19T14:30:00.000002Z')).toBe('4');
    expect(await sizes(undefined, '2025-11-18')).toBe('1');
    expect(await sizes('2025-11-20')).toBe('7');
  });

  it('fills batches of 512 rows and never parts a quote from its trade', async () => {
    const rows = Array.from({ length: 1_300 }, (_, i) => `${at(i)},100,1,N,,`);
    const plain = await runReplay({ files: [folder.file('many.csv', csv(tradeHeader, rows))] });
    expect(plain.batches).toEqual([512, 512, 277]);
    const quoted = Array.from(
      { length: 600 },
      (_, i) => `${at(i)},1000,1,N,${i === 3 ? ',' : `${1000 - i},${1001 + i}`}`,
    );
    const run = await runReplay({ files: [folder.file('quoted.csv', csv(tradeHeader, quoted))] });
    expect(run.batches).toEqual([511, 512, 177]);
    expect(run.rows[511]).toMatch(/^quote/);
  });

  it('declares a config that its own examples of use pass', () => {
    expect(plugin.config.parse({ files: ['a.csv'], from: '2025-11-19' })).toEqual({
      files: ['a.csv'],
      from: '2025-11-19',
    });
    expect(plugin.config.safeParse({ files: [] }).success).toBe(false);
  });
});
