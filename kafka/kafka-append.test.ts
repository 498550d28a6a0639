import { expect, test } from 'vitest';

import { OrderflowError } from '#engine';
import type { NewRecord } from '#engine/runtime/ports.ts';

import { SourceWriter } from './kafka-append.ts';
import type { Broker } from './kafka-client.ts';
import type { Producer } from './kafka-producer.ts';
import type { KafkaTopics } from './kafka-topics.ts';
import type { Wire } from './kafka-wire.ts';
import type { RecordWriter } from './kafka-writer.ts';
import { codeOf } from './records.conformance.ts';

const record = (value: string): NewRecord => ({
  topic: 'market.data',
  key: 'ES',
  ts: 1,
  schema: 'x/1',
  value,
});

/** A writer on a cluster that holds no resume, whose transactions end as a test says. */
function writerOf(
  source: string | null,
  write: (producer: Producer, values: readonly unknown[]) => Promise<void>,
): SourceWriter {
  let epoch = -1;
  const broker = {
    initProducerId: async () => ({ producerId: '1', producerEpoch: (epoch += 1) }),
    listOffsets: async () => ({ responses: [] }),
  } as unknown as Broker;
  const wire = {
    coordinator: (_id: string, ask: (to: Broker) => Promise<unknown>) => ask(broker),
    leaders: async (places: unknown, ask: (to: Broker, own: unknown) => Promise<unknown>) => [
      await ask(broker, places),
    ],
  } as unknown as Wire;
  const topics = {
    ensure: async () => {},
    nameOf: (topic: string) => topic,
  } as unknown as KafkaTopics;
  const writer = {
    write: (producer: Producer, _partition: number, records: readonly NewRecord[]) =>
      write(
        producer,
        records.map(({ value }) => value),
      ),
  } as unknown as RecordWriter;
  return new SourceWriter({
    source,
    partition: 0,
    transactionalId: 'source.s.0',
    transactionMs: 60_000,
    wire,
    topics,
    writer,
  });
}

const unreachable = (): Error =>
  new OrderflowError('OF_KAFKA_UNREACHABLE', { brokers: 'b', seconds: 1, cause: 'silence' });

test('records without a source are written again once the cluster is back', async () => {
  const written: [number, readonly unknown[]][] = [];
  let isAway = true;
  const writer = writerOf(null, async (producer, values) => {
    // As a producer that has failed once.
    if (isAway || producer.epoch === 0) throw unreachable();
    written.push([producer.epoch, values]);
  });
  expect(await codeOf(writer.append([record('a')], null))).toBe('OF_KAFKA_UNREACHABLE');
  isAway = false;
  await writer.append([record('b')], null);
  expect(written).toEqual([[1, ['b']]]);
});

test('a source that failed writes nothing more until it was asked where it stands', async () => {
  const epochs: number[] = [];
  const writer = writerOf('s', async ({ epoch }) => {
    epochs.push(epoch);
    if (epoch === 0) throw unreachable();
  });
  await writer.resume();
  expect(await codeOf(writer.append([record('a')], '1'))).toBe('OF_KAFKA_UNREACHABLE');
  expect(await codeOf(writer.append([record('b')], '2'))).toBe('OF_KAFKA_UNREACHABLE');
  await writer.resume();
  await writer.append([record('a')], '1');
  expect(epochs).toEqual([0, 0, 1]);
});

test('what an earlier run of a source still wants to write is not written by the next one', async () => {
  const written: (readonly [number, readonly unknown[]])[] = [];
  let answer = (): void => {};
  const writer = writerOf('s', async (producer, values) => {
    if (producer.epoch > 0) return void written.push([producer.epoch, values]);
    await new Promise<void>((resolve) => (answer = resolve));
    throw unreachable();
  });
  await writer.resume();
  const first = codeOf(writer.append([record('a')], '1'));
  await new Promise((resolve) => setImmediate(resolve));
  const second = codeOf(writer.append([record('b')], '2'));
  const taking = writer.resume();
  await new Promise((resolve) => queueMicrotask(() => resolve(null)));
  const third = codeOf(writer.append([record('c')], '3'));
  await taking;
  answer();
  expect(await Promise.all([first, second, third])).toEqual([
    'OF_KAFKA_UNREACHABLE',
    'OF_LOG_FENCED',
    'OF_LOG_FENCED',
  ]);
  await writer.append([record('a')], '1');
  expect(written).toEqual([[1, ['a']]]);
});
