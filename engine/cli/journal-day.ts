import { isOrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { TopicReader } from '../inspect/topic-reader.ts';
import type { Instrument } from '../market/instrument.ts';
import { type SessionDay, sessionAt, sessionDay } from '../market/session.ts';
import { formatTradeDate, parseTradeDate } from '../market/time.ts';
import { toEdge } from '../plugin/edge.ts';
import { contractId, type RecordPort } from '../plugin/port.ts';
import { flowTopics } from '../runtime/output.ts';
import type { Log, StoredRecord } from '../runtime/ports.ts';
import type { JournalDay, JournalEntry } from './desk.ts';
import { isSignalPort } from './session-report.ts';

/** What of a flow belongs into the journal of a day. */
type Chapter = JournalEntry['chapter'];

const perRead = 512;
/** Records of one topic that a day shows; the journal says so when there are more. */
const mostEntries = 400;

interface ChapterPort {
  readonly node: string;
  readonly port: string;
  readonly chapter: Chapter;
  readonly schema: RecordPort['schema'];
}

function chapterOf(spec: RecordPort, contract: string): Chapter | null {
  const { shape } = spec.schema;
  if (contract.startsWith('hypothesis/')) return 'plan';
  if (contract.startsWith('expectation/')) return 'expectation';
  if (contract.startsWith('trade-idea/')) return 'idea';
  if ('realised' in shape && 'conditionHit' in shape) return 'score';
  if ('result' in shape && 'triggeredAt' in shape) return 'outcome';
  return isSignalPort(spec) ? 'signal' : null;
}

function chapterPorts(graph: FlowGraph): ChapterPort[] {
  return graph.nodes.flatMap(({ id, plugin }) =>
    Object.entries(plugin.out).flatMap(([port, spec]) => {
      const chapter = chapterOf(spec, contractId(spec.schema, plugin.id, port));
      return chapter ? [{ node: id, port, chapter, schema: spec.schema }] : [];
    }),
  );
}

interface DayOfTopic {
  /** Oldest first. */
  readonly values: readonly string[];
  /** There are older ones that day, which are left out. */
  readonly cut: boolean;
}

/** Reads a topic backward over a stretch of time: times ascend, and the stretch is mostly the newest part. */
async function readDay(
  log: Log,
  topic: string,
  partition: number,
  { open, close }: SessionDay,
): Promise<DayOfTopic> {
  const newestFirst: string[] = [];
  const answer = (cut: boolean): DayOfTopic => ({ values: newestFirst.reverse(), cut });
  const reader = new TopicReader(log, topic, partition);
  let end = await reader.end();
  while (end > 0) {
    const from = Math.max(0, end - perRead);
    // Of a trimmed topic the page begins later, and reaches into the one before.
    const page = await reader.page(from, end - from);
    const records = page.filter(({ offset }) => offset < end);
    for (const record of records.toReversed()) {
      if (record.ts < open) return answer(false);
      if (record.ts > close) continue;
      if (newestFirst.length === mostEntries) return answer(true);
      newestFirst.push(String(record.value));
    }
    end = records.length === 0 ? 0 : from;
  }
  return answer(false);
}

/** What a flow's journal tells of the days around one. */
type Around = Pick<JournalDay, 'before' | 'after' | 'logFrom' | 'isWhole' | 'journal'>;

async function around(
  log: Log,
  topic: string,
  { calendar, number }: Instrument,
  day: SessionDay,
): Promise<Around> {
  const reader = new TopicReader(log, topic, number);
  const end = await reader.end();
  const dateOf = (record: StoredRecord | null | undefined): string | null =>
    record ? formatTradeDate(sessionAt(calendar, record.ts).tradeDate) : null;
  const first = await reader.at(0);
  const begins = await reader.offsetAt(day.open);
  // On Kafka marks of transactions take offsets, so the record before an offset is looked for in a stretch.
  const from = Math.max(0, begins - perRead);
  const earlier = (await reader.page(from, begins - from)).filter(({ offset }) => offset < begins);
  const next = await reader.at(await reader.offsetAt(day.close + 1));
  const logFrom = dateOf(first);
  const tradeDate = formatTradeDate(day.tradeDate);
  const isTrimmed = first !== null && first.offset > 0;
  return {
    before: dateOf(earlier.at(-1)),
    after: dateOf(next),
    logFrom,
    isWhole: logFrom !== null && (isTrimmed ? logFrom < tradeDate : logFrom <= tradeDate),
    journal: { topic, end },
  };
}

function dayOf(instrument: Instrument, date: string | null, now: number): SessionDay | null {
  if (date === null) return now === 0 ? null : sessionAt(instrument.calendar, now);
  try {
    return sessionDay(instrument.calendar, parseTradeDate(date));
  } catch (error) {
    if (isOrderflowError(error)) return null;
    throw error;
  }
}

/**
 * Returns what a flow planned, saw and proposed on a trade date, and how it ended, as the log has it, oldest first, prices
 * as decimals; null before the first record, and for what is no trade date.
 *
 * @param date - As `2025-11-19`; null for the day the market is in.
 */
export async function journalDay(
  log: Log,
  graph: FlowGraph,
  instrument: Instrument,
  date: string | null,
  now: number,
): Promise<JournalDay | null> {
  const day = dayOf(instrument, date, now);
  if (!day) return null;
  const topics = flowTopics(graph.name);
  const entries: JournalEntry[] = [];
  const cut: string[] = [];
  const ports = chapterPorts(graph);
  for (const { node, port, chapter, schema } of ports) {
    const topic = topics.port(node, port);
    const read = await readDay(log, topic, instrument.number, day);
    if (read.cut) cut.push(topic);
    for (const text of read.values) {
      const { ts, ...payload } = JSON.parse(text) as { readonly ts: number };
      entries.push({ ts, node, port, chapter, payload: toEdge(schema, payload, instrument) });
    }
  }
  return {
    tradeDate: formatTradeDate(day.tradeDate),
    open: day.open,
    close: day.close,
    isToday: now >= day.open && now < day.close,
    instrument: instrument.symbol,
    chapters: [...new Set(ports.map(({ chapter }) => chapter))],
    entries: entries.sort((a, b) => a.ts - b.ts),
    cut,
    ...(await around(log, topics.journal, instrument, day)),
  };
}
