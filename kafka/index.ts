// The only door to the log's backends.
import type { Log } from '#engine/runtime/ports.ts';

import { type GroupHandlers, GroupMember, type GroupOptions } from './kafka-group.ts';
import { KafkaLog, type KafkaLogOptions } from './kafka-log.ts';
import { kafkaOptionsFrom } from './kafka-options.ts';
import { Wire } from './kafka-wire.ts';
import { type LocalLogOptions, LocalStore } from './local-log.ts';
import { MemoryStore } from './memory-log.ts';
import { StoreLog } from './store-log.ts';

export type { KafkaLog, KafkaLogOptions, LocalLogOptions };
export { kafkaOptionsFrom };

/** How late a command from a second process may be seen. */
const pollMs = 20;

/** Opens an empty log that lasts as long as the process: for tests, replay and backtests. */
export function openMemoryLog(): Log {
  return new StoreLog('memory', 'memory', new MemoryStore(), Infinity);
}

/**
 * Opens the log of a directory, and makes it the first time. A killed process loses nothing that resolved. A power cut
 * loses at most what sources appended since the last commit, with their `resume`; `fsync` moves that line.
 *
 * @throws {OF_LOG_LOCKED} when another process owns the directory.
 * @throws {OF_LOG_FOREIGN} when the directory holds a file of the log's name that is no log.
 * @throws {OF_LOG_VERSION} when a newer build made the log.
 * @throws {OF_LOG_CORRUPT} when the file is damaged.
 * @throws {OF_LOG_READ_ONLY} when this user cannot write there.
 * @throws {OF_LOG_IO} when the disk reports anything else.
 */
export function openLocalLog(options: LocalLogOptions): Log {
  return new StoreLog('local', options.directory, new LocalStore(options), pollMs);
}

/**
 * Opens the log of a Kafka cluster, and makes it the first time.
 *
 * @throws {OF_KAFKA_UNREACHABLE} when no broker answers.
 * @throws {OF_KAFKA_REFUSED} when the cluster refuses this program: wrong secret, missing right.
 * @throws {OF_KAFKA_OPTION} when the prefix is none.
 */
export function openKafkaLog(options: KafkaLogOptions): Promise<KafkaLog> {
  return KafkaLog.open(options);
}

/** Makes this process a member of a group of workers, as soon as it is run; topic and group have the log's prefix. */
export function joinKafkaGroup(
  options: KafkaLogOptions,
  of: GroupOptions,
  handlers: GroupHandlers,
): GroupMember {
  const { prefix = '' } = options;
  const named = { ...of, group: prefix + of.group, topic: prefix + of.topic };
  const prefixed: GroupHandlers = {
    assigned: (given, generation) => handlers.assigned(given, generation),
    released: () => handlers.released(),
    positions: () => handlers.positions().map((one) => ({ ...one, topic: prefix + one.topic })),
  };
  return new GroupMember(new Wire(options), named, prefixed);
}
