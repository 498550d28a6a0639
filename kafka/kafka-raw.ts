// Requests of the protocol that kafkajs does not know, through its connections.
import { createRequire } from 'node:module';

import type { Broker } from './kafka-client.ts';

/** Writes a request; lists and texts with `UVar` are those of flexible versions. */
export interface Encoder {
  writeString(text: string): Encoder;
  writeArray(items: readonly (Encoder | number)[]): Encoder;
  writeUVarIntArray(items: readonly Encoder[]): Encoder;
  writeUVarIntString(text: string): Encoder;
  writeUVarIntBytes(): Encoder;
}

/** Reads an answer. */
export interface Decoder {
  readTaggedFields(): void;
  readBoolean(): boolean;
  readInt16(): number;
  readInt32(): number;
  readInt64(): { toString(): string };
  readString(): string;
  readArray<T>(read: (from: Decoder) => T): readonly T[];
  readUVarIntString(): string;
  readUVarIntArray<T>(read: (from: Decoder) => T): readonly T[];
}

/** A request and its answer. */
export interface RawRequest<T> {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly apiName: string;
  encode(): Encoder;
  decode(from: Decoder): T;
  /** The protocol's error in an answer; 0 for none. */
  errorOf(answer: T): number;
}

/** A broker, and the connections it is asked through. */
interface Connected extends Broker {
  readonly versions: Readonly<
    Record<number, { readonly minVersion: number; readonly maxVersion: number } | undefined>
  >;
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

/** Returns an empty piece of a request. */
export function newEncoder(): Encoder {
  return new EncoderOfKafkajs();
}

/**
 * Asks a broker; null when it does not know this version of the request.
 *
 * @throws what kafkajs throws where the broker refuses or does not answer.
 */
export async function askRaw<T>(broker: Broker, request: RawRequest<T>): Promise<T | null> {
  const { connectionPool, versions } = broker as Connected;
  const { apiKey, apiVersion, apiName } = request;
  const known = versions[apiKey];
  if (!known || apiVersion < known.minVersion || apiVersion > known.maxVersion) return null;
  return connectionPool.send<T>({
    request: { apiKey, apiVersion, apiName, encode: async () => request.encode() },
    response: {
      decode: async (raw) => request.decode(new DecoderOfKafkajs(raw)),
      parse: async (data) => {
        const code = request.errorOf(data);
        if (failure(code)) throw createErrorFromCode(code);
        return data;
      },
    },
  });
}
