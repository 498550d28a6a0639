/** Castagnoli's polynomial, its bits reversed: the checksum of Kafka's batches. */
const polynomial = 0x82_f6_3b_78;

/** Table `k` takes a byte that lies `k` bytes before the end of a step. */
const tables = Array.from({ length: 8 }, () => new Int32Array(256));
for (let byte = 0; byte < 256; byte += 1) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
  tables[0]![byte] = crc;
}
for (let k = 1; k < tables.length; k += 1) {
  const [before, own] = [tables[k - 1]!, tables[k]!];
  for (let byte = 0; byte < 256; byte += 1)
    own[byte] = (before[byte]! >>> 8) ^ tables[0]![before[byte]! & 255]!;
}
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];

/** Returns the CRC-32C of bytes, eight of them a step: one a step was a third of what writing to Kafka cost. */
export function crc32c(bytes: Uint8Array): number {
  const whole = bytes.length - 7;
  let crc = -1;
  let i = 0;
  for (; i < whole; i += 8) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    crc =
      t7[crc & 255]! ^
      t6[(crc >>> 8) & 255]! ^
      t5[(crc >>> 16) & 255]! ^
      t4[crc >>> 24]! ^
      t3[bytes[i + 4]!]! ^
      t2[bytes[i + 5]!]! ^
      t1[bytes[i + 6]!]! ^
      t0[bytes[i + 7]!]!;
  }
  for (; i < bytes.length; i += 1) crc = t0[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
