import type { JournalRecord } from '#engine/contracts/journal.ts';
import type { FlowGraph } from '#engine/flow/graph.ts';
import { isInState } from '#engine/inspect/event-match.ts';
import type { JournalBook, Moment, Step } from '#engine/inspect/journal-book.ts';
import { leafWords, type SayOptions, sayEvent } from '#engine/inspect/say-why.ts';
import { TopicReader } from '#engine/inspect/topic-reader.ts';
import { sessionAt } from '#engine/market/session.ts';
import { toEdge } from '#engine/plugin/edge.ts';
import { flowTopics } from '#engine/runtime/output.ts';
import type { Log } from '#engine/runtime/ports.ts';
import type { Task } from '#engine/runtime/task.ts';
import type { TransitionInfo } from '#engine/runtime/transitions.ts';
import type {
  CandidateThen,
  MachineThen,
  MomentView,
  RunningTimer,
  StepKeys,
  TableThen,
  TimeLine,
} from '../live/inspect.ts';
import { dwellsOf } from './dwell.ts';
import { edgesThen } from './edges-then.ts';
import { placeAfter } from './log-view.ts';
import { lastTaken, wordsWith } from './machine-value.ts';
import { priceThen } from './market-then.ts';
import { probesThen } from './probes-then.ts';
import { paramsThen, revisionThen } from './revision-then.ts';
import { timerWords } from './timer-words.ts';

type Context = Readonly<Record<string, unknown>>;

/** How far back rows of other keys are looked for. */
const mostRowsBack = 64;

/** Returns candidates of a macrostep in words. */
function candidatesOf({ explain = [] }: JournalRecord, words: SayOptions): CandidateThen[] {
  return explain.map(({ transition, target, why, verdict, leaves }) => ({
    transition,
    target,
    why: why ?? null,
    verdict,
    leaves: leaves.map((leaf) => leafWords(leaf, words)),
  }));
}

/** When the macrostep after one came; null for the newest. */
function nextAfter(book: JournalBook, seq: number): number | null {
  const steps = book.stepsOf(null);
  return steps[placeAfter(steps, seq)]?.ts ?? null;
}

/** Returns the whole system right after a macrostep. */
export async function momentView(
  log: Log,
  task: Task,
  book: JournalBook,
  moment: Moment,
): Promise<MomentView> {
  const { seq, ts, record, machines, isWhole } = moment;
  const words = wordsWith(task);
  return {
    seq,
    ts,
    nextTs: nextAfter(book, seq),
    price: await priceThen(log, task, record),
    revision: await revisionThen(log, task, book, seq),
    behind: (book.last?.ts ?? ts) - ts,
    isWhole,
    states: [...machines].map(([node, { state, since }]) => ({ node, state, since })),
    step: {
      node: record.node,
      event: timerWords(record.event.type),
      from: record.from,
      to: record.to,
      taken: record.taken,
      candidates: candidatesOf(record, words),
      emits: record.emits.map(({ port }) => port),
    },
  };
}

/** Returns where a step back or forth leads, in the macrosteps of one machine; of all for null. */
export function stepKeys(book: JournalBook, node: string | null, seq: number): StepKeys {
  const steps = book.stepsOf(node);
  const place = placeAfter(steps, seq);
  const isChange = ({ from, to }: Step): boolean => from !== to;
  const own = steps[place - 1]?.seq === seq ? place - 1 : place;
  return {
    previous: steps[own - 1]?.seq ?? null,
    next: steps[place]?.seq ?? null,
    previousChange: steps.slice(0, own).findLast(isChange)?.seq ?? null,
    nextChange: steps.slice(place).find(isChange)?.seq ?? null,
  };
}

/** Returns the day a cursor runs over: that of `ts`. */
export function timeLine(book: JournalBook, task: Task, node: string | null, ts: number): TimeLine {
  const day = sessionAt(task.instrument.calendar, ts);
  const end = Math.min(day.close - 1, Math.max(ts, task.now()));
  const first = book.seqAt(day.open - 1) ?? 0;
  const steps = book.stepsOf(node);
  const today = steps.slice(placeAfter(steps, first)).filter((step) => step.ts <= end);
  const changes = node === null ? [] : today.filter(({ from, to }) => from !== to);
  return {
    tradeDate: day.tradeDate,
    open: day.open,
    end,
    close: day.close - 1,
    changes: [...new Set(changes.map((step) => step.ts))],
  };
}

