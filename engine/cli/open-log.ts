import type { Log } from '../runtime/ports.ts';
import type { Arguments, Option } from './arguments.ts';
import { homeOf, logFolder } from './home.ts';
import type { Host } from './host.ts';

const kinds = ['local', 'kafka'] as const;

/** The option that chooses where the log is. */
export const logOption: Option = {
  name: 'log',
  value: 'KIND',
  summary: 'Where the log is: local, in the home folder, or kafka, at KAFKA_BROKERS',
};

/** Returns whether the log is on a Kafka cluster. */
export function isOnKafka(args: Arguments): boolean {
  return args.choice('log', kinds) === 'kafka';
}

/** Returns what messages call the log: its folder, or its cluster. */
export function logNameOf(host: Host, args: Arguments): string {
  if (!isOnKafka(args)) return logFolder(homeOf(host, args));
  return `Kafka at ${host.env['KAFKA_BROKERS'] ?? '127.0.0.1:9092'}`;
}

/**
 * Opens the log that the options name.
 *
 * @param access - Of a folder has one `owner`; on Kafka, tasks and sources have owners instead.
 */
export async function openLog(
  host: Host,
  args: Arguments,
  access: 'owner' | 'guest',
): Promise<Log> {
  if (isOnKafka(args)) return host.openKafkaLog();
  return host.openLocalLog(logFolder(homeOf(host, args)), access);
}

/** Opens the log that the options name beside whoever writes it; null when there is none. */
export async function openLogBeside(host: Host, args: Arguments): Promise<Log | null> {
  // Opening would make the folder.
  const isAbsent = !isOnKafka(args) && host.listFolder(logNameOf(host, args)).length === 0;
  return isAbsent ? null : openLog(host, args, 'guest');
}
