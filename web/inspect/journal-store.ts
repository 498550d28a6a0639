import type { JournalDay, JournalEntry } from '#engine/cli/desk.ts';
import type { Instrument } from '#engine/market/instrument.ts';
import { toDecimal } from '#engine/market/price.ts';
import { sessionAt } from '#engine/market/session.ts';
import { formatTradeDate } from '#engine/market/time.ts';
import type { RunningStore } from '#engine/runtime/store-port.ts';
import { askStore } from './ask-store.ts';

/** Records of one topic that a day shows, as of the log. */
const mostEntries = 400;

/** Where a day of the journal was read, and how far. */
export interface JournalSource {
  readonly from: 'log' | 'store';
  /** Folder or address of the store; null for the log. */
  readonly store: string | null;
  /** Topic of the flow's journal, and the offset after the newest record that was there. */
  readonly topic: string;
  readonly offset: number;
  /** Records of it that the log has and the store not yet. */
  readonly behind: number;
  /** Why it is the store, or why not although the log lacks the day; null where nothing is to be said. */
  readonly why: string | null;
}

/** A day and where it was read. */
export interface JournalReading {
  readonly day: JournalDay;
  readonly source: JournalSource;
}

/** What the store is asked about. */
export interface JournalSubject {
  readonly flow: string;
  readonly instrument: Instrument;
  /** The log is on other machines: of days that are over the store has the same, and is nearer. */
  readonly isRemote: boolean;
}

type Row = {
  readonly topic: string;
  readonly ts: number;
  readonly flow: string;
  readonly node: string;
  readonly port: string;
};

/** Why a day is read from the store; null where the log has it. */
function reasonOf(
  day: JournalDay,
  store: RunningStore | null,
  { isRemote }: JournalSubject,
): string | null {
  if (!day.isWhole)
    return day.logFrom === null ? 'the log is empty' : `the log begins with ${day.logFrom}`;
  const isLevel = store?.status.state === 'current';
  return isRemote && isLevel && !day.isToday ? 'the log is on other machines' : null;
}

function logged(day: JournalDay, why: string | null): JournalReading {
  const { topic, end } = day.journal;
  return { day, source: { from: 'log', store: null, topic, offset: end, behind: 0, why } };
}

/** Makes entries of the rows of one flow; of a topic with too many only the newest are kept, and `cut` names it. */
function entriesOf<R extends Row>(
  rows: readonly R[],
  flow: string,
  chapter: JournalEntry['chapter'],
  payloadOf: (row: R) => JournalEntry['payload'],
  cut: string[],
): JournalEntry[] {
  const byTopic = Map.groupBy(
    rows.filter((row) => row.flow === flow),
    ({ topic }) => topic,
  );
  return [...byTopic].flatMap(([topic, all]) => {
    if (all.length > mostEntries) cut.push(topic);
    return all.slice(-mostEntries).map((row) => {
      const { ts, node, port } = row;
      return { ts, node, port, chapter, payload: payloadOf(row) };
    });
  });
}

