import { createRequire } from 'node:module';

import type { Broker } from './kafka-client.ts';

/** A transactional id as its coordinator knows it. */
export interface TransactionState {
  /** Kafka's name of the state, such as `Ongoing` or `CompleteAbort`. */
  readonly state: string;
  readonly producerEpoch: number;
}

interface Encoder {
  writeUVarIntArray(items: readonly Encoder[]): Encoder;
  writeUVarIntString(text: string): Encoder;
  writeUVarIntBytes(): Encoder;
}

interface Decoder {
  readTaggedFields(): void;
  readInt16(): number;
  readInt32(): number;
  readInt64(): { toString(): string };
  readUVarIntString(): string;
  readUVarIntArray<T>(read: (from: Decoder) => T): readonly T[];
}

/** A broker, and the connections it is asked through. */
interface Connected extends Broker {
  readonly versions: Readonly<Record<number, unknown>>;
  readonly connectionPool: {
    send<T>(protocol: {
      readonly request: {
        readonly apiKey: number;
        readonly apiVersion: number;
        readonly apiName: string;
        encode(): Promise<Encoder>;
      };
      readonly response: {
        decode(raw: Buffer): Promise<T>;
        parse(data: T): Promise<T>;
      };
    }): Promise<T>;
  };
}

const require = createRequire(import.meta.url);
const EncoderOfKafkajs = require('kafkajs/src/protocol/encoder') as new () => Encoder;
const DecoderOfKafkajs = require('kafkajs/src/protocol/decoder') as new (raw: Buffer) => Decoder;
const { failure, createErrorFromCode } = require('kafkajs/src/protocol/error') as {
  readonly failure: (code: number) => boolean;
  readonly createErrorFromCode: (code: number) => Error;
};

/** `DescribeTransactions`, which kafkajs does not know; brokers answer it since Kafka 3.0. */
const apiKey = 65;

interface Described extends TransactionState {
  readonly errorCode: number;
}

function encoded(transactionalId: string): Encoder {
  const ids = [new EncoderOfKafkajs().writeUVarIntString(transactionalId)];
  // Empty bytes are what an empty list of tagged fields looks like: those of the header, then those of the request.
  return new EncoderOfKafkajs().writeUVarIntBytes().writeUVarIntArray(ids).writeUVarIntBytes();
}

function decoded(raw: Buffer): Described | undefined {
  const decoder = new DecoderOfKafkajs(raw);
  decoder.readTaggedFields();
  decoder.readInt32();
  const [described] = decoder.readUVarIntArray((from): Described => {
    const errorCode = from.readInt16();
    from.readUVarIntString();
    const state = from.readUVarIntString();
    from.readInt32();
    from.readInt64();
    from.readInt64();
    return { errorCode, state, producerEpoch: from.readInt16() };
  });
  return described;
}

/**
 * Asks the coordinator of a transactional id who holds it; null when it is too old to say.
 *
 * @throws what kafkajs throws where the coordinator refuses or does not answer.
 */
export async function describeTransaction(
  broker: Broker,
  transactionalId: string,
): Promise<TransactionState | null> {
  const { connectionPool, versions } = broker as Connected;
  if (versions[apiKey] === undefined) return null;
  const described = await connectionPool.send<Described | undefined>({
    request: {
      apiKey,
      apiVersion: 0,
      apiName: 'DescribeTransactions',
      encode: async () => encoded(transactionalId),
    },
    response: {
      decode: async (raw) => decoded(raw),
      parse: async (data) => {
        if (data && failure(data.errorCode)) throw createErrorFromCode(data.errorCode);
        return data;
      },
    },
  });
  return described ?? null;
}
