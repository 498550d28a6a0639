import { isOrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { TopicReader } from '../inspect/topic-reader.ts';
import type { Instrument } from '../market/instrument.ts';
import { nextSession, type SessionDay, sessionAt, sessionDay } from '../market/session.ts';
import { formatTradeDate, microsPerDay, parseTradeDate } from '../market/time.ts';
import { toEdge } from '../plugin/edge.ts';
import { contractId, type RecordPort } from '../plugin/port.ts';
import { flowTopics } from '../runtime/output.ts';
import type { Log } from '../runtime/ports.ts';
import type { JournalDay, JournalEntry } from './desk.ts';
import { isSignalPort } from './session-report.ts';

/** What of a flow belongs into the journal of a day. */
type Chapter = JournalEntry['chapter'];

const perRead = 512;
const halfDay = microsPerDay / 2;
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

/** Returns the trade date the log of a flow begins with: what was before is not in it, or not any more. */
async function logFrom(
  log: Log,
  { name }: FlowGraph,
  { calendar, number }: Instrument,
): Promise<string | null> {
  const first = await new TopicReader(log, flowTopics(name).journal, number).at(0);
  return first && formatTradeDate(sessionAt(calendar, first.ts).tradeDate);
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

/** The session before a day: between two sessions the calendar names the later one, so it is asked farther and farther back. */
function sessionBefore({ calendar }: Instrument, day: SessionDay): SessionDay {
  for (let ts = day.open - halfDay; ; ts -= halfDay) {
    const before = sessionAt(calendar, ts);
    if (before.tradeDate !== day.tradeDate) return before;
  }
}

/**
 * Returns what a flow planned, saw and proposed on a trade date, and how it ended, oldest first, prices as decimals; null
 * before the first record, and for what is no trade date.
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
  const { calendar } = instrument;
  const next = nextSession(calendar, day);
  return {
    tradeDate: formatTradeDate(day.tradeDate),
    before: formatTradeDate(sessionBefore(instrument, day).tradeDate),
    after: next.open <= now ? formatTradeDate(next.tradeDate) : null,
    isToday: now >= day.open && now < day.close,
    instrument: instrument.symbol,
    chapters: [...new Set(ports.map(({ chapter }) => chapter))],
    entries: entries.sort((a, b) => a.ts - b.ts),
    cut,
    logFrom: await logFrom(log, graph, instrument),
  };
}
