import type { LiveTask } from '#engine/cli/live-task.ts';
import type { Candidate } from '#engine/contracts/journal.ts';
import type { Asking } from '#engine/inspect/ask-again.ts';
import { isInState } from '#engine/inspect/event-match.ts';
import { leafWords, type SayOptions } from '#engine/inspect/say-why.ts';
import type { MachineEvent, TransitionInfo } from '#engine/runtime/transitions.ts';
import type { AskedNow, GuardsNow } from '../live/inspect.ts';
import { readOn, wordsWith } from './machine-value.ts';

type TaskNode = LiveTask['runner']['task']['nodes'][number];

/** An event no transition names: after it only those that need none are asked. */
const noEvent = '@asked-now';

type LastEvent = NonNullable<AskedNow['event']> & { readonly payload: MachineEvent };

/** The last event of a kind that a node heard, as the journal has it; null when it heard none. */
async function lastEvent(
  { book }: LiveTask,
  node: string,
  type: string,
): Promise<LastEvent | null> {
  const step = book.stepsOf(node).findLast(({ event }) => event === type);
  if (!step) return null;
  const [record] = await book.records(step.seq, step.seq);
  return record ? { type, ts: step.ts, seq: step.seq, payload: record.event } : null;
}

function answered(
  candidate: Candidate | undefined,
  { error }: Asking,
  event: AskedNow['event'],
  words: SayOptions,
): AskedNow {
  if (!candidate)
    return { event, verdict: error === null ? 'unreached' : 'error', leaves: [], error };
  const { verdict } = candidate;
  const leaves = candidate.leaves.map((leaf) => leafWords(leaf, words));
  if (verdict === 'error') return { event, verdict, leaves, error };
  return { event, verdict: verdict === 'guard-blocked' ? 'refused' : 'held', leaves, error: null };
}

/** Transitions that lead out of a state and have a guard, by the event they wait for; timers tell when they are due. */
function byEvent(
  infos: readonly TransitionInfo[],
  state: string,
): ReadonlyMap<string, readonly TransitionInfo[]> {
  const found = new Map<string, TransitionInfo[]>();
  for (const info of infos) {
    if (info.guard === null || info.kind === 'after') continue;
    if (info.source !== '(root)' && !isInState(state, info.source)) continue;
    const key = info.kind === 'always' ? noEvent : info.event;
    found.set(key, [...(found.get(key) ?? []), info]);
  }
  return found;
}

/** Asks the guards that wait for one event; those that need none for null. */
function askAll(
  live: LiveTask,
  node: TaskNode,
  waiting: readonly TransitionInfo[],
  type: string | null,
  last: LastEvent | null,
): (readonly [transition: string, asked: AskedNow])[] {
  const { task } = live.runner;
  const payload = type === null ? { type: noEvent, ts: task.now() } : last?.payload;
  const asking = payload ? live.askNow(node, payload) : null;
  const event = last && { type: last.type, ts: last.ts, seq: last.seq };
  return waiting.map(({ id }) => {
    if (!asking) return [id, { event: null, verdict: 'no-event', leaves: [], error: null }];
    const candidate = asking.candidates.find((one) => one.transition === id);
    return [id, answered(candidate, asking, event, wordsWith(task))];
  });
}

/**
 * Asks the guards out of the state a machine is in what they would answer now: to its context and the tables of now, and to
 * the last event of each kind. Null for a node without machine, before its start, and once it was taken out of the flow.
 */
export async function guardsNow(live: LiveTask, id: string): Promise<GuardsNow | null> {
  const { task } = live.runner;
  const node = task.nodes.find((one) => one.id === id);
  if (!node?.machine?.started || node.quarantined) return null;
  await readOn(live.book);
  const infos = [...node.machine.transitions.values()];
  // What is asked has to stand still meanwhile: events are read first, then all is asked in one go.
  const types = new Set(infos.flatMap(({ kind, event }) => (kind === 'event' ? [event] : [])));
  const events = new Map<string, LastEvent | null>();
  for (const type of types) events.set(type, await lastEvent(live, id, type));
  const { state } = node.machine;
  const asked = [...byEvent(infos, state)].flatMap(([type, waiting]) =>
    askAll(live, node, waiting, type === noEvent ? null : type, events.get(type) ?? null),
  );
  return { node: id, ts: task.now(), state, asked: Object.fromEntries(asked) };
}
