// The one door to kafkajs. Its public consumer has no way to read a partition without a group, and its public producer
// looks the coordinator up again for every step of a transaction; what lies under both does exactly what a log needs.
import { createRequire } from 'node:module';
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';

import type { SASLOptions } from 'kafkajs';

import { OrderflowError } from '#engine';

import { crc32c } from './crc32c.ts';
import { encodeProduce, type ProduceRequest, type ProducerIdentity } from './kafka-batch.ts';

/** One message as it was read, records of transactions that were aborted and marks of transactions among them. */
export interface RawMessage {
  readonly offset: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | undefined>>;
  readonly isControlRecord: boolean;
}

/** What a broker answers to a fetch of one partition. */
export interface FetchedPartition {
  readonly lastStableOffset: string;
  /** The oldest offset kept; kafkajs misspells it. */
  readonly lastStartOffset: string;
  readonly abortedTransactions: readonly unknown[];
  readonly messages: readonly RawMessage[];
}

interface TopicMetadata {
  readonly topic: string;
  readonly isInternal: boolean;
  readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[];
}

/** A setting of a topic, and who made it. */
export interface SettingEntry {
  readonly configName: string;
  readonly configValue: string | null;
  readonly configSource?: number;
}

/** A broker of the cluster, as far as the log speaks to it. */
export interface Broker {
  metadata(topics: readonly string[]): Promise<{
    readonly brokers: readonly { readonly nodeId: number }[];
    readonly topicMetadata: readonly TopicMetadata[];
  }>;
  fetch(request: {
    readonly isolationLevel: 1;
    readonly maxWaitTime: number;
    readonly minBytes: number;
    readonly maxBytes: number;
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly {
        readonly partition: number;
        readonly fetchOffset: string;
        readonly maxBytes: number;
      }[];
    }[];
  }): Promise<{
    readonly responses: readonly { readonly partitions: readonly FetchedPartition[] }[];
  }>;
  listOffsets(request: {
    readonly replicaId: -1;
    /** 0 counts transactions that are open. */
    readonly isolationLevel: 0 | 1;
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly timestamp: number }[];
    }[];
  }): Promise<{
    readonly responses: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
    }[];
  }>;
  /** Ours: see below. */
  produceRecords(request: ProduceRequest): Promise<{
    readonly topics: readonly {
      readonly topicName: string;
      readonly partitions: readonly { readonly partition: number; readonly baseOffset: string }[];
    }[];
  }>;
  findGroupCoordinator(request: {
    readonly groupId: string;
    readonly coordinatorType: 0 | 1;
  }): Promise<{ readonly coordinator: { readonly nodeId: number } }>;
  initProducerId(request: {
    readonly transactionalId?: string;
    readonly transactionTimeout: number;
  }): Promise<{ readonly producerId: unknown; readonly producerEpoch: number }>;
  addPartitionsToTxn(
    request: ProducerIdentity & {
      readonly topics: readonly {
        readonly topic: string;
        readonly partitions: readonly number[];
      }[];
    },
  ): Promise<unknown>;
  endTxn(request: ProducerIdentity & { readonly transactionResult: boolean }): Promise<unknown>;
  createTopics(request: {
    readonly topics: readonly {
      readonly topic: string;
      readonly numPartitions: number;
      readonly replicationFactor: number;
      readonly configEntries: readonly { readonly name: string; readonly value: string }[];
    }[];
    readonly timeout: number;
  }): Promise<unknown>;
  createPartitions(request: {
    readonly topicPartitions: readonly { readonly topic: string; readonly count: number }[];
    readonly timeout: number;
  }): Promise<unknown>;
  deleteTopics(request: {
    readonly topics: readonly string[];
    readonly timeout: number;
  }): Promise<unknown>;
  describeConfigs(request: {
    readonly resources: readonly {
      readonly type: 2;
      readonly name: string;
      readonly configNames: readonly string[];
    }[];
  }): Promise<{
    readonly resources: readonly {
      readonly resourceName: string;
      readonly configEntries: readonly SettingEntry[];
    }[];
  }>;
  alterConfigs(request: {
    readonly resources: readonly {
      readonly type: 2;
      readonly name: string;
      readonly configEntries: readonly { readonly name: string; readonly value: string }[];
    }[];
    readonly validateOnly: false;
  }): Promise<unknown>;
  deleteRecords(request: {
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
    }[];
  }): Promise<unknown>;
}

