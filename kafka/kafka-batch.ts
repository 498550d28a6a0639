import { crc32c } from './crc32c.ts';

/** One message to write. */
export interface Message {
  readonly key: string | null;
  readonly value: Buffer | string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** A topic's partitions with their messages, of one producer. */
interface ProduceTopic {
  readonly topic: string;
  readonly partitions: readonly {
    readonly partition: number;
    readonly firstSequence: number;
    readonly messages: readonly Message[];
  }[];
}

/** Who writes: all of it is of the transactional id's last start. */
export interface ProducerIdentity {
  readonly transactionalId?: string;
  readonly producerId: unknown;
  readonly producerEpoch: number;
}

/** What is written in one request. */
export interface ProduceRequest extends Partial<ProducerIdentity> {
  readonly acks: -1;
  /** Milliseconds that the broker may take. */
  readonly timeout: number;
  readonly topicData: readonly ProduceTopic[];
}

const magic = 2;
const transactional = 16;
/** What key, headers and lengths of a record take, about. */
const recordBytes = 120;
const requestBytes = 4_096;
/** Shorter texts are written character by character: a call out of JavaScript costs more. */
const shortText = 48;

function sizeOfVarint(zigzag: number): number {
  let size = 1;
  for (let rest = zigzag >>> 7; rest !== 0; rest >>>= 7) size += 1;
  return size;
}

/** Bytes that grow as they are written. What kafkajs brings makes a buffer for each part of each record. */
class Bytes {
  at = 0;
  #buffer: Buffer;

  constructor(size: number) {
    this.#buffer = Buffer.allocUnsafe(size);
  }

  /** Returns what was written since a place. */
  since(place: number): Buffer {
    return this.#buffer.subarray(place, this.at);
  }

  /** Makes room for so many bytes more. */
  room(size: number): Buffer {
    if (this.at + size > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * this.#buffer.length, this.at + size));
      this.#buffer.copy(larger, 0, 0, this.at);
      this.#buffer = larger;
    }
    return this.#buffer;
  }

  int8(value: number): void {
    this.at = this.room(1).writeInt8(value, this.at);
  }

  int16(value: number): void {
    this.at = this.room(2).writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.at = this.room(4).writeInt32BE(value, this.at);
  }

  int64(value: bigint): void {
    this.at = this.room(8).writeBigInt64BE(value, this.at);
  }

  /** Text with its length before it; null has the length -1. */
  string(text: string | null): void {
    if (text === null) return this.int16(-1);
    const bytes = Buffer.from(text, 'utf8');
    this.int16(bytes.length);
    this.bytes(bytes);
  }

  bytes(bytes: Uint8Array): void {
    this.room(bytes.length).set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Leaves a number out that is known later; returns its place. */
  gap(): number {
    this.int32(0);
    return this.at - 4;
  }

  /** Writes a number that was left out. */
  fill(place: number, value: number): void {
    this.#buffer.writeInt32BE(value | 0, place);
  }

  varint(value: number): void {
    const buffer = this.room(5);
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    while (rest > 127) {
      buffer[this.at] = (rest & 127) | 128;
      this.at += 1;
      rest >>>= 7;
    }
    buffer[this.at] = rest;
    this.at += 1;
  }

  /** Text or bytes with their length before them as a varint. */
  field(value: string | Uint8Array | null): void {
    if (value === null) return this.varint(-1);
    if (typeof value === 'string') return this.text(value);
    this.varint(value.length);
    this.bytes(value);
  }

  text(text: string): void {
    if (text.length < shortText && this.#ascii(text)) return;
    const size = Buffer.byteLength(text, 'utf8');
    this.varint(size);
    const buffer = this.room(size);
    this.at += buffer.write(text, this.at, size, size === text.length ? 'latin1' : 'utf8');
  }

  /** Writes short text of single bytes; returns false, and has written nothing, when there are others in it. */
  #ascii(text: string): boolean {
    const { length } = text;
    const buffer = this.room(length + 1);
    let at = this.at;
    buffer[at] = length << 1;
    for (let i = 0; i < length; i += 1) {
      const code = text.charCodeAt(i);
      if (code > 127) return false;
      at += 1;
      buffer[at] = code;
    }
    this.at = at + 1;
    return true;
  }

  /** Lets `write` write, with the length of it before it as a varint. */
  measured(guess: number, write: () => void): void {
    const from = this.at;
    const room = sizeOfVarint(guess << 1);
    this.at = from + room;
    write();
    const length = this.at - from - room;
    const size = sizeOfVarint(length << 1);
    const buffer = this.room(size);
    if (size !== room) buffer.copyWithin(from + size, from + room, this.at);
    this.at = from;
    this.varint(length);
    this.at += length;
  }
}

/** Returns what a message takes in the log, about. */
export function sizeOf({ key, value }: Message): number {
  return (key?.length ?? 0) + (value?.length ?? 0) + recordBytes;
}

function writeRecord(to: Bytes, message: Message, offsetDelta: number): void {
  const { key, value, headers } = message;
  to.measured(sizeOf(message), () => {
    // Neither attributes nor time of its own: it has that of its batch.
    to.int8(0);
    to.varint(0);
    to.varint(offsetDelta);
    to.field(key);
    to.field(value);
    const names = Object.keys(headers);
    to.varint(names.length);
    for (const name of names) {
      to.text(name);
      to.text(headers[name] ?? '');
    }
  });
}

/** Who wrote a batch, and the number of its first record among all that this one has written to the partition. */
interface Author {
  readonly isTransactional: boolean;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly firstSequence: number;
}

function writeBatch(to: Bytes, messages: readonly Message[], author: Author): void {
  const now = BigInt(Date.now());
  to.int64(0n);
  const length = to.gap();
  const from = to.at;
  to.int32(0);
  to.int8(magic);
  const crc = to.gap();
  const covered = to.at;
  to.int16(author.isTransactional ? transactional : 0);
  to.int32(messages.length - 1);
  to.int64(now);
  to.int64(now);
  to.int64(author.producerId);
  to.int16(author.producerEpoch);
  to.int32(author.firstSequence);
  to.int32(messages.length);
  for (const [i, message] of messages.entries()) writeRecord(to, message, i);
  to.fill(length, to.at - from);
  to.fill(crc, crc32c(to.since(covered)));
}

/** Returns a request to write batches as the protocol has it since version 3, each partition's messages as one batch. */
export function encodeProduce(request: ProduceRequest): Buffer {
  const {
    transactionalId,
    acks,
    timeout,
    topicData,
    producerId = -1,
    producerEpoch = -1,
  } = request;
  const parts = topicData.flatMap(({ partitions }) => partitions);
  const size = parts.reduce(
    (sum, { messages }) => messages.reduce((n, m) => n + sizeOf(m), sum),
    0,
  );
  const to = new Bytes(requestBytes + size);
  to.string(transactionalId ?? null);
  to.int16(acks);
  to.int32(timeout);
  to.int32(topicData.length);
  for (const { topic, partitions } of topicData) {
    to.string(topic);
    to.int32(partitions.length);
    for (const { partition, firstSequence, messages } of partitions) {
      to.int32(partition);
      const length = to.gap();
      const from = to.at;
      writeBatch(to, messages, {
        isTransactional: transactionalId !== undefined,
        producerId: BigInt(String(producerId)),
        producerEpoch,
        firstSequence,
      });
      to.fill(length, to.at - from);
    }
  }
  return to.since(0);
}