/** Timers that ran: of every state with a delay that was active, since it was entered. */
function timersThen(
  infos: readonly TransitionInfo[],
  steps: readonly Step[],
  state: string,
): RunningTimer[] {
  return infos.flatMap(({ kind, source, event }) => {
    const delayMs = Number(event.slice('after '.length));
    if (kind !== 'after' || !Number.isFinite(delayMs) || !isInState(state, source)) return [];
    const outside = steps.findLastIndex(({ to }) => !isInState(to, source));
    const entered = steps[outside + 1];
    return entered ? [{ event: sayEvent(event), due: entered.ts + delayMs * 1_000 }] : [];
  });
}

/** Reads the rows of a table as they were published last at or before a time. */
async function tableThen(
  log: Log,
  task: Task,
  node: string,
  port: string,
  ts: number,
): Promise<TableThen> {
  const { instrument, graph } = task;
  const spec = task.node(node).graphNode.plugin.out[port];
  const empty: TableThen = { node, port, ts: null, rows: [] };
  if (!spec) return empty;
  const topic = flowTopics(graph.name).port(node, port);
  const reader = new TopicReader(log, topic, instrument.number);
  const end = await reader.offsetAt(ts + 1);
  const from = Math.max(0, end - (spec.key === undefined ? 1 : mostRowsBack));
  if (end === 0) return empty;
  const newest = new Map<string, Context>();
  let at: number | null = null;
  for (const record of await reader.page(from, end - from)) {
    if (record.ts > ts) continue;
    const { ts: _, ...row } = JSON.parse(String(record.value)) as Context & { ts: number };
    at = record.ts;
    newest.set(spec.key === undefined ? '' : String(row[spec.key]), row);
  }
  const rows = [...newest.values()].map((row) => toEdge(spec.schema, row, instrument));
  return { node, port, ts: at, rows };
}

/** Reads every table of some nodes as it was published last at or before a time. */
export function tablesThen(
  log: Log,
  task: Task,
  nodes: FlowGraph['nodes'],
  ts: number,
): Promise<TableThen[]> {
  return Promise.all(
    nodes.flatMap(({ id, plugin }) =>
      Object.entries(plugin.out).flatMap(([port, { kind }]) =>
        kind === 'table' ? [tableThen(log, task, id, port, ts)] : [],
      ),
    ),
  );
}

const unseen = { state: '', since: null, context: {} } as const;

/** Returns the context before a macrostep; undefined where the book does not reach. */
async function contextBefore(
  book: JournalBook,
  node: string,
  own: Step | null,
): Promise<Context | undefined> {
  if (own === null || own.seq <= (book.first?.seq ?? 0)) return undefined;
  return (await book.moment(own.seq - 1)).machines.get(node)?.context;
}

/** Returns what one machine looked like right after a macrostep. */
export async function machineThen(
  log: Log,
  task: Task,
  book: JournalBook,
  node: string,
  moment: Moment,
): Promise<MachineThen> {
  const { machine: running, graphNode } = task.node(node);
  const infos = [...(running?.transitions.values() ?? [])];
  const steps = book.stepsOf(node);
  const until = steps.slice(0, placeAfter(steps, moment.seq));
  const own = until.at(-1) ?? null;
  const { state, since, context } = moment.machines.get(node) ?? unseen;
  const words = wordsWith(task);
  const day = sessionAt(task.instrument.calendar, moment.ts);
  return {
    state,
    since,
    context,
    before: (await contextBefore(book, node, own)) ?? context,
    own: own && { seq: own.seq, ts: own.ts, event: timerWords(own.event) },
    timers: timersThen(infos, until, state),
    taken: lastTaken(until),
    tables: await tablesThen(log, task, [graphNode], moment.ts),
    probes: await probesThen(log, task, [node], moment.ts, words),
    params: paramsThen(book, task.graph, graphNode, moment.seq),
    dwells: dwellsOf(until, day.open),
    ...(await edgesThen(book, { node, infos, open: day.open, until, words })),
  };
}
