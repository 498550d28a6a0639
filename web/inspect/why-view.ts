import { setImmediate as turn } from 'node:timers/promises';
import type { LiveTask } from '#engine/cli/live-task.ts';
import { lastWritten, readHistory } from '#engine/cli/log-history.ts';
import { isSignalPort } from '#engine/cli/session-report.ts';
import { timeBound } from '#engine/cli/time-bounds.ts';
import { isOrderflowError } from '#engine/errors.ts';
import type { WhyData } from '#engine/inspect/question.ts';
import {
  leafWords,
  type SayOptions,
  sayCause,
  sayTime,
  sayVerdict,
  sayWhy,
} from '#engine/inspect/say-why.ts';
import { type Refusal, summaryOf } from '#engine/inspect/summary.ts';
import { type WhyAnswer, why } from '#engine/inspect/why.ts';
import { sessionAt } from '#engine/market/session.ts';
import type { Task } from '#engine/runtime/task.ts';
import type { TransitionInfo } from '#engine/runtime/transitions.ts';
import type { Choice, MissView, WhyView } from '../live/why.ts';
import { flowEdit } from './flow-edit.ts';
import { wordsWith } from './machine-value.ts';
import { conditionWords, eventWords } from './transition-words.ts';
import { whatIfView } from './what-if-view.ts';

/** A question as it stands in an address. */
export interface WhyAsked {
  /** Null asks all machines for their near misses. */
  readonly node: string | null;
  readonly transition: string | null;
  readonly event: string | null;
  readonly from: string | null;
  readonly to: string | null;
  /** Microseconds or a time as in `from`: the end of the range, which then begins a quarter of an hour before. */
  readonly at: string | null;
  /** How much easier the condition that blocked is to be. */
  readonly slack?: string | null;
  /** Instead of the day of the last macrostep: where the range begins and ends that nobody wrote down. */
  readonly otherwise?: { readonly from: number; readonly to: number };
}

/** How long before `at` is looked at. */
const beforeAtUs = 15 * 60_000_000;
/** A range is read into the engine's own memory, whoever asks. */
const longestRangeUs = 7 * 86_400_000_000;
const mostMisses = 12;

interface Range {
  readonly from: number;
  readonly to: number;
}

/** A bound that cannot be read. */
export class UnreadableTime extends Error {}

function moment(text: string, end: 'from' | 'to', task: Task, last: number): number {
  if (/^\d{15,17}$/.test(text)) return Number(text);
  const { instrument, graph } = task;
  const { tradeDate } = sessionAt(instrument.calendar, last - 1);
  const ts = timeBound(text, end, { zone: graph.zone, instrument, tradeDate });
  if (ts !== null) return ts;
  throw new UnreadableTime(
    `'${text}' is no time; write 10:04, 10:04:30, 2025-11-19 10:04 or 2025-11-19`,
  );
}

/** The range asked about; without bounds the trade date of the last macrostep, as `orderflow explain` takes it. */
function rangeOf(asked: WhyAsked, task: Task, last: number): Range {
  if (asked.at !== null) {
    const to = moment(asked.at, 'to', task, last);
    return { from: to - beforeAtUs, to };
  }
  const day = sessionAt(task.instrument.calendar, (asked.otherwise?.to ?? last) - 1);
  const { from: open, to: end } = asked.otherwise ?? { from: day.open, to: last };
  const from = asked.from === null ? open : moment(asked.from, 'from', task, last);
  const to = asked.to === null ? end : moment(asked.to, 'to', task, last);
  if (from > to) throw new UnreadableTime('the range ends before it begins');
  if (to - from > longestRangeUs)
    throw new UnreadableTime('the range is longer than seven days; ask about a part of it');
  return { from, to };
}

/** Returns transitions as one can ask about them. */
export function choicesOf(infos: readonly TransitionInfo[]): readonly Choice[] {
  return infos.map((info) => ({
    id: info.id,
    source: info.source,
    target: info.target,
    event: eventWords(info),
    why: conditionWords(info),
  }));
}

function missView(
  node: string,
  { info, at, seq, shortfall, leaves }: Refusal,
  words: SayOptions,
): MissView {
  return {
    node,
    transition: info.id,
    why: info.why,
    at,
    seq,
    shortfall,
    leaves: leaves.map((leaf) => leafWords(leaf, words)),
  };
}

