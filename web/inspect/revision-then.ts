import { type RunRecord, runTopic } from '#engine/contracts/run.ts';
import type { FlowGraph, GraphNode } from '#engine/flow/graph.ts';
import type { JournalBook } from '#engine/inspect/journal-book.ts';
import { TopicReader } from '#engine/inspect/topic-reader.ts';
import { fieldChanges } from '#engine/runtime/deploy.ts';
import type { Log } from '#engine/runtime/ports.ts';
import type { Task } from '#engine/runtime/task.ts';
import type { ParamsThen, RevisionThen } from '../live/inspect.ts';

const shownDigits = 12;
/** Runs of a log are few; those before are not looked at. */
const mostRuns = 512;

/** Hashes of the flows that processes ran on this log. */
async function hashesRun(log: Log, { graph, instrument }: Task): Promise<ReadonlySet<string>> {
  const reader = new TopicReader(log, runTopic, instrument.number);
  const end = await reader.end();
  const page = await reader.page(Math.max(0, end - mostRuns), mostRuns);
  const runs = page.map(({ value }) => JSON.parse(String(value)) as RunRecord);
  return new Set(runs.flatMap(({ flow, flowHash }) => (flow === graph.name ? [flowHash] : [])));
}

/** Deployments tell of a flow that changed under a run; one that was changed between two runs left no record of it. */
function doubtOf(book: JournalBook, ran: ReadonlySet<string>): string | null {
  const told = new Set(book.revisions ?? []);
  const untold = [...ran].filter((hash) => !told.has(hash));
  if (book.revisions && untold.length === 0) return null;
  const list = untold.map((hash) => hash.slice(0, shownDigits)).join(', ');
  return `The flow was changed between two runs${list === '' ? '' : ` (${list} ran, too)`}, and the log does not tell at which macrostep: the parameters of then may have been others.`;
}

/** Returns the flow that ran at a macrostep, as the records of deployments and runs tell. */
export async function revisionThen(
  log: Log,
  task: Task,
  book: JournalBook,
  seq: number,
): Promise<RevisionThen> {
  const { graph } = task;
  const { before, after } = book.deploymentsAround(seq);
  const next = after[0] ?? null;
  return {
    hash: (next?.previous ?? graph.hash).slice(0, shownDigits),
    version: before?.version ?? (next ? null : graph.version),
    since: before?.ts ?? null,
    isNow: next === null,
    until: next && { ts: next.ts, version: next.version },
    doubt: doubtOf(book, await hashesRun(log, task)),
  };
}

/** One changed field as a record of deployments tells it: `minVolume 300 → 250`. */
function readChange(
  text: string,
): { readonly name: string; readonly was: string; readonly is: string } | null {
  const [, name, was, is] = /^(\S+) (.*?) → (.*)$/s.exec(text) ?? [];
  return name === undefined || was === undefined || is === undefined ? null : { name, was, is };
}

/** Fields of a node as they are told: what came from the environment of the process stands there by its name. */
function fieldsOf({ config }: GraphNode, graph: FlowGraph): Map<string, string> {
  const told = fieldChanges({}, config, graph.variables ?? {}).flatMap(
    (text) => readChange(text) ?? [],
  );
  return new Map(told.map(({ name, is }) => [name, is]));
}

/**
 * Returns the parameters of a node at a macrostep: those of now, with what deployments changed after it taken back. The
 * log tells nothing more of them.
 */
export function paramsThen(
  book: JournalBook,
  graph: FlowGraph,
  node: GraphNode,
  seq: number,
): ParamsThen {
  const now = fieldsOf(node, graph);
  const then = new Map(now);
  let unknown: string | null = null;
  const { after } = book.deploymentsAround(seq);
  // From the newest back: what is left is what the earliest found.
  for (const { nodes, version } of after.toReversed()) {
    const plan = nodes.find((one) => one.node === node.id);
    if (plan?.fate === 'new') {
      then.clear();
      unknown = `the flow had no such node before version ${version}`;
      break;
    }
    for (const text of plan?.changes ?? []) {
      const change = readChange(text);
      if (!change) unknown = `version ${version} changed ${text}: what it was before is not kept`;
      else if (change.was === 'none') then.delete(change.name);
      else then.set(change.name, change.was);
    }
  }
  const names = [...new Set([...then.keys(), ...now.keys()])];
  return {
    fields:
      then.size === 0
        ? []
        : names.map((name) => {
            const [was, is] = [then.get(name) ?? 'none', now.get(name) ?? 'none'];
            return { name, was, now: was === is ? null : is };
          }),
    unknown,
  };
}
