import { expect, test } from 'vitest';

import { type ErrorCode, isOrderflowError } from '../errors.ts';
import {
  decodeMarketBatch,
  MarketBatchBuilder,
  maxBatchRows,
  rowKind,
  unknownNumber,
} from './market-batch.ts';

const base = 1_763_562_600_000_000;

function refusal(act: () => unknown): { code: ErrorCode; message: string } {
  try {
    act();
  } catch (error) {
    if (isOrderflowError(error)) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('nothing was refused');
}

function oneOfEach(): Uint8Array {
  const builder = new MarketBatchBuilder('ES');
  builder.trade(base, 21_940, 3, -1, 8);
  builder.quote(base + 1, 21_939, 40, 21_940, 7);
  builder.depth(base + 2, 1, 4, 21_935, 250);
  builder.bar(base + 3, 21_940, 21_944, 21_930, 21_931, 1200, 700, 500, 21_936.25);
  builder.heartbeat(base + 4);
  return builder.finish();
}

test('each kind of row comes back in its columns', () => {
  const batch = decodeMarketBatch(oneOfEach());
  expect(batch.count).toBe(5);
  expect([...batch.ts]).toEqual([base, base + 1, base + 2, base + 3, base + 4]);
  expect([...batch.kind]).toEqual([
    rowKind.trade,
    rowKind.quote,
    rowKind.depth,
    rowKind.bar,
    rowKind.heartbeat,
  ]);
  expect([...batch.side]).toEqual([-1, 0, 1, 0, 0]);
  expect([...batch.flags]).toEqual([8, 0, 0, 0, 0]);
  expect([...batch.a]).toEqual([21_940, 21_939, 21_935, 21_940, 0]);
  expect([...batch.b]).toEqual([3, 40, 250, 21_944, 0]);
  expect([...batch.c]).toEqual([0, 21_940, 4, 21_930, 0]);
  expect([...batch.d]).toEqual([0, 7, 0, 21_931, 0]);
  expect([...batch.bars]).toEqual([1200, 700, 500, 21_936.25]);
});

test('the layout of version 1 does not move', () => {
  const builder = new MarketBatchBuilder();
  builder.trade(base + 5, -2, 1, 1, 0);
  builder.trade(base, 0x01020304, 2, -1, 0);
  const hex = Buffer.from(builder.finish()).toString('hex');
  expect(hex.match(/.{8}/g)).toEqual([
    '4f464d42',
    '01460100',
    '02000000',
    '05b37fd6',
    '00a83fa9',
    'cd0f1943',
    '05000000',
    '00000000',
    'feffffff',
    '04030201',
    '01000000',
    '02000000',
    '01ff0000',
  ]);
});

test('negative prices, as crude oil had on 2020-04-20, come back', () => {
  const builder = new MarketBatchBuilder('CL');
  builder.trade(base, -3763, 12, -1, 0);
  builder.quote(base, -3800, 1, -3750, 2);
  builder.bar(base, -3763, 10, -4032, -3763, 5, unknownNumber, unknownNumber, -3763.5);
  const { a, c, bars } = decodeMarketBatch(builder.finish());
  expect([...a]).toEqual([-3763, -3800, -3763]);
  expect([...c]).toEqual([0, -3750, -4032]);
  expect([...bars]).toEqual([5, NaN, NaN, -3763.5]);
});

test('rows out of time order keep their place and their time', () => {
  const builder = new MarketBatchBuilder();
  const times = [base, base - 7_200_000_000, base + 3, base - 1];
  for (const ts of times) builder.heartbeat(ts);
  expect(builder.lastTs).toBe(base - 1);
  expect([...decodeMarketBatch(builder.finish()).ts]).toEqual(times);
});

test.each([
  [2 ** 32 - 1, 'u32 deltas', 28 + 4],
  [2 ** 32, 'f64 times', 24 + 16],
])('two rows %i µs apart are stored as %s', (apart, _, bytes) => {
  const builder = new MarketBatchBuilder();
  builder.heartbeat(base);
  builder.heartbeat(base + apart);
  const encoded = builder.finish();
  expect(encoded.length).toBe(bytes);
  expect([...decodeMarketBatch(encoded).ts]).toEqual([base, base + apart]);
});

test('a full batch of trades takes 13 bytes a row and a header', () => {
  const builder = new MarketBatchBuilder();
  for (let i = 0; i < maxBatchRows; i += 1)
    builder.trade(base + i, 21_940 + (i % 5), 1 + (i % 3), i % 2 ? 1 : -1, 0);
  expect(builder.count).toBe(maxBatchRows);
  expect(() => builder.heartbeat(base)).toThrow('a full batch is finished before the next row');
  const bytes = builder.finish();
  expect(bytes.length).toBe(24 + 13 * maxBatchRows);
  expect(builder.count).toBe(0);
  expect(decodeMarketBatch(bytes).count).toBe(maxBatchRows);
});

test('an empty batch is a header', () => {
  const bytes = new MarketBatchBuilder().finish();
  expect(bytes.length).toBe(24);
  expect(decodeMarketBatch(bytes).count).toBe(0);
});

test.each<[string, (b: MarketBatchBuilder) => void, string]>([
  [
    'a price between two ticks',
    (b) => b.trade(base, 21_940.5, 1, 0, 0),
    "'price' expected an integer",
  ],
  [
    'a size beyond 32 bits',
    (b) => b.trade(base, 1, 2 ** 31, 0, 0),
    "'size' expected an integer from -2147483648",
  ],
  ['a missing ask', (b) => b.quote(base, 1, 1, Number.NaN, 1), "'ask' expected an integer"],
  [
    'a level that is no number',
    (b) => b.depth(base, 1, Number.NaN, 1, 1),
    "'level' expected an integer",
  ],
  ['a side of 2', (b) => b.depth(base, 2, 0, 1, 1), "'side' expected -1, 0 or 1, was 2"],
  [
    'flags of 256',
    (b) => b.trade(base, 1, 1, 0, 256),
    "'flags' expected an integer from 0 to 255, was 256",
  ],
  [
    'a time with a fraction',
    (b) => b.heartbeat(base + 0.5),
    "'ts' expected an integer of microseconds",
  ],
  [
    'an infinite volume',
    (b) => b.bar(base, 1, 1, 1, 1, Infinity, 0, 0, 1),
    "'volume' expected a finite number",
  ],
])('%s is refused and leaves the batch as it was', (_, act, words) => {
  const builder = new MarketBatchBuilder('ES');
  builder.heartbeat(base - 1);
  const { code, message } = refusal(() => act(builder));
  expect(code).toBe('OF_BATCH_RANGE');
  expect(message).toContain(`market batch of 'ES' row 1: ${words}`);
  expect(builder.lastTs).toBe(base - 1);
  expect(decodeMarketBatch(builder.finish())).toMatchObject({ count: 1, bars: new Float64Array() });
});

test('bytes that begin at any offset of a buffer decode alike', () => {
  const bytes = oneOfEach();
  for (let shift = 0; shift <= 8; shift += 1) {
    const shifted = new Uint8Array(bytes.length + shift).subarray(shift);
    shifted.set(bytes);
    expect(decodeMarketBatch(shifted)).toEqual(decodeMarketBatch(bytes));
  }
});

test.each<[string, (bytes: Uint8Array) => Uint8Array, ErrorCode]>([
  [
    'JSON in place of a batch',
    () => new TextEncoder().encode('{"some":"record of JSON"}'),
    'OF_BATCH_FORMAT',
  ],
  ['a header cut short', (bytes) => bytes.subarray(0, 23), 'OF_BATCH_LENGTH'],
  ['rows cut short', (bytes) => bytes.subarray(0, bytes.length - 4), 'OF_BATCH_LENGTH'],
  ['bytes left over', (bytes) => Uint8Array.from([...bytes, 0, 0, 0, 0]), 'OF_BATCH_LENGTH'],
  ['a newer layout', (bytes) => bytes.with(4, 2), 'OF_BATCH_VERSION'],
  ['more rows than a batch may hold', (bytes) => bytes.with(9, 3), 'OF_BATCH_FORMAT'],
  ['one bit flipped in a price', (bytes) => bytes.with(84, bytes[84]! ^ 1), 'OF_BATCH_CHECKSUM'],
])('%s is refused with a code', (_, damage, code) => {
  expect(refusal(() => decodeMarketBatch(damage(oneOfEach()))).code).toBe(code);
});

/** The checksum as kafka/RECORDS.md words it, for whoever reads batches elsewhere. */
function sumByTheBook(words: readonly number[]): number {
  const mix = (h: number, w: number): number => {
    const x = h ^ w;
    return Math.imul((x << 15) | (x >>> 17), 0x2c1b3c6d);
  };
  const lanes = [1, 2, 4, 5].map((i) => words[i] ?? 0);
  let at = 6;
  for (; words.length - at >= 4; at += 4)
    for (let lane = 0; lane < 4; lane += 1)
      lanes[lane] = mix(lanes[lane] ?? 0, words[at + lane] ?? 0);
  for (; at < words.length; at += 1) lanes[0] = mix(lanes[0] ?? 0, words[at] ?? 0);
  return lanes.slice(1).reduce(mix, lanes[0] ?? 0);
}

test('a reader that follows kafka/RECORDS.md finds what was written', () => {
  const bytes = oneOfEach();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ascii = String.fromCharCode(...bytes.subarray(0, 4));
  const columns = view.getUint8(5);
  const [rows, bars] = [view.getUint16(8, true), view.getUint16(10, true)];
  expect([ascii, view.getUint8(4), columns, rows, bars]).toEqual(['OFMB', 1, 254, 5, 1]);
  const words = Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(i * 4, true));
  expect(words[3]).toBe(sumByTheBook(words));
  expect(view.getFloat64(16, true)).toBe(base);
  let at = 24;
  const take = (width: number, read: (at: number) => number, count = rows): number[] => {
    const found = Array.from({ length: count }, (_, i) => read(at + i * width));
    at += width * count;
    return found;
  };
  const i32 = (of: number): number => view.getInt32(of, true);
  expect(take(8, (of) => view.getFloat64(of, true), 4 * bars)).toEqual([1200, 700, 500, 21_936.25]);
  expect(take(4, (of) => view.getUint32(of, true))).toEqual([0, 1, 2, 3, 4]);
  expect([take(4, i32), take(4, i32), take(4, i32), take(4, i32)]).toEqual([
    [21_940, 21_939, 21_935, 21_940, 0],
    [3, 40, 250, 21_944, 0],
    [0, 21_940, 4, 21_930, 0],
    [0, 7, 0, 21_931, 0],
  ]);
  expect(take(1, (of) => view.getUint8(of))).toEqual([1, 2, 3, 4, 5]);
  expect(take(1, (of) => view.getInt8(of))).toEqual([-1, 0, 1, 0, 0]);
  expect(take(1, (of) => view.getUint8(of))).toEqual([8, 0, 0, 0, 0]);
  expect(bytes.length).toBe(Math.ceil(at / 4) * 4);
});
