import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findInstrument } from '#engine';
import { CsvRows } from './csv-rows.ts';
import { RowBlock } from './row-block.ts';

const es = { ...findInstrument('ES'), pricesBelowZero: true };
const header = 'ts_ns,price,size,side,bid,ask';

/** Reads a text that arrives in pieces cut at the given places. */
function readPieces(
  text: string,
  cuts: readonly number[],
): { rows: number[][]; failure: string | null } {
  const bytes = new TextEncoder().encode(text);
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const rows: number[][] = [];
  const csv = new CsvRows('f.csv', es);
  const block = new RowBlock();
  let from = 0;
  const next = (): void => {
    if (from === bytes.length) return csv.end();
    const to = places.find((place) => place > from) ?? bytes.length;
    csv.push(bytes.slice(from, to));
    from = to;
  };
  do {
    csv.begin(block);
    while (!csv.parse(block)) next();
    for (let i = 0; i < block.count; i += 1) {
      rows.push([
        block.stamp[i]!,
        block.a[i]!,
        block.b[i]!,
        block.side[i]!,
        block.c[i]!,
        block.d[i]!,
      ]);
    }
  } while (block.count > 0);
  return { rows, failure: csv.failure?.message ?? null };
}

const row = fc.tuple(
  fc.bigInt({ min: 1_000_000_000_000_000_000n, max: 9_000_000_000_000_000_000n }),
  fc.integer({ min: -30_000, max: 30_000 }),
  fc.integer({ min: 1, max: 2_147_483_647 }),
  fc.constantFrom('B', 'S', 'N'),
  fc.option(fc.integer({ min: -99, max: 99 })),
);

it('reads the same rows whatever pieces the bytes come in, exactly as a slow reader does', () => {
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 30 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      fc.boolean(),
      (made, cuts, ended) => {
        const lines = made.map(([ts, tick, size, side, quote]) => {
          const bid = quote === null ? '' : String(quote / 4);
          return `${ts},${(tick / 4).toFixed(tick % 2 === 0 ? 3 : 2)},${size},${side},${bid},${bid}`;
        });
        const text = [header, ...lines].join('\n') + (ended ? '\n' : '');
        const { rows, failure } = readPieces(text, cuts);
        expect(failure).toBeNull();
        const none = -2_147_483_648;
        expect(rows).toEqual(
          made.map(([ts, tick, size, side, quote]) => [
            Number(ts / 1_000n),
            tick,
            size,
            { B: 1, S: -1, N: 0 }[side],
            quote ?? none,
            quote ?? none,
          ]),
        );
      },
    ),
    { numRuns: 300 },
  );
});

it('never reads a damaged file as other numbers: one changed byte changes its own field or is refused', () => {
  const line = '1763562600000000000,6700.25,8,B,6700.00,6700.25';
  const text = `${header}\n${line}\n${line}\n${line}\n`;
  const clean = readPieces(text, []).rows;
  const second = header.length + 1 + line.length + 1;
  fc.assert(
    fc.property(fc.nat({ max: line.length - 1 }), fc.integer({ min: 32, max: 126 }), (at, byte) => {
      const damaged =
        text.slice(0, second + at) + String.fromCharCode(byte) + text.slice(second + at + 1);
      const { rows, failure } = readPieces(damaged, []);
      if (failure !== null) {
        expect(rows).toEqual(clean.slice(0, 1));
        return;
      }
      const column = line.slice(0, at).split(',').length - 1;
      const changed = rows[1]!.flatMap((value, i) => (value === clean[1]![i] ? [] : [i]));
      // Block columns in the order of the file: stamp, price, size, side, bid, ask.
      expect(changed.every((i) => i === column)).toBe(true);
      expect([rows[0], rows[2]]).toEqual([clean[0], clean[2]]);
    }),
    { numRuns: 400 },
  );
});
