import { OrderflowError } from '../errors.ts';
import type { Log, StoredRecord } from '../runtime/ports.ts';
import type { Arguments } from './arguments.ts';
import type { Host } from './host.ts';
import { logNameOf, openLogBeside } from './open-log.ts';

const perRead = 512;

/**
 * Opens a log to look at it, beside whoever runs it.
 *
 * @throws {OF_LOG_ABSENT} when there is none.
 */
export async function openToLook(host: Host, args: Arguments): Promise<Log> {
  const log = await openLogBeside(host, args);
  if (!log) throw new OrderflowError('OF_LOG_ABSENT', { directory: logNameOf(host, args) });
  return log;
}

/** Reads a topic's partition from its oldest record to its end. */
export async function readWhole(
  log: Log,
  topic: string,
  partition: number,
): Promise<readonly StoredRecord[]> {
  const all: StoredRecord[] = [];
  for (let from = 0; ; ) {
    const records = await log.read(topic, partition, from, perRead);
    if (records.length === 0) return all;
    all.push(...records);
    from = (records.at(-1)?.offset ?? from) + 1;
  }
}