async function storedEntries(
  store: RunningStore,
  day: JournalDay,
  { flow, instrument }: JournalSubject,
): Promise<Pick<JournalDay, 'entries' | 'cut'>> {
  const on = { instrument: instrument.symbol, tradeDate: day.tradeDate };
  const within = { instrument: instrument.symbol, from: day.open, to: day.close + 1 };
  const cut: string[] = [];
  const price = (ticks: number | null | undefined): number | null =>
    typeof ticks === 'number' ? toDecimal(instrument, ticks) : null;
  // The newest first, of all flows: those of the day are among the first few.
  const until = { instrument: instrument.symbol, until: day.tradeDate };
  const scores = await askStore(store, 'hypothesisScores', until);
  const entries = [
    ...entriesOf(
      await askStore(store, 'hypothesisOf', on),
      flow,
      'plan',
      ({ version, reason, regime, bias, condition, record }) => {
        return { version, reason, regime, bias, condition, scenarios: record['scenarios'] };
      },
      cut,
    ),
    ...entriesOf(
      scores.filter(({ tradeDate }) => tradeDate === day.tradeDate),
      flow,
      'score',
      ({ version, realised, conditionHit, bias, biasHit }) => {
        return { version, realised, conditionHit, bias, biasHit };
      },
      cut,
    ),
    ...entriesOf(
      await askStore(store, 'expectationsOf', on),
      flow,
      'expectation',
      ({ expectation, side, status, failure, target, reason }) => {
        return { expectation, side, status, failure, target: price(target), reason };
      },
      cut,
    ),
    ...entriesOf(
      await askStore(store, 'signalsOf', on),
      flow,
      'signal',
      (row) => ({ side: row.side, price: price(row.price), reason: row.reason }),
      cut,
    ),
    ...entriesOf(
      await askStore(store, 'tradeIdeas', within),
      flow,
      'idea',
      ({ side, entry, reason }) => ({ side, entry: price(entry), reason }),
      cut,
    ),
    ...entriesOf(
      await askStore(store, 'outcomesOf', on),
      flow,
      'outcome',
      ({ setup, variant, side, result, triggeredAt, resultTicks, ...row }) => {
        const prices = { entry: price(row.entry), price: price(row.price) };
        return { setup, variant, side, result, triggeredAt, resultTicks, ...prices };
      },
      cut,
    ),
  ];
  return { entries: entries.sort((a, b) => a.ts - b.ts), cut };
}

/** The nearest days of which the log or the store has something. */
async function withNeighbours(
  store: RunningStore,
  day: JournalDay,
  { flow, instrument }: JournalSubject,
): Promise<JournalDay> {
  const about = { instrument: instrument.symbol, flow, from: day.open, to: day.close + 1 };
  const stored = await askStore(store, 'journalAround', about);
  const dateOf = (ts: number | null): string[] =>
    ts === null ? [] : [formatTradeDate(sessionAt(instrument.calendar, ts).tradeDate)];
  const [before = null] = [...dateOf(stored.before), day.before ?? []].flat().sort().reverse();
  const [after = null] = [...dateOf(stored.after), day.after ?? []].flat().sort();
  return { ...day, before, after };
}

async function fromStore(
  store: RunningStore,
  day: JournalDay,
  subject: JournalSubject,
  why: string,
): Promise<JournalReading> {
  const { topic, end } = day.journal;
  const stored = await storedEntries(store, day, subject);
  const offsets = await askStore(store, 'projectedTo', undefined);
  const { number } = subject.instrument;
  const offset = offsets.find((o) => o.topic === topic && o.partition === number)?.next ?? 0;
  const told = stored.entries.map(({ chapter }) => chapter);
  const chapters = [...new Set([...day.chapters, ...told])];
  return {
    day: { ...(await withNeighbours(store, day, subject)), ...stored, chapters },
    source: {
      ...{ from: 'store', store: store.name, topic, offset, why },
      behind: Math.max(0, end - offset),
    },
  };
}

/**
 * Returns a day of the journal from the store where the log lacks it or is far away, and says which of the two it is. A
 * store that cannot answer is told of, and the day is shown as the log has it.
 *
 * @param day - As the log has it.
 * @param store - Null in a run without one.
 */
export async function readJournal(
  day: JournalDay,
  store: RunningStore | null,
  subject: JournalSubject,
): Promise<JournalReading> {
  const why = reasonOf(day, store, subject);
  if (!store) return logged(day, why && `${why}, and this run has no store beside it`);
  try {
    if (why !== null) return await fromStore(store, day, subject, why);
    const isBetween = day.before !== null && (day.isToday || day.after !== null);
    return logged(isBetween ? day : await withNeighbours(store, day, subject), null);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return logged(day, why && `${why}, and the store cannot be asked: ${cause}`);
  }
}