/** The connections to a cluster. */
export interface Cluster {
  readonly brokerPool: { findConnectedBroker(): Promise<Broker> };
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  findBroker(node: { readonly nodeId: number }): Promise<Broker>;
  findControllerBroker(): Promise<Broker>;
}

/** How a cluster is reached. */
export interface ClusterOptions {
  /** `host:port` of one broker or several. */
  readonly brokers: readonly string[];
  /** Names this program in the broker's logs and quotas. */
  readonly clientId: string;
  /** TLS: `true`, or certificates in PEM. */
  readonly ssl?: boolean | { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly sasl?: SASLOptions;
}

interface RequestQueue {
  pending: readonly unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: unknown;
  checkPendingRequests(): void;
}

interface SocketOptions {
  readonly host: string;
  readonly port: number;
  readonly ssl: object | null;
  readonly onConnect: () => void;
}

const require = createRequire(import.meta.url);
/** Puts a faster checksum in the place of the one that kafkajs brings; whoever loads it from now on gets ours. */
const checksumModule = require.resolve('kafkajs/src/protocol/recordBatch/crc32C');
require(checksumModule);
const loaded = require.cache[checksumModule];
if (loaded) loaded.exports = crc32c;
const ClusterOfKafkajs = require('kafkajs/src/cluster') as new (options: object) => Cluster;
const { createLogger } = require('kafkajs/src/loggers') as {
  readonly createLogger: (options: object) => unknown;
};
const filterAborted = require('kafkajs/src/consumer/filterAbortedMessages') as (fetched: {
  readonly messages: readonly RawMessage[];
  readonly abortedTransactions: readonly unknown[];
}) => readonly RawMessage[];
const requestQueueOfKafkajs = require('kafkajs/src/network/requestQueue') as {
  readonly prototype: RequestQueue;
};

interface ProduceProtocol {
  readonly request: object;
}
/** A broker inside. */
interface OpenBroker {
  readonly connectionPool: { send(protocol: ProduceProtocol): Promise<unknown> };
  lookupRequest(apiKey: number, versions: unknown): (request: object) => ProduceProtocol;
}
const brokerOfKafkajs = require('kafkajs/src/broker') as { readonly prototype: OpenBroker };
const { requests } = require('kafkajs/src/protocol/requests') as {
  readonly requests: { readonly Produce: unknown };
};
const produceKey = 0;

// Kafkajs makes a buffer of half a kilobyte and more for each part of each record; that was half of the time of a commit.
Object.assign(brokerOfKafkajs.prototype, {
  async produceRecords(this: OpenBroker, words: ProduceRequest): Promise<unknown> {
    const protocol = this.lookupRequest(produceKey, requests.Produce)({ ...words, topicData: [] });
    const encode = async (): Promise<object> => {
      const buffer = encodeProduce(words);
      return { buf: buffer, buffer };
    };
    return this.connectionPool.send({ ...protocol, request: { ...protocol.request, encode } });
  },
});

/** How long a broker may take for one answer before the connection counts as dead. */
const requestTimeoutMs = 8_000;
const connectionTimeoutMs = 3_000;
const recheckMs = 10;

// As published, a queue with nothing to do sets a timer of a negative time, which fires every millisecond for ever and
// costs 4 % of a core for each connection (tulios/kafkajs#1751). A timer is needed only while requests wait.
Object.assign(requestQueueOfKafkajs.prototype, {
  scheduleCheckPendingRequests(this: RequestQueue): void {
    if (this.throttleCheckTimeoutId || this.pending.length === 0) return;
    const waitMs = this.throttledUntil - Date.now();
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      waitMs > 0 ? waitMs : recheckMs,
    );
  },
});

/** Without delay: small requests that wait for more to send would take 40 ms each. */
function openSocket({ host, port, ssl, onConnect }: SocketOptions): unknown {
  const socket = ssl
    ? connectTls({ ...(isIP(host) ? {} : { servername: host }), ...ssl, host, port }, onConnect)
    : connectTcp({ host, port }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 30_000);
  return socket;
}

