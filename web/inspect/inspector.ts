import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveTask } from '#engine/cli/live-task.ts';
import { timeBound } from '#engine/cli/time-bounds.ts';
import type { JournalBook } from '#engine/inspect/journal-book.ts';
import { sessionAt } from '#engine/market/session.ts';
import type { Log } from '#engine/runtime/ports.ts';
import type { Task } from '#engine/runtime/task.ts';
import { readOn } from './machine-value.ts';

/** A page does not wait longer for the journal; it says how far it is read and asks again. */
const longestReadMs = 1_500;

/** What the inspector's pages are made from. */
export interface Inspector {
  readonly live: LiveTask;
  readonly log: Log;
  readonly task: Task;
  readonly book: JournalBook;
  /** How far the journal is read, while it is being read. */
  readonly reading: { readonly read: number; readonly all: number } | null;
}

/** A page that cannot be shown, with the status it is answered with. */
export class PageRefusal extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

/** Opens the journal of an instrument's task; null while that is not open. */
export async function openInspector(live: LiveTask | null): Promise<Inspector | null> {
  if (!live) return null;
  const { log, runner, book } = live;
  const late = new AbortController();
  const isRead = await Promise.race([
    readOn(book).then(() => true),
    sleep(longestReadMs, false, { signal: late.signal }).catch(() => false),
  ]);
  late.abort();
  return { live, log, task: runner.task, book, reading: isRead ? null : book.progress };
}

/**
 * Returns the macrostep an address asks for: `at` is its number, `time` a moment whose last macrostep it is. Null for now.
 *
 * @throws {PageRefusal} 400 for what is neither, 404 for a moment before the journal.
 */
export function momentAsked({ task, book }: Inspector, search: URLSearchParams): number | null {
  const [at, time] = [search.get('at'), search.get('time')];
  if (at !== null && at !== '') {
    if (/^\d{1,15}$/.test(at)) return Number(at);
    throw new PageRefusal(400, `'${at}' is no macrostep: at= takes its number, time= a time`);
  }
  if (time === null || time === '') return null;
  const ts = /^\d{15,17}$/.test(time) ? Number(time) : timeOf(task, book, time);
  if (ts === null)
    throw new PageRefusal(400, `'${time}' is no time: write 10:04, 10:04:30 or 2025-11-19 10:04`);
  const seq = book.seqAt(ts);
  if (seq === null) throw new PageRefusal(404, 'nothing had happened by then');
  return seq;
}

function timeOf({ instrument, graph }: Task, { last }: JournalBook, text: string): number | null {
  if (!last) return null;
  const { tradeDate } = sessionAt(instrument.calendar, last.ts);
  return timeBound(text, 'to', { zone: graph.zone, instrument, tradeDate });
}
