import { afterAll, describe, expect, it } from 'vitest';
import { fileFolder, headers, refusal, refusalOf } from './replay-fixture.ts';

const folder = fileFolder();
afterAll(() => folder.remove());

const { trades, bars, footprint } = headers;
/** 2025-11-19 09:30 New York, and one minute later. */
const t0 = '1763562600000000000';
const t1 = '1763562660000000000';
const good = `${t0},6700.25,8,N,,`;

describe('a row that cannot be read is refused with its place, what was expected and what it was', () => {
  const cases: readonly (readonly [name: string, header: string, row: string, said: string])[] = [
    [
      'off the grid',
      trades,
      `${t0},6700.30,8,N,,`,
      "OF_PRICE_OFF_GRID f.csv:3: price of 'ES' expected a multiple of 0.25, was 6700.30",
    ],
    ['bid off the grid', trades, `${t0},6700.25,8,N,6700.1,6700.25`, 'OF_PRICE_OFF_GRID f.csv:3:'],
    [
      'price with a letter',
      trades,
      `${t0},6700.25x,8,N,,`,
      "OF_REPLAY_FIELD f.csv:3: 'price' expected nothing more in the field, was '6700.25x'",
    ],
    [
      'price without a digit',
      trades,
      `${t0},,8,N,,`,
      "OF_REPLAY_FIELD f.csv:3: 'price' expected a decimal price",
    ],
    [
      'price with an exponent',
      trades,
      `${t0},6.7e3,8,N,,`,
      "OF_REPLAY_FIELD f.csv:3: 'price' expected a decimal price, was '6.7e3'",
    ],
    [
      'price with an open point',
      trades,
      `${t0},6700.,8,N,,`,
      "'price' expected digits after the decimal point, was '6700.'",
    ],
    ['price NaN', trades, `${t0},NaN,8,N,,`, "'price' expected a decimal price"],
    [
      'price too long',
      trades,
      `${t0},6700.2500000000000,8,N,,`,
      "'price' expected a decimal price of at most 12 digits",
    ],
    [
      'price too large',
      trades,
      `${t0},670000000000,8,N,,`,
      "'price' expected a price within 2147483647 ticks of zero",
    ],
    [
      'size 0',
      trades,
      `${t0},6700.25,0,N,,`,
      "OF_REPLAY_FIELD f.csv:3: 'size' expected a whole number of contracts from 1 to 2147483647, was '0'",
    ],
    [
      'size negative',
      trades,
      `${t0},6700.25,-3,N,,`,
      "'size' expected a whole number of contracts from 1 to 2147483647, was '-3'",
    ],
    ['size not a number', trades, `${t0},6700.25,many,N,,`, "was 'many'"],
    [
      'size with a fraction',
      trades,
      `${t0},6700.25,1.5,N,,`,
      "'size' expected nothing more in the field, was '1.5'",
    ],
    ['size too large', trades, `${t0},6700.25,2147483648,N,,`, "was '2147483648'"],
    [
      'unknown side',
      trades,
      `${t0},6700.25,1,X,,`,
      "'side' expected B (buyer was the aggressor), S (seller) or N (not known), was 'X'",
    ],
    ['no side', trades, `${t0},6700.25,1,,,`, "'side' expected B"],
    [
      'a side of two letters',
      trades,
      `${t0},6700.25,1,BS,,`,
      "'side' expected nothing more in the field, was 'BS'",
    ],
    [
      'one side of the book',
      trades,
      `${t0},6700.25,1,B,6700,`,
      "OF_REPLAY_ROW f.csv:3: row contradicts itself: expected bid and ask both or neither, was bid '6700', ask ''",
    ],
    [
      'too few columns',
      trades,
      `${t0},6700.25,1,B`,
      `OF_REPLAY_COLUMNS f.csv:3: row expected 6 columns (${trades}), was 4`,
    ],
    [
      'too many columns',
      trades,
      `${t0},6700.25,1,B,,,7`,
      'OF_REPLAY_COLUMNS f.csv:3: row expected 6 columns',
    ],
    [
      'a decimal comma',
      trades,
      `${t0},6700,25,1,B,,`,
      'OF_REPLAY_COLUMNS f.csv:3: row expected 6 columns',
    ],
    [
      'time in microseconds',
      trades,
      '1763562600000000,6700.25,8,N,,',
      "'ts_ns' expected epoch nanoseconds of 19 digits (2001 to 2286), was '1763562600000000'",
    ],
    [
      'time with 20 digits',
      trades,
      `${t0}0,6700.25,8,N,,`,
      "'ts_ns' expected nothing more in the field",
    ],
    [
      'time as text',
      trades,
      '2025-11-19T14:30:00Z,6700.25,8,N,,',
      "'ts_ns' expected epoch nanoseconds",
    ],
    [
      'time with a leading zero',
      trades,
      '0763562600000000000,6700.25,8,N,,',
      "'ts_ns' expected epoch nanoseconds",
    ],
    ['binary', trades, '\u0000\u0001\u0002', 'OF_REPLAY_COLUMNS f.csv:3: row expected 6 columns'],
    [
      'high below low',
      bars,
      `${t1},6700,6699,6701,6700,5,,,,,`,
      'OF_REPLAY_ROW f.csv:3: row contradicts itself: expected high of at least low',
    ],
    [
      'open outside',
      bars,
      `${t1},6703,6702,6699,6700,5,,,,,`,
      "expected open from low to high, was '6703' with high '6702', low '6699'",
    ],
    ['close outside', bars, `${t1},6700,6702,6699,6698,5,,,,,`, 'expected close from low to high'],
    [
      'vwap outside',
      bars,
      `${t1},6700,6702,6699,6700,5,,,,,6698.9`,
      'expected vwap from low to high',
    ],
    [
      'vwap not a number',
      bars,
      `${t1},6700,6702,6699,6700,5,,,,,?`,
      "'vwap' expected a decimal number or nothing, was '?'",
    ],
    [
      'negative volume',
      bars,
      `${t1},6700,6702,6699,6700,-5,,,,,`,
      "'volume' expected a whole number of contracts from 0",
    ],
    [
      'more volume by side than in all',
      bars,
      `${t1},6700,6702,6699,6700,5,3,3,,,`,
      'expected bid_vol + ask_vol of at most volume, was 3 + 3 in 5',
    ],
    [
      'footprint without volume',
      footprint,
      `${t0},6700,0,0,0,0`,
      "'volume' expected a whole number of contracts from 1",
    ],
    [
      'footprint with more by side',
      footprint,
      `${t0},6700,5,3,3,0`,
      'expected bid_vol + ask_vol of at most volume',
    ],
    ['footprint off the grid', footprint, `${t0},6700.1,5,3,2,0`, 'OF_PRICE_OFF_GRID'],
  ];
  const firstRows: Readonly<Record<string, string>> = {
    [trades]: good,
    [bars]: `${t0},6700,6702,6699,6700,5,2,3,1,4,6700.5`,
    [footprint]: `${t0},6700,5,3,2,-1`,
  };
  it.each(cases)('%s', async (_, header, row, said) => {
    const text = await refusalOf(folder, 'f.csv', `${header}\n${firstRows[header]}\n${row}\n`, {
      barSeconds: 60,
    });
    expect(text).toContain(said);
  });

  it('keeps what was read before it', async () => {
    const file = folder.file('kept.csv', `${trades}\n${good}\n${good}\n${t0},1,0,N,,\n${good}\n`);
    const run = await refusal({ files: [file] });
    expect(run.said).toContain('OF_REPLAY_FIELD');
    expect(run.rows).toHaveLength(2);
    expect(JSON.parse(run.resumes[0]!)).toMatchObject({
      done: false,
      files: [{ rows: 2, end: false }],
    });
  });

  it('counts a blank line inside as a row without columns', async () => {
    expect(await refusalOf(folder, 'blank.csv', `${trades}\n${good}\n\n${good}\n`)).toContain(
      `OF_REPLAY_COLUMNS blank.csv:3: row expected 6 columns (${trades}), was none (a blank line before further rows)`,
    );
  });

  it('gives up on a line without end', async () => {
    const said = await refusalOf(
      folder,
      'endless.csv',
      `${trades}\n${good}\n${'7'.repeat(200_000)}`,
    );
    expect(said).toContain('OF_REPLAY_COLUMNS endless.csv:3:');
    expect(said.length).toBeLessThan(400);
  });
});
