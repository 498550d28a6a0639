import { symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { fileFolder, headers, refusal, refusalOf, runReplay } from './replay-fixture.ts';

const folder = fileFolder();
afterAll(() => folder.remove());

const { trades, bars } = headers;
/** 2025-11-19 09:30 New York, and one minute later. */
const t0 = '1763562600000000000';
const t1 = '1763562660000000000';
const good = `${t0},6700.25,8,N,,`;

describe('a file that cannot be replayed is refused before anything is written', () => {
  it('has a header that no format has', async () => {
    const said = await refusalOf(folder, 'mbp10.csv', 'ts_ns,bid_px_00,bid_sz_00\n1,2,3\n');
    expect(said).toContain(
      "OF_REPLAY_HEADER mbp10.csv:1: header expected 'ts_ns,price,size,side,bid,ask' or 'ts_ns,open",
    );
    expect(said).toContain("was 'ts_ns,bid_px_00,bid_sz_00'");
  });

  it('has no header at all', async () => {
    expect(await refusalOf(folder, 'bare.csv', `${good}\n`)).toContain(
      `OF_REPLAY_HEADER bare.csv:1: header expected 'ts_ns`,
    );
  });

  it('is binary', async () => {
    const noise = Uint8Array.from({ length: 9_000 }, (_, i) => (i * 197 + 11) % 251);
    expect(await refusalOf(folder, 'noise.bin', noise)).toContain('OF_REPLAY_HEADER noise.bin:1:');
    expect(await refusalOf(folder, 'endless.bin', new Uint8Array(300_000).fill(65))).toContain(
      'OF_REPLAY_HEADER endless.bin:1:',
    );
  });

  it('is empty, or has a header only', async () => {
    expect(await refusalOf(folder, 'empty.csv', '')).toContain(
      'expected a header and at least one row, was 0 bytes',
    );
    expect(await refusalOf(folder, 'empty.csv.gz', gzipSync(''))).toContain('OF_REPLAY_FILE_EMPTY');
    const said = await refusalOf(folder, 'header.csv', `${trades}\n\n`);
    expect(said).toContain(
      "OF_REPLAY_FILE_EMPTY data file 'header.csv': expected a header and at least one row, was a header without rows",
    );
    expect(await refusalOf(folder, 'header.csv', trades)).toContain('a header without rows');
  });

  it('does not exist, or is a folder', async () => {
    const first = folder.file('first.csv', `${trades}\n${good}\n`);
    const missing = await refusal({ files: [first, join(dirname(first), 'missing.csv')] });
    expect(missing.said).toContain('OF_REPLAY_FILE_UNREADABLE');
    expect(missing.said).toContain('was no such file');
    expect(missing.rows).toEqual([]);
    expect((await refusal({ files: [dirname(first)] })).said).toContain('was a folder');
  });

  it('is given twice, also by another name', async () => {
    const first = folder.file('twice.csv', `${trades}\n${good}\n`);
    const link = join(dirname(first), 'link.csv');
    symlinkSync(first, link);
    expect((await refusal({ files: [first, link] })).said).toContain('OF_REPLAY_FILE_TWICE');
    expect((await refusal({ files: [first, first] })).said).toContain('expected each file once');
  });

  it('has bars of a length that cannot be told', async () => {
    const bar = `${t0},6700,6702,6699,6700,5,,,,,`;
    const said = await refusalOf(folder, 'one.csv', `${bars}\n${bar}\n${bar}\n`);
    expect(said).toContain(
      'OF_REPLAY_BAR_LENGTH one.csv: length of a bar expected two different time stamps to tell it from, was one among the first 2 rows',
    );
    const run = await runReplay({
      files: [folder.file('one.csv', `${bars}\n${bar}\n`)],
      barSeconds: 60,
    });
    expect(run.error).toBeNull();
  });

  it('holds a bar that begins inside the one before', async () => {
    const row = (t: string): string => `${t},6700,6702,6699,6700,5,,,,,`;
    const text = `${bars}\n${row(t0)}\n${row(t1)}\n${row('1763562690000000000')}\n`;
    const said = await refusalOf(folder, 'mixed.csv', text, { barSeconds: 60 });
    expect(said).toContain(
      'OF_REPLAY_BAR_LENGTH mixed.csv:4: length of a bar expected 60 s, as the rows before it, was 30 s',
    );
  });
});

describe('damaged gzip', () => {
  const text = `${trades}\n${Array.from({ length: 40_000 }, (_, i) => `17635626${10_000_000_000 + i * 7919},6700.25,${(i % 90) + 1},N,,`).join('\n')}\n`;
  const whole = gzipSync(text);

  it('replays what lies before the place where it was cut short, and no half row', async () => {
    const cut = await refusal({
      files: [folder.file('cut.csv.gz', whole.subarray(0, Math.floor(whole.length / 2)))],
    });
    expect(cut.said).toContain('OF_REPLAY_GZIP');
    expect(cut.said).toContain(`cut short after ${Math.floor(whole.length / 2)} bytes`);
    expect(cut.rows.length).toBeGreaterThan(10_000);
    const complete = await runReplay({ files: [folder.file('whole.csv.gz', whole)] });
    expect(complete.rows).toHaveLength(40_001);
    expect(complete.rows.slice(0, cut.rows.length)).toEqual(cut.rows);
  });

  it('is told from its checksum, and when only the trailer is missing', async () => {
    const flipped = Uint8Array.from(whole);
    flipped[whole.length - 6]! ^= 1;
    expect(await refusalOf(folder, 'flipped.csv.gz', flipped)).toContain('OF_REPLAY_GZIP');
    expect(await refusalOf(folder, 'trailer.csv.gz', whole.subarray(0, -8))).toContain('cut short');
    expect(await refusalOf(folder, 'magic.csv.gz', whole.subarray(0, 5))).toContain(
      'cut short after 5 bytes',
    );
  });
});

describe('a range is refused', () => {
  const file = folder.file('range.csv', `${trades}\n${good}\n`);
  it('when it holds no time', async () => {
    const said = async (from: string, to: string): Promise<string> =>
      (await refusal({ files: [file], from, to })).said;
    expect(await said('2025-11-20', '2025-11-19')).toContain(
      "OF_REPLAY_RANGE replay range expected `from` before `to`, was from '2025-11-20' to '2025-11-19'",
    );
    expect(await said('2025-11-19T14:30:00Z', '2025-11-19T14:30:00Z')).toContain(
      'OF_REPLAY_RANGE ',
    );
    expect(await said('yesterday', '2025-11-19')).toContain('OF_TIME_UNREADABLE');
    expect(await said('2025-02-30', '2025-11-19')).toContain('OF_TIME_UNREADABLE');
  });
  it('when no row lies in it', async () => {
    const { said, rows } = await refusal({ files: [file], from: '2025-11-20' });
    expect(said).toContain('OF_REPLAY_RANGE_EMPTY');
    expect(said).toContain('expected rows from 2025-11-20 to their end, was none');
    expect(rows).toEqual([]);
  });
});

describe('a resume text is refused', () => {
  const file = folder.file('resume.csv', `${trades}\n${good}\n`);
  it('when another program wrote it, or the file changed', async () => {
    for (const resume of ['seven', '7', '{}', '{"files":[{}],"done":false}']) {
      expect((await refusal({ files: [file] }, resume)).said).toContain('OF_REPLAY_RESUME');
    }
    const position = { file, rows: 1, at: 1, late: 0, first: null, last: null, end: false };
    const at = async (change: object): Promise<string> =>
      (
        await refusal(
          { files: [file] },
          JSON.stringify({ files: [{ ...position, ...change }], done: false }),
        )
      ).said;
    expect(await at({})).toContain('expected row 1 of time 1 µs, was time 1763562600000000 µs');
    expect(await at({ rows: 2 })).toContain('was only 1 rows');
    expect(await at({ at: 1_763_562_600_000_000 })).toBe('no error: null');
  });
});
