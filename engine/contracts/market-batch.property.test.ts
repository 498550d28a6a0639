import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { isOrderflowError } from '../errors.ts';
import { checksum } from './checksum.ts';
import { decodeMarketBatch, MarketBatchBuilder, rowKind } from './market-batch.ts';

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const barNumber = fc.oneof(
  fc.constant(Number.NaN),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const ts = fc.oneof(
  fc.integer({ min: 1_763_562_600_000_000, max: 1_763_562_600_900_000 }),
  fc.maxSafeInteger(),
);
const side = fc.constantFrom(-1, 0, 1);
const flags = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 }));

interface Row {
  readonly add: (builder: MarketBatchBuilder) => void;
  readonly row: readonly number[];
  readonly bar: readonly number[];
}

const row: fc.Arbitrary<Row> = fc.oneof(
  fc.tuple(ts, int32, int32, side, flags).map(([t, a, b, s, f]) => ({
    add: (to: MarketBatchBuilder) => to.trade(t, a, b, s, f),
    row: [t, rowKind.trade, s, f, a, b, 0, 0],
    bar: [],
  })),
  fc.tuple(ts, int32, int32, int32, int32).map(([t, a, b, c, d]) => ({
    add: (to: MarketBatchBuilder) => to.quote(t, a, b, c, d),
    row: [t, rowKind.quote, 0, 0, a, b, c, d],
    bar: [],
  })),
  fc.tuple(ts, side, int32, int32, int32).map(([t, s, c, a, b]) => ({
    add: (to: MarketBatchBuilder) => to.depth(t, s, c, a, b),
    row: [t, rowKind.depth, s, 0, a, b, c, 0],
    bar: [],
  })),
  fc
    .tuple(
      ts,
      fc.tuple(int32, int32, int32, int32),
      fc.tuple(barNumber, barNumber, barNumber, barNumber),
    )
    .map(([t, prices, numbers]) => ({
      add: (to: MarketBatchBuilder) => to.bar(t, ...prices, ...numbers),
      row: [t, rowKind.bar, 0, 0, ...prices],
      bar: numbers,
    })),
  ts.map((t) => ({
    add: (to: MarketBatchBuilder) => to.heartbeat(t),
    row: [t, rowKind.heartbeat, 0, 0, 0, 0, 0, 0],
    bar: [],
  })),
);
const anyKinds = fc.array(row, { maxLength: 40 });
const oneKind = fc
  .tuple(fc.integer({ min: 0, max: 4 }), fc.array(row, { maxLength: 120 }))
  .map(([kind, rows]) => rows.filter((x) => x.row[1] === kind + 1));
const rows = fc.oneof(anyKinds, oneKind);

function encode(from: readonly Row[]): Uint8Array {
  const builder = new MarketBatchBuilder();
  for (const { add } of from) add(builder);
  return builder.finish();
}

test('any rows come back as they were, and encode to the same bytes again', () => {
  const builder = new MarketBatchBuilder();
  fc.assert(
    fc.property(rows, (from) => {
      for (const { add } of from) add(builder);
      const bytes = builder.finish();
      const m = decodeMarketBatch(bytes);
      const back = Array.from({ length: m.count }, (_, i) =>
        [m.ts, m.kind, m.side, m.flags, m.a, m.b, m.c, m.d].map((column) => column[i]),
      );
      expect(back).toEqual(from.map((x) => x.row));
      expect([...m.bars]).toEqual(from.flatMap((x) => x.bar));
      expect(encode(from)).toEqual(bytes);
    }),
    { numRuns: 400 },
  );
});

test('damaged bytes are refused with a code, never read as other rows', () => {
  const damage = fc.oneof(
    fc
      .record({ at: fc.nat(), xor: fc.integer({ min: 1, max: 255 }) })
      .map(({ at, xor }) => (bytes: Uint8Array) => {
        const i = at % bytes.length;
        return bytes.with(i, bytes[i]! ^ xor);
      }),
    fc.nat().map((at) => (bytes: Uint8Array) => bytes.slice(0, at % bytes.length)),
    fc
      .uint8Array({ minLength: 1, maxLength: 64 })
      .map((more) => (bytes: Uint8Array) => Uint8Array.from([...bytes, ...more])),
  );
  fc.assert(
    fc.property(rows, damage, (from, spoil) => {
      const code = codeOf(() => decodeMarketBatch(spoil(encode(from))));
      expect(code).toMatch(/^OF_BATCH_/);
    }),
    { numRuns: 2000 },
  );
});

test('a header that lies under a right checksum never gives rows or bars that the bytes do not hold', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 5, max: 11 }), fc.nat(255), (from, at, value) => {
      const bytes = encode(from);
      bytes[at] = value;
      const words = new Int32Array(bytes.buffer);
      words[3] = checksum(words);
      const code = codeOf(() => {
        const m = decodeMarketBatch(bytes);
        expect(m.bars.length).toBe(4 * m.kind.filter((kind) => kind === rowKind.bar).length);
        for (const column of [m.ts, m.kind, m.side, m.flags, m.a, m.b, m.c, m.d])
          expect(column.length).toBe(m.count);
      });
      if (code !== '') expect(code).toMatch(/^OF_BATCH_/);
    }),
    { numRuns: 2000 },
  );
});

function codeOf(act: () => unknown): string {
  try {
    act();
    return '';
  } catch (error) {
    if (isOrderflowError(error)) return error.code;
    throw error;
  }
}
