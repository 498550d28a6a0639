import type { FlowGraph } from '#engine/flow/graph.ts';
import type { JournalBook, Step } from '#engine/inspect/journal-book.ts';
import type { LogRow, LogView } from '../live/inspect.ts';
import { timerWords } from './timer-words.ts';

/** What of a log is wanted. */
export interface LogQuery {
  /** Null for all machines. */
  readonly node: string | null;
  /** Last macrostep to show. */
  readonly until: number;
  readonly only: 'transitions' | 'all';
  /** Part of an event's, a state's or a transition's name. */
  readonly filter: string;
}

const mostRows = 150;
const mostLooked = 50_000;

/** Says where an event of a machine came from, as the flow is wired. */
function causeOf(graph: FlowGraph, { node, event }: Step): LogRow['cause'] {
  if (event === '@init') return { kind: 'start', node, text: 'the run began' };
  if (event.startsWith('xstate.after.')) return { kind: 'timer', node, text: 'its own timer' };
  const origin = graph.nodes
    .find(({ id }) => id === node)
    ?.wires.find(({ port }) => port === event)?.origin;
  if (!origin) return { kind: 'sensor', node, text: 'its own sensor' };
  if (origin.kind === 'node')
    return { kind: 'port', node: origin.node, text: `${origin.node}.${origin.port}` };
  if (origin.kind === 'topic') return { kind: 'other', node, text: `topic ${origin.topic}` };
  if (origin.kind === 'schedule') return { kind: 'other', node, text: `the clock, ${origin.at}` };
  return { kind: 'other', node, text: 'the market' };
}

function isAlike(a: LogRow, b: Step): boolean {
  return (
    a.node === b.node &&
    a.event === timerWords(b.event) &&
    a.from === a.to &&
    b.from === b.to &&
    a.to === b.to &&
    a.isBlocked === b.isBlocked &&
    a.taken.join() === b.taken.join()
  );
}

function matches({ node, event, from, to, taken }: Step, filter: string): boolean {
  if (filter === '') return true;
  const needle = filter.toLowerCase();
  return [node, event, from, to, ...taken].some((text) => text.toLowerCase().includes(needle));
}

/** Returns the place of the first step after a macrostep. */
export function placeAfter(steps: readonly Step[], seq: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle]?.seq ?? 0) <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds a macrostep to the lines; false when there is no room for another. */
function addLine(rows: LogRow[], step: Step, graph: FlowGraph): boolean {
  const last = rows.at(-1);
  if (last && isAlike(last, step)) {
    rows[rows.length - 1] = { ...last, count: last.count + 1, since: step.ts };
    return true;
  }
  if (rows.length === mostRows) return false;
  const event = timerWords(step.event);
  rows.push({ ...step, event, count: 1, since: step.ts, cause: causeOf(graph, step) });
  return true;
}

/** Returns lines of the log up to a macrostep, newest first; macrosteps alike in a row are one line with their number. */
export function logView(book: JournalBook, graph: FlowGraph, query: LogQuery): LogView {
  const { node, until, only, filter } = query;
  const steps = book.stepsOf(node);
  const newest = placeAfter(steps, until) - 1;
  const rows: LogRow[] = [];
  let hidden = 0;
  let looked = 0;
  for (; looked <= newest && looked < mostLooked; looked += 1) {
    const step = steps[newest - looked];
    if (!step) break;
    const isWanted = (only === 'all' || step.from !== step.to) && matches(step, filter);
    if (!isWanted) hidden += 1;
    else if (!addLine(rows, step, graph)) break;
  }
  return { rows, looked, hidden, older: steps[newest - looked]?.seq ?? null };
}
