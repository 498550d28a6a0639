import type { JournalRecord } from '../contracts/journal.ts';
import { instruments } from '../market/instrument.ts';
import { chainHash, hashedPart } from '../runtime/journal.ts';
import type { Log } from '../runtime/ports.ts';

const mostRecords = 1_000;
const journalTopic = /\.journal$/;

/** The last macrosteps of one journal of a log. */
export interface ChainCheck {
  readonly topic: string;
  readonly instrument: string;
  /** Macrosteps that were looked at. */
  readonly count: number;
  /** The first macrostep that does not follow from the one before; null when all do. */
  readonly broken: number | null;
}

function firstBroken(records: readonly JournalRecord[]): number | null {
  for (const [i, record] of records.entries()) {
    const before = records[i - 1];
    if (!before) continue;
    const follows = record.seq === before.seq + 1;
    if (!follows || chainHash(before.hash, hashedPart(record)) !== record.hash) return record.seq;
  }
  return null;
}

/** Looks whether the last macrosteps of every journal of a log are chained by their hashes, without a gap. */
export async function checkChains(log: Log): Promise<readonly ChainCheck[]> {
  const checks: ChainCheck[] = [];
  const topics = (await log.topics()).filter((topic) => journalTopic.test(topic));
  for (const topic of topics) {
    for (const { symbol, number } of instruments) {
      const end = await log.end(topic, number);
      if (end === 0) continue;
      const stored = await log.read(topic, number, Math.max(0, end - mostRecords), mostRecords);
      const records = stored.map(({ value }) => JSON.parse(String(value)) as JournalRecord);
      const broken = firstBroken(records);
      checks.push({ topic, instrument: symbol, count: records.length, broken });
    }
  }
  return checks;
}
