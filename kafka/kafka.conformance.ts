import { randomUUID } from 'node:crypto';
import process from 'node:process';

import type { Log } from '#engine/runtime/ports.ts';

import { type KafkaLogOptions, openKafkaLog } from './index.ts';

/** Brokers to test against; null when the environment names none. */
export const testBrokers = brokersOf(process.env['TEST_KAFKA_BROKERS']);

function brokersOf(text: string | undefined): readonly string[] | null {
  if (text !== undefined && text !== '') return text.split(',');
  const said =
    'skipped: the Kafka log; TEST_KAFKA_BROKERS names no broker (npm run kafka starts one)';
  if (process.env['CI'] === 'true') throw new Error(`${said}, and CI skips nothing`);
  process.stderr.write(`${said}\n`);
  return null;
}

/** Returns how to open a log of its own on the brokers under test. */
export function freshOptions(): KafkaLogOptions {
  return {
    brokers: testBrokers ?? [],
    clientId: 'test',
    prefix: `t${randomUUID().slice(0, 8)}.`,
    partitions: 8,
  };
}

/** Deletes every topic of a log. */
export async function removeLog(options: KafkaLogOptions): Promise<void> {
  const log = await openKafkaLog(options);
  await log.discard();
  await log.close();
}

/** Makes a fresh log for one test. */
export async function makeKafkaLog(): Promise<{
  readonly log: Log;
  readonly reopen: () => Promise<Log>;
  readonly dispose: () => Promise<void>;
}> {
  const options = freshOptions();
  let log = await openKafkaLog(options);
  return {
    log,
    reopen: async () => {
      await log.close();
      log = await openKafkaLog(options);
      return log;
    },
    dispose: async () => {
      await log.close();
      await removeLog(options);
    },
  };
}
