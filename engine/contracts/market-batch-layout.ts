// The bytes of a market batch, little-endian, version 1. Their layout is in kafka/RECORDS.md: other programs read them too.
import { assert, OrderflowError } from '../errors.ts';
import { checksum } from './checksum.ts';

/** Most rows of one batch. */
export const maxBatchRows = 512;
/** Numbers of a bar row beside its prices. */
export const barNumbers = 4;
/** Where the columns begin. */
export const headerBytes = 24;
const magic = 0x42_4d_46_4f;
const version = 1;
/** Bits of the columns, in the order of the layout. */
export const has = { wideTs: 1, a: 2, b: 4, c: 8, d: 16, kind: 32, side: 64, flags: 128 } as const;
/** Bytes a row takes in the columns present, ts included; of the columns below a bit, hence where that column begins. */
export const rowBytes = Uint8Array.from({ length: 256 }, (_, columns) =>
  [4, 4, 4, 4, 4, 1, 1, 1].reduce((sum, width, bit) => sum + ((columns >> bit) & 1) * width, 4),
);

assert(new Uint8Array(Uint16Array.of(1).buffer)[0] === 1, 'the host is little-endian');

/** Returns how many bytes a batch takes. */
export function sizeOf(count: number, bars: number, columns: number): number {
  return (headerBytes + bars * barNumbers * 8 + count * rowBytes[columns]! + 3) & ~3;
}

/** Returns the 4-byte words of bytes that begin at a multiple of 4. */
function wordsOf(bytes: Uint8Array): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
}

/** What the header says. */
export interface BatchHeader {
  /** {@link has}, ORed. */
  readonly columns: number;
  /** The kind of all rows; 0 when they differ. */
  readonly kind: number;
  readonly count: number;
  readonly bars: number;
  /** The smallest ts. */
  readonly base: number;
}

/** Writes the header before columns that are complete. */
export function seal(bytes: Uint8Array, { columns, kind, count, bars, base }: BatchHeader): void {
  const header = new DataView(bytes.buffer, bytes.byteOffset);
  header.setUint32(0, magic, true);
  header.setUint8(4, version);
  header.setUint8(5, columns);
  header.setUint8(6, kind);
  header.setUint16(8, count, true);
  header.setUint16(10, bars, true);
  header.setFloat64(16, base, true);
  header.setInt32(12, checksum(wordsOf(bytes)), true);
}

/**
 * Reads the header of bytes that begin at a multiple of 8, after it has checked all of them.
 *
 * @throws {OF_BATCH_FORMAT | OF_BATCH_VERSION | OF_BATCH_LENGTH | OF_BATCH_CHECKSUM} when they cannot be trusted.
 */
export function unseal(source: Uint8Array): BatchHeader {
  if (source.length < headerBytes) {
    throw new OrderflowError('OF_BATCH_LENGTH', {
      expected: `at least ${headerBytes}`,
      was: source.length,
    });
  }
  const words = wordsOf(source);
  if (words[0] !== magic) {
    const was = Array.from(source.subarray(0, 4), (x) => x.toString(16).padStart(2, '0')).join(' ');
    throw new OrderflowError('OF_BATCH_FORMAT', {
      fact: 'first bytes',
      expected: '4f 46 4d 42',
      was,
    });
  }
  if (source[4] !== version)
    throw new OrderflowError('OF_BATCH_VERSION', { expected: version, was: source[4]! });
  const columns = source[5]!;
  const count = source[8]! + source[9]! * 256;
  const bars = source[10]! + source[11]! * 256;
  if (count > maxBatchRows) {
    throw new OrderflowError('OF_BATCH_FORMAT', {
      fact: 'rows',
      expected: `at most ${maxBatchRows}`,
      was: count,
    });
  }
  const length = sizeOf(count, bars, columns);
  if (source.length !== length) {
    throw new OrderflowError('OF_BATCH_LENGTH', { expected: length, was: source.length });
  }
  const sum = checksum(words);
  if (sum !== words[3]) {
    throw new OrderflowError('OF_BATCH_CHECKSUM', { expected: words[3]! >>> 0, was: sum >>> 0 });
  }
  const base = new Float64Array(source.buffer, source.byteOffset + 16, 1)[0]!;
  return { columns, kind: source[6]!, count, bars, base };
}