/** Makes the connections to a cluster; the first request opens them. What kafkajs would log comes as an error anyway. */
export function newCluster({ brokers, clientId, ssl, sasl }: ClusterOptions): Cluster {
  return new ClusterOfKafkajs({
    logger: createLogger({ level: 0, logCreator: () => () => {} }),
    // Trying again is for the log to decide, which knows what a failure means.
    retry: { retries: 0, initialRetryTime: 1 },
    socketFactory: openSocket,
    brokers,
    clientId,
    ssl: ssl ?? null,
    sasl: sasl ?? null,
    connectionTimeout: connectionTimeoutMs,
    authenticationTimeout: requestTimeoutMs,
    reauthenticationThreshold: 10_000,
    requestTimeout: requestTimeoutMs,
    enforceRequestTimeout: true,
    metadataMaxAge: 300_000,
    allowAutoTopicCreation: false,
    isolationLevel: 1,
  });
}

/** Returns what was committed of a fetched partition, from an offset on. */
export function committedOf(
  { messages, abortedTransactions }: FetchedPartition,
  from: number,
): readonly RawMessage[] {
  return filterAborted({ messages, abortedTransactions }).filter(
    (message) => !message.isControlRecord && Number(message.offset) >= from,
  );
}

interface KafkaError {
  readonly name: string;
  readonly message: string;
  readonly type?: string;
  readonly cause?: unknown;
}

/** What a failure asks for: another go after a moment, other connections first, or nothing more. */
export type Failure = 'again' | 'moved' | 'lost' | 'fenced' | 'refused';

const failures: Readonly<Record<string, Failure>> = {
  CONCURRENT_TRANSACTIONS: 'again',
  GROUP_LOAD_IN_PROGRESS: 'again',
  COORDINATOR_LOAD_IN_PROGRESS: 'again',
  REQUEST_TIMED_OUT: 'again',
  NOT_ENOUGH_REPLICAS: 'again',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'again',
  OFFSET_NOT_AVAILABLE: 'again',
  UNKNOWN_TOPIC_OR_PARTITION: 'moved',
  LEADER_NOT_AVAILABLE: 'moved',
  NOT_LEADER_FOR_PARTITION: 'moved',
  REPLICA_NOT_AVAILABLE: 'moved',
  GROUP_COORDINATOR_NOT_AVAILABLE: 'moved',
  NOT_COORDINATOR_FOR_GROUP: 'moved',
  COORDINATOR_NOT_AVAILABLE: 'moved',
  NOT_COORDINATOR: 'moved',
  NOT_CONTROLLER: 'moved',
  FENCED_LEADER_EPOCH: 'moved',
  UNKNOWN_LEADER_EPOCH: 'moved',
  KAFKA_STORAGE_ERROR: 'moved',
  NETWORK_EXCEPTION: 'lost',
  INVALID_PRODUCER_EPOCH: 'fenced',
  PRODUCER_FENCED: 'fenced',
};
const lostNames = [
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSLockTimeout',
  'KafkaJSTimeout',
];

/** Returns the error that kafkajs wrapped. */
function innermost(error: unknown): KafkaError {
  const { cause } = error as KafkaError;
  return cause instanceof Error ? innermost(cause) : (error as KafkaError);
}

/** Returns the type of the protocol's error, such as `OFFSET_OUT_OF_RANGE`; empty for any other error. */
export function errorType(error: unknown): string {
  return innermost(error).type ?? '';
}

/** Returns what a failure asks for. */
export function failureOf(error: unknown): Failure {
  const { name, type } = innermost(error);
  if (lostNames.includes(name)) return 'lost';
  return failures[type ?? ''] ?? 'refused';
}

/** Returns a failure in one line. */
export function failureText(error: unknown): string {
  const { message, type } = innermost(error);
  return type ? `${type} (${message})` : message;
}

/** Returns whether an error came out of kafkajs, and not out of a mistake of ours. */
export function isOfKafka(error: unknown): boolean {
  return !(error instanceof OrderflowError) && innermost(error).name.startsWith('KafkaJS');
}
