import type { Broker } from './kafka-client.ts';
import { askRaw, type Decoder, type Encoder, newEncoder } from './kafka-raw.ts';

/** A transactional id as its coordinator knows it. */
export interface TransactionState {
  /** Kafka's name of the state, such as `Ongoing` or `CompleteAbort`. */
  readonly state: string;
  readonly producerEpoch: number;
}

interface Described extends TransactionState {
  readonly errorCode: number;
}

function encoded(transactionalId: string): Encoder {
  const ids = [newEncoder().writeUVarIntString(transactionalId)];
  // Empty bytes are what an empty list of tagged fields looks like: those of the header, then those of the request.
  return newEncoder().writeUVarIntBytes().writeUVarIntArray(ids).writeUVarIntBytes();
}

function decoded(decoder: Decoder): Described | undefined {
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
 * Asks the coordinator of a transactional id who holds it; null when it is too old to say. Brokers answer since Kafka 3.0.
 *
 * @throws what kafkajs throws where the coordinator refuses or does not answer.
 */
export async function describeTransaction(
  broker: Broker,
  transactionalId: string,
): Promise<TransactionState | null> {
  const described = await askRaw<Described | undefined>(broker, {
    apiKey: 65,
    apiVersion: 0,
    apiName: 'DescribeTransactions',
    encode: () => encoded(transactionalId),
    decode: decoded,
    errorOf: (answer) => answer?.errorCode ?? 0,
  });
  return described ?? null;
}
