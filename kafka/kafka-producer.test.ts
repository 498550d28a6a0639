import { expect, test } from 'vitest';

import { OrderflowError } from '#engine';

import { type Broker, failureOf } from './kafka-client.ts';
import type { TransactionState } from './kafka-owner.ts';
import { Producer } from './kafka-producer.ts';
import type { Wire } from './kafka-wire.ts';
import { codeOf } from './records.conformance.ts';

/** A cluster that keeps what it was asked and fails where a test says so. */
function cluster(
  fail: (request: string) => Error | null,
  holder: TransactionState | null = null,
): { wire: Wire; asked: string[] } {
  const asked: string[] = [];
  const answer = async (request: string, value: object): Promise<object> => {
    asked.push(request);
    const error = fail(request);
    if (error) throw error;
    return value;
  };
  const broker = {
    initProducerId: () => answer('init', { producerId: '1', producerEpoch: 0 }),
    addPartitionsToTxn: () => answer('add', {}),
    produceRecords: () =>
      answer('produce', {
        topics: [{ topicName: 'a', partitions: [{ partition: 0, baseOffset: '5' }] }],
      }),
    endTxn: (request: { readonly transactionResult: boolean }) =>
      answer(request.transactionResult ? 'commit' : 'abort', {}),
    // Brokers before Kafka 3.0 do not tell who holds an id.
    versions: holder ? { 65: { minVersion: 0, maxVersion: 0 } } : {},
    connectionPool: { send: async () => holder },
  } as unknown as Broker;
  const wire = {
    coordinator: (_id: string, ask: (to: Broker) => Promise<unknown>) => untilAnswered(broker, ask),
    leaders: async (places: unknown, ask: (to: Broker, own: unknown) => Promise<unknown>) => [
      await ask(broker, places),
    ],
  } as unknown as Wire;
  return { wire, asked };
}

/** Asks again as long as the connection is lost. */
async function untilAnswered(
  broker: Broker,
  ask: (to: Broker) => Promise<unknown>,
): Promise<unknown> {
  try {
    return await ask(broker);
  } catch (error) {
    if (failureOf(error) !== 'lost') throw error;
    return untilAnswered(broker, ask);
  }
}

const part = { topic: 'a', partition: 0, messages: [{ key: 'k', value: 'v', headers: {} }] };
const unreachable = (): Error =>
  new OrderflowError('OF_KAFKA_UNREACHABLE', { brokers: 'b', seconds: 1, cause: 'silence' });
const fenced = (): Error =>
  Object.assign(new Error('fenced'), {
    name: 'KafkaJSProtocolError',
    type: 'INVALID_PRODUCER_EPOCH',
  });

const lost = (): Error =>
  Object.assign(new Error('lost'), { name: 'KafkaJSConnectionClosedError' });

async function transact(
  fail: (request: string) => Error | null,
  holder: TransactionState | null = null,
) {
  const { wire, asked } = cluster(fail, holder);
  const producer = new Producer(wire, 'f.ES.0', 60_000);
  await producer.start();
  const code = await codeOf(producer.transact([part]));
  const again = await codeOf(producer.transact([part]));
  return { code, again, asked };
}

test('a commit that nobody answered is neither given up nor asked for a second time', async () => {
  const { code, again, asked } = await transact((r) => (r === 'commit' ? unreachable() : null));
  expect([code, again]).toEqual(['OF_KAFKA_UNSURE', 'OF_KAFKA_UNSURE']);
  expect(asked).toEqual(['init', 'add', 'produce', 'commit']);
});

test('no batch of a partition is sent before the one ahead of it was answered', async () => {
  const message = { key: 'k', value: 'v'.repeat(600_000), headers: {} };
  const { wire, asked } = cluster((r) => (r === 'produce' ? unreachable() : null));
  const producer = new Producer(wire, 'f.ES.0', 60_000);
  await producer.start();
  const long = { ...part, messages: [message, message, message] };
  expect(await codeOf(producer.transact([long]))).toBe('OF_KAFKA_UNREACHABLE');
  expect(asked).toEqual(['init', 'add', 'produce', 'abort']);
});

test('what fails before the commit is given up, and the producer is of no more use', async () => {
  const { code, again, asked } = await transact((r) => (r === 'produce' ? unreachable() : null));
  expect([code, again]).toEqual(['OF_KAFKA_UNREACHABLE', 'OF_KAFKA_UNREACHABLE']);
  expect(asked).toEqual(['init', 'add', 'produce', 'abort']);
});

test.each(['add', 'produce', 'commit'])(
  'one that was fenced at its %s gives nothing up',
  async (at) => {
    const { code, asked } = await transact((request) => (request === at ? fenced() : null));
    expect(code).toBe('OF_LOG_FENCED');
    expect(asked.at(-1)).toBe(at);
  },
);

const givenUp = { state: 'CompleteAbort', producerEpoch: 1 };
test.each([
  ['given up by the cluster', 'produce', givenUp, 'OF_LOG_EXPIRED'],
  ['given up before it was asked to commit', 'commit', givenUp, 'OF_LOG_EXPIRED'],
  // It was not open yet: somebody else came and has ended a transaction of its own.
  ['refused before it was open', 'add', givenUp, 'OF_LOG_FENCED'],
  ['taken by another', 'produce', { state: 'Empty', producerEpoch: 2 }, 'OF_LOG_FENCED'],
  ['taken by another that writes', 'commit', { ...givenUp, state: 'Ongoing' }, 'OF_LOG_FENCED'],
  ['given up, then taken', 'produce', { ...givenUp, producerEpoch: 2 }, 'OF_LOG_FENCED'],
])('a transaction that was %s says so', async (_, at, holder, expected) => {
  const { code, again } = await transact((r) => (r === at ? fenced() : null), holder);
  expect([code, again]).toEqual([expected, expected]);
});

test.each([
  ['another holder', { state: 'Empty', producerEpoch: 1 }, 'OF_LOG_FENCED'],
  [
    'another holder that has committed',
    { state: 'CompleteCommit', producerEpoch: 1 },
    'OF_LOG_FENCED',
  ],
  ['a later holder', { ...givenUp, producerEpoch: 2 }, 'OF_LOG_FENCED'],
  // Given up without its answer, or committed and the next holder's first transaction given up.
  ['nobody for sure', givenUp, 'OF_KAFKA_UNSURE'],
  ['this one still', { state: 'CompleteCommit', producerEpoch: 0 }, 'OF_KAFKA_UNSURE'],
  ['whom no broker tells', null, 'OF_KAFKA_UNSURE'],
])(
  'a commit whose answer was lost, then refused, with %s: %j is %s',
  async (_, holder, expected) => {
    const answers = [lost(), fenced()];
    const { code, again, asked } = await transact(
      (request) => (request === 'commit' ? (answers.shift() ?? null) : null),
      holder,
    );
    expect([code, again]).toEqual([expected, expected]);
    expect(asked).toEqual(['init', 'add', 'produce', 'commit', 'commit']);
  },
);

test('each message gets the offset that its batch was given', async () => {
  const { wire } = cluster(() => null);
  const producer = new Producer(wire, 'f.ES.0', 60_000);
  await producer.start();
  const messages = [...part.messages, ...part.messages, ...part.messages];
  expect(await producer.transact([{ ...part, messages }])).toEqual([[5, 6, 7]]);
});
