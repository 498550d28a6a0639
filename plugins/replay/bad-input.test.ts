import { symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { isOrderflowError } from '#engine';
import { fileFolder, runReplay, type ReplayRun } from './replay-fixture.ts';
import type { ReplayConfig } from './source.ts';

const folder = fileFolder();
afterAll(() => folder.remove());

const trades = 'ts_ns,price,size,side,bid,ask';
const bars = 'ts_ns,open,high,low,close,volume,bid_vol,ask_vol,delta,trades,vwap';
const footprint = 'ts_ns,price,volume,bid_vol,ask_vol,delta';
/** 2025-11-19 09:30 New York, and one minute later. */
const t0 = '1763562600000000000';
const t1 = '1763562660000000000';
const good = `${t0},6700.25,8,N,,`;

/** Returns code and message of the error a run ends with. */
async function refusal(config: ReplayConfig, resume: string | null = null): Promise<ReplayRun & { said: string }> {
  const run = await runReplay(config, { resume });
  return { ...run, said: isOrderflowError(run.error) ? run.error.message : `no error: ${String(run.error)}` };
}

async function refusalOf(name: string, content: string | Uint8Array, config: Partial<ReplayConfig> = {}): Promise<string> {
  const { said } = await refusal({ files: [folder.file(name, content)], ...config });
  return said.replaceAll(/'?[^' ]*orderflow-replay-[^/]*\//g, (path) => (path.startsWith("'") ? "'" : ''));
}

describe('a row that cannot be read is refused with its place, what was expected and what it was', () => {
  const cases: readonly (readonly [name: string, header: string, row: string, said: string])[] = [
    ['off the grid', trades, `${t0},6700.30,8,N,,`, "OF_PRICE_OFF_GRID f.csv:3: price of 'ES' expected a multiple of 0.25, was 6700.30"],
    ['bid off the grid', trades, `${t0},6700.25,8,N,6700.1,6700.25`, 'OF_PRICE_OFF_GRID f.csv:3:'],
    ['price with a letter', trades, `${t0},6700.25x,8,N,,`, "OF_REPLAY_FIELD f.csv:3: 'price' expected nothing more in the field, was '6700.25x'"],
    ['price without a digit', trades, `${t0},,8,N,,`, "OF_REPLAY_FIELD f.csv:3: 'price' expected a decimal price"],
    ['price with an exponent', trades, `${t0},6.7e3,8,N,,`, "OF_REPLAY_FIELD f.csv:3: 'price' expected a decimal price, was '6.7e3'"],
    ['price with an open point', trades, `${t0},6700.,8,N,,`, "'price' expected digits after the decimal point, was '6700.'"],
    ['price NaN', trades, `${t0},NaN,8,N,,`, "'price' expected a decimal price"],
    ['price too long', trades, `${t0},6700.2500000000000,8,N,,`, "'price' expected a decimal price of at most 12 digits"],
    ['price too large', trades, `${t0},670000000000,8,N,,`, "'price' expected a price within 2147483647 ticks of zero"],
    ['size 0', trades, `${t0},6700.25,0,N,,`, "OF_REPLAY_FIELD f.csv:3: 'size' expected a whole number of contracts from 1 to 2147483647, was '0'"],
    ['size negative', trades, `${t0},6700.25,-3,N,,`, "'size' expected a whole number of contracts from 1 to 2147483647, was '-3'"],
    ['size not a number', trades, `${t0},6700.25,many,N,,`, "was 'many'"],
    ['size with a fraction', trades, `${t0},6700.25,1.5,N,,`, "'size' expected nothing more in the field, was '1.5'"],
    ['size too large', trades, `${t0},6700.25,2147483648,N,,`, "was '2147483648'"],
    ['unknown side', trades, `${t0},6700.25,1,X,,`, "'side' expected B (buyer was the aggressor), S (seller) or N (not known), was 'X'"],
    ['no side', trades, `${t0},6700.25,1,,,`, "'side' expected B"],
    ['a side of two letters', trades, `${t0},6700.25,1,BS,,`, "'side' expected nothing more in the field, was 'BS'"],
    ['one side of the book', trades, `${t0},6700.25,1,B,6700,`, "OF_REPLAY_ROW f.csv:3: row contradicts itself: expected bid and ask both or neither, was bid '6700', ask ''"],
    ['too few columns', trades, `${t0},6700.25,1,B`, `OF_REPLAY_COLUMNS f.csv:3: row expected 6 columns (${trades}), was 4`],
    ['too many columns', trades, `${t0},6700.25,1,B,,,7`, 'OF_REPLAY_COLUMNS f.csv:3: row expected 6 columns'],
    ['a decimal comma', trades, `${t0},6700,25,1,B,,`, 'OF_REPLAY_COLUMNS f.csv:3: row expected 6 columns'],
    ['time in microseconds', trades, '1763562600000000,6700.25,8,N,,', "'ts_ns' expected epoch nanoseconds of 19 digits (2001 to 2286), was '1763562600000000'"],
    ['time with 20 digits', trades, `${t0}0,6700.25,8,N,,`, "'ts_ns' expected nothing more in the field"],
    ['time as text', trades, '2025-11-19T14:30:00Z,6700.25,8,N,,', "'ts_ns' expected epoch nanoseconds"],
    ['time with a leading zero', trades, '0763562600000000000,6700.25,8,N,,', "'ts_ns' expected epoch nanoseconds"],
    ['binary', trades, '\u0000\u0001\u0002', 'OF_REPLAY_COLUMNS f.csv:3: row expected 6 columns'],
    ['high below low', bars, `${t1},6700,6699,6701,6700,5,,,,,`, "OF_REPLAY_ROW f.csv:3: row contradicts itself: expected high of at least low"],
    ['open outside', bars, `${t1},6703,6702,6699,6700,5,,,,,`, "expected open from low to high, was '6703' with high '6702', low '6699'"],
    ['close outside', bars, `${t1},6700,6702,6699,6698,5,,,,,`, 'expected close from low to high'],
    ['vwap outside', bars, `${t1},6700,6702,6699,6700,5,,,,,6698.9`, 'expected vwap from low to high'],
    ['vwap not a number', bars, `${t1},6700,6702,6699,6700,5,,,,,?`, "'vwap' expected a decimal number or nothing, was '?'"],
    ['negative volume', bars, `${t1},6700,6702,6699,6700,-5,,,,,`, "'volume' expected a whole number of contracts from 0"],
    ['more volume by side than in all', bars, `${t1},6700,6702,6699,6700,5,3,3,,,`, 'expected bid_vol + ask_vol of at most volume, was 3 + 3 in 5'],
    ['footprint without volume', footprint, `${t0},6700,0,0,0,0`, "'volume' expected a whole number of contracts from 1"],
    ['footprint with more by side', footprint, `${t0},6700,5,3,3,0`, 'expected bid_vol + ask_vol of at most volume'],
    ['footprint off the grid', footprint, `${t0},6700.1,5,3,2,0`, 'OF_PRICE_OFF_GRID'],
  ];
  const firstRows: Readonly<Record<string, string>> = {
    [trades]: good,
    [bars]: `${t0},6700,6702,6699,6700,5,2,3,1,4,6700.5`,
    [footprint]: `${t0},6700,5,3,2,-1`,
  };
  it.each(cases)('%s', async (_, header, row, said) => {
    const text = await refusalOf('f.csv', `${header}\n${firstRows[header]}\n${row}\n`, { barSeconds: 60 });
    expect(text).toContain(said);
  });

  it('keeps what was read before it', async () => {
    const file = folder.file('kept.csv', `${trades}\n${good}\n${good}\n${t0},1,0,N,,\n${good}\n`);
    const run = await refusal({ files: [file] });
    expect(run.said).toContain('OF_REPLAY_FIELD');
    expect(run.rows).toHaveLength(2);
    expect(JSON.parse(run.resumes[0]!)).toMatchObject({ done: false, files: [{ rows: 2, end: false }] });
  });

  it('counts a blank line inside as a row without columns', async () => {
    expect(await refusalOf('blank.csv', `${trades}\n${good}\n\n${good}\n`)).toContain(
      `OF_REPLAY_COLUMNS blank.csv:3: row expected 6 columns (${trades}), was none (a blank line before further rows)`,
    );
  });

  it('gives up on a line without end', async () => {
    const said = await refusalOf('endless.csv', `${trades}\n${good}\n${'7'.repeat(200_000)}`);
    expect(said).toContain('OF_REPLAY_COLUMNS endless.csv:3:');
    expect(said.length).toBeLessThan(400);
  });
});

describe('a file that cannot be replayed is refused before anything is written', () => {
  it('has a header that no format has', async () => {
    const said = await refusalOf('mbp10.csv', 'ts_ns,bid_px_00,bid_sz_00\n1,2,3\n');
    expect(said).toContain("OF_REPLAY_HEADER mbp10.csv:1: header expected 'ts_ns,price,size,side,bid,ask' or 'ts_ns,open");
    expect(said).toContain("was 'ts_ns,bid_px_00,bid_sz_00'");
  });

  it('has no header at all', async () => {
    expect(await refusalOf('bare.csv', `${good}\n`)).toContain(`OF_REPLAY_HEADER bare.csv:1: header expected 'ts_ns`);
  });

  it('is binary', async () => {
    const noise = Uint8Array.from({ length: 9_000 }, (_, i) => (i * 197 + 11) % 251);
    expect(await refusalOf('noise.bin', noise)).toContain('OF_REPLAY_HEADER noise.bin:1:');
    expect(await refusalOf('endless.bin', new Uint8Array(300_000).fill(65))).toContain('OF_REPLAY_HEADER endless.bin:1:');
  });

  it('is empty, or has a header only', async () => {
    expect(await refusalOf('empty.csv', '')).toContain('expected a header and at least one row, was 0 bytes');
    expect(await refusalOf('empty.csv.gz', gzipSync(''))).toContain('OF_REPLAY_FILE_EMPTY');
    const said = await refusalOf('header.csv', `${trades}\n\n`);
    expect(said).toContain("OF_REPLAY_FILE_EMPTY data file 'header.csv': expected a header and at least one row, was a header without rows");
    expect(await refusalOf('header.csv', trades)).toContain('a header without rows');
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
    const said = await refusalOf('one.csv', `${bars}\n${bar}\n${bar}\n`);
    expect(said).toContain('OF_REPLAY_BAR_LENGTH one.csv: length of a bar expected two different time stamps to tell it from, was one among the first 2 rows');
    const run = await runReplay({ files: [folder.file('one.csv', `${bars}\n${bar}\n`)], barSeconds: 60 });
    expect(run.error).toBeNull();
  });

  it('holds a bar that begins inside the one before', async () => {
    const row = (t: string): string => `${t},6700,6702,6699,6700,5,,,,,`;
    const text = `${bars}\n${row(t0)}\n${row(t1)}\n${row('1763562690000000000')}\n`;
    const said = await refusalOf('mixed.csv', text, { barSeconds: 60 });
    expect(said).toContain('OF_REPLAY_BAR_LENGTH mixed.csv:4: length of a bar expected 60 s, as the rows before it, was 30 s');
  });
});

describe('damaged gzip', () => {
  const text = `${trades}\n${Array.from({ length: 40_000 }, (_, i) => `17635626${10_000_000_000 + i * 7919},6700.25,${(i % 90) + 1},N,,`).join('\n')}\n`;
  const whole = gzipSync(text);

  it('replays what lies before the place where it was cut short, and no half row', async () => {
    const cut = await refusal({ files: [folder.file('cut.csv.gz', whole.subarray(0, Math.floor(whole.length / 2)))] });
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
    expect(await refusalOf('flipped.csv.gz', flipped)).toContain('OF_REPLAY_GZIP');
    expect(await refusalOf('trailer.csv.gz', whole.subarray(0, -8))).toContain('cut short');
    expect(await refusalOf('magic.csv.gz', whole.subarray(0, 5))).toContain('cut short after 5 bytes');
  });
});

describe('a range is refused', () => {
  const file = folder.file('range.csv', `${trades}\n${good}\n`);
  it('when it holds no time', async () => {
    const said = async (from: string, to: string): Promise<string> => (await refusal({ files: [file], from, to })).said;
    expect(await said('2025-11-20', '2025-11-19')).toContain("OF_REPLAY_RANGE replay range expected `from` before `to`, was from '2025-11-20' to '2025-11-19'");
    expect(await said('2025-11-19T14:30:00Z', '2025-11-19T14:30:00Z')).toContain('OF_REPLAY_RANGE ');
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
      (await refusal({ files: [file] }, JSON.stringify({ files: [{ ...position, ...change }], done: false }))).said;
    expect(await at({})).toContain('expected row 1 of time 1 µs, was time 1763562600000000 µs');
    expect(await at({ rows: 2 })).toContain('was only 1 rows');
    expect(await at({ at: 1_763_562_600_000_000 })).toBe('no error: null');
  });
});
