import { createRequire } from 'node:module';

import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { crc32c } from './crc32c.ts';

const byByte = createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/crc32C/crc32C') as (
  bytes: Uint8Array,
) => number;

test('the check value of CRC-32C', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3_06_92_83);
  expect(crc32c(new Uint8Array())).toBe(0);
});

test('any bytes have the sum that one byte after the other gives', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(crc32c(bytes)).toBe(byByte(bytes));
    }),
  );
});