/** Machines that give signals or ideas: what the others did not do is nothing anybody missed. All when there are none. */
function speakersOf({ nodes }: Task): readonly string[] {
  const machines = nodes.filter(({ machine }) => machine !== null);
  const speakers = machines.filter(({ graphNode }) =>
    Object.values(graphNode.plugin.out).some(isSignalPort),
  );
  return (speakers.length > 0 ? speakers : machines).map(({ id }) => id);
}

/** Near misses of some machines, the nearest first, of each transition the nearest only. */
function missesOf(
  data: WhyData,
  nodes: readonly string[],
  range: Range,
  words: SayOptions,
): MissView[] {
  const all = nodes.flatMap((node) => {
    const seen = new Map<string, MissView>();
    for (const miss of summaryOf(data, node, range).nearMisses)
      if (!seen.has(miss.info.id)) seen.set(miss.info.id, missView(node, miss, words));
    return [...seen.values()];
  });
  return all.sort((a, b) => a.shortfall - b.shortfall || b.seq - a.seq).slice(0, mostMisses);
}

function answerView(answer: WhyAnswer, words: SayOptions): WhyView['answer'] {
  const { upstream } = answer;
  const leaves = answer.leaves.map((leaf) => leafWords(leaf, words));
  return {
    ...answer,
    sentence: sayVerdict(answer.verdict),
    leaves,
    firstBlocker: leaves.findIndex(({ verdict }) => verdict !== 'held'),
    upstream: upstream && {
      node: upstream.node,
      kind: upstream.kind,
      path: upstream.path,
      text: sayCause(upstream, words),
      at: upstream.at ?? null,
      leaves: (upstream.leaves ?? []).map((leaf) => leafWords(leaf, words)),
    },
    text: sayWhy(answer, words),
  };
}

/** What an easier condition would have come to, where a guard said no. */
async function easierView(
  { data, live }: { readonly data: WhyData; readonly live: LiveTask },
  { verdict, node, transition, leaves, seq }: WhyAnswer,
  range: Range,
  slack: string | null,
): Promise<WhyView['whatIf']> {
  if (verdict !== 'guard-blocked') return null;
  const words = wordsWith(live.runner.task);
  const view = whatIfView(data, { node, transition, ...range }, leaves, slack, words);
  const record = data.journal(node).find((one) => one.seq === seq);
  if (!view || !record) return null;
  const { leaf, found, ...shown } = view;
  const edit = await flowEdit(live, { node, transition, leaf, found, record });
  return { ...shown, edit };
}

/** Answers a question from what was recorded: the answer is the one of `orderflow explain`. */
export async function whyView(live: LiveTask, asked: WhyAsked): Promise<WhyView> {
  const { log } = live;
  const { task } = live.runner;
  const { graph } = task;
  const words = wordsWith(task);
  const last = await lastWritten(log, task);
  if (last === null) throw new UnreadableTime('nothing has happened yet');
  const range = rangeOf(asked, task, last);
  const data = (await readHistory(log, task, range, () => turn())).data(false);
  const machines = task.nodes.flatMap(({ id, machine }) => (machine ? [id] : []));
  const speakers = speakersOf(task);
  const { node, transition, event } = asked;
  const blank = {
    node,
    transition,
    event,
    ...range,
    fromText: sayTime(range.from, graph.zone),
    toText: sayTime(range.to, graph.zone),
    machines,
  };
  if (node === null)
    return {
      ...blank,
      answer: null,
      whatIf: null,
      counts: [],
      misses: missesOf(data, speakers, range, words),
      choices: [],
    };
  const about = transition !== null ? { transition } : event !== null ? { event } : null;
  const found = about ? why(data, { node, ...about, ...range }) : null;
  const answer = found && answerView(found, words);
  const summary = summaryOf(data, node, range);
  return {
    ...blank,
    answer,
    whatIf: found && (await easierView({ data, live }, found, range, asked.slack ?? null)),
    counts: summary.transitions
      .filter(({ fired, blocked, shadowed }) => fired + blocked + shadowed > 0)
      .map(({ info, ...count }) => ({ id: info.id, ...count })),
    misses: missesOf(data, [node], range, words),
    choices: choicesOf(data.transitions.get(node) ?? []),
  };
}

/** Returns what to tell whoever asked something that cannot be answered; null for an error of ours. */
export function refusalOf(error: unknown): string | null {
  if (error instanceof UnreadableTime) return error.message;
  const codes = [
    'OF_WHY_NODE',
    'OF_WHY_TRANSITION',
    'OF_WHY_UNEXPLAINED',
    'OF_MOMENT_UNKNOWN',
  ] as const;
  for (const code of codes) if (isOrderflowError(error, code)) return error.message;
  return null;
}
