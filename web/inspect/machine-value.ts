import { setImmediate as turn } from 'node:timers/promises';
import type { LiveTask } from '#engine/cli/live-task.ts';
import type { EdgeCounts } from '#engine/inspect/edge-counts.ts';
import { isInState } from '#engine/inspect/event-match.ts';
import type { JournalBook, Step } from '#engine/inspect/journal-book.ts';
import { leafWords, type SayOptions, sayReading } from '#engine/inspect/say-why.ts';
import { sessionAt } from '#engine/market/session.ts';
import { readProbes } from '#engine/runtime/probes.ts';
import type { Task } from '#engine/runtime/task.ts';
import type { Dwell, EdgeFacts, MachineValue, ProbeReading } from '../live/inspect.ts';
import { dwellsOf } from './dwell.ts';
import { timerWords } from './timer-words.ts';

/** Reads what the journal holds by now; others get their turn between two pages. */
export function readOn(book: JournalBook): Promise<void> {
  return book.advance(() => turn());
}

/** What numbers and times of a task are written with. */
export function wordsWith({ instrument, graph }: Task): SayOptions {
  return { instrument, zone: graph.zone };
}

/**
 * Returns with which macrostep a machine came into a state it is in; 0 for one it never left. Entering it and asking out
 * of it may be one macrostep.
 */
function enteredAt(steps: readonly Step[], source: string): number {
  const entry = steps.findLast(
    ({ from, to }) => from !== to && !isInState(from, source) && isInState(to, source),
  );
  return entry?.seq ?? 0;
}

/**
 * Returns counts and last questions in words.
 *
 * @param steps - The machine's macrosteps up to the moment looked at.
 */
export function edgeFacts(
  counts: EdgeCounts | null,
  steps: readonly Step[],
  words: SayOptions,
): EdgeFacts {
  const state = steps.at(-1)?.to ?? '';
  const sources = new Map((counts?.all ?? []).map(({ info }) => [info.id, info.source]));
  const entries = new Map<string, number>();
  const isThisStay = (id: string, seq: number): boolean => {
    const source = sources.get(id) ?? '';
    if (!isInState(state, source)) return false;
    const entry = entries.get(source) ?? enteredAt(steps, source);
    entries.set(source, entry);
    return seq >= entry;
  };
  const heard = (counts?.all ?? []).filter((c) => c.fired + c.blocked + c.shadowed > 0);
  return {
    counts: Object.fromEntries(
      heard.map(({ info, fired, blocked, shadowed, lastFired }) => [
        info.id,
        { fired, blocked, shadowed, lastFired },
      ]),
    ),
    asked: Object.fromEntries(
      [...(counts?.lastAsked ?? [])].map(([id, { ts, seq, candidate }]) => [
        id,
        {
          ts,
          seq,
          verdict: candidate.verdict,
          isThisStay: isThisStay(id, seq),
          leaves: candidate.leaves.map((leaf) => leafWords(leaf, words)),
        },
      ]),
    ),
    nears: Object.fromEntries(
      [...(counts?.nearMisses ?? [])].map(([id, { leaves, ...near }]) => {
        const missed = leaves.filter(({ ok }) => !ok).map((leaf) => leafWords(leaf, words));
        return [id, { ...near, missed }];
      }),
    ),
  };
}

/** Returns the last macrostep in which the machine took a transition. */
export function lastTaken(steps: readonly Step[]): MachineValue['taken'] {
  const step = steps.findLast(({ taken }) => taken.length > 0);
  return step ? { ids: step.taken, seq: step.seq, ts: step.ts } : null;
}

function probesOf(task: Task, node: Task['nodes'][number], words: SayOptions): ProbeReading[] {
  return readProbes(node, task.now()).map((probe) => ({
    probe: probe.probe,
    text: sayReading(probe, words),
    isReached: probe.value > probe.needed,
  }));
}

/** How long it was in its states on the trade day that counts are of. */
function dwellsNow(book: JournalBook, { instrument }: Task, id: string): readonly Dwell[] {
  const { last } = book;
  return last ? dwellsOf(book.stepsOf(id), sessionAt(instrument.calendar, last.ts).open) : [];
}

/** Reads a machine's context as of now, in inside form; undefined for a node without machine, or before its start. */
export function contextValue(
  { runner }: LiveTask,
  id: string,
): Readonly<Record<string, unknown>> | undefined {
  const machine = runner.task.nodes.find((candidate) => candidate.id === id)?.machine;
  return machine?.started ? machine.context : undefined;
}

/** Reads a machine as of now; undefined for a node without one. */
export function machineValue(live: LiveTask, id: string): MachineValue | undefined {
  const { task } = live.runner;
  const node = task.nodes.find((candidate) => candidate.id === id);
  if (!node?.machine) return undefined;
  const { book } = live;
  const { machine, quarantined } = node;
  // A log that cannot be read stops the run itself, which says so.
  void readOn(book).catch(() => null);
  const words = wordsWith(task);
  const { read, all } = book.progress;
  return {
    state: machine.state,
    timers: task.timers
      .of(node.index)
      .map(({ event, at }) => ({ event: timerWords(event.type), due: at })),
    probes: probesOf(task, node, words),
    quarantined,
    taken: lastTaken(book.stepsOf(id)),
    countedTo: book.last?.seq ?? null,
    reading: read < all ? { read, all } : null,
    dwells: dwellsNow(book, task, id),
    ...edgeFacts(book.countsOf(id), book.stepsOf(id), words),
  };
}
