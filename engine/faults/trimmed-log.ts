import { OrderflowError } from '../errors.ts';
import type { FaultyLog } from './faulty-log.ts';

/** Returns a log as it is read after one of its topics lost the records below an offset. */
export function trimmedLog(log: FaultyLog, lost: string, first: number): FaultyLog {
  return Object.assign(Object.create(log) as FaultyLog, {
    read: async (topic: string, partition: number, from: number, limit: number) => {
      if (topic === lost && from < first)
        throw new OrderflowError('OF_LOG_TRIMMED', { topic, partition, from, first });
      return log.read(topic, partition, from, limit);
    },
  });
}
