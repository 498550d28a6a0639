import { createRequire } from 'node:module';

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Message } from './kafka-batch.ts';
import { encodeProduce } from './kafka-batch.ts';

interface Encoded {
  readonly request: { encode(): Promise<{ readonly buffer: Buffer }> };
}
type Protocol = (words: object) => Encoded;
const { protocol } = createRequire(import.meta.url)('kafkajs/src/protocol/requests/produce') as {
  protocol: (of: { readonly version: number }) => Protocol;
};

const identity = { transactionalId: 'f.ES.0', producerId: '4711', producerEpoch: 3 };
const request = (messages: readonly Message[], firstSequence = 7) => ({
  ...identity,
  acks: -1 as const,
  timeout: 30_000,
  topicData: [
    { topic: 'market.data', partitions: [{ partition: 2, firstSequence, messages }] },
    { topic: 'täglich', partitions: [{ partition: 0, firstSequence: 0, messages }] },
  ],
});

const text = fc.string({ unit: 'grapheme', maxLength: 200 });
const message: fc.Arbitrary<Message> = fc.record({
  key: fc.option(text),
  value: fc.oneof(
    fc.option(text),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.integer({ min: 0, max: 40_000 }).map((length) => 'x'.repeat(length)),
  ),
  headers: fc.dictionary(fc.string({ minLength: 1, maxLength: 60 }), text, { maxKeys: 5 }),
});

/** Without the times at which batches were made, and the checksums that cover them. */
function timeless(bytes: Buffer): string {
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf('\0\0\0\0\0\0\0\0'); at >= 0; ) {
    const isBatch = copy[at + 16] === 2;
    if (isBatch) copy.fill(0, at + 17, at + 21).fill(0, at + 27, at + 43);
    at = copy.indexOf('\0\0\0\0\0\0\0\0', isBatch ? at + 61 : at + 1);
  }
  return copy.toString('hex');
}

test('what is written is, byte for byte, what kafkajs writes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 20 }), async (messages) => {
      const theirs = await protocol({ version: 7 })(request(messages)).request.encode();
      const ours = encodeProduce(request(messages));
      expect(timeless(ours)).toBe(timeless(theirs.buffer));
    }),
    { numRuns: 200 },
  );
});

test('a request of nobody in particular says so', () => {
  const { acks, timeout, topicData } = request([{ key: null, value: '{}', headers: {} }]);
  const bytes = encodeProduce({ acks, timeout, topicData });
  expect(bytes.readInt16BE(0)).toBe(-1);
  // Attributes without the mark of a transaction, and a producer that is none.
  const batch = bytes.indexOf('\0\0\0\0\0\0\0\0');
  expect(bytes.readInt16BE(batch + 21)).toBe(0);
  expect(bytes.readBigInt64BE(batch + 43)).toBe(-1n);
});
