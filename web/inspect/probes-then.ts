import { type ProbeReading, probeSchema, readingsOf } from '#engine/contracts/journal.ts';
import { type SayOptions, sayReading } from '#engine/inspect/say-why.ts';
import { TopicReader } from '#engine/inspect/topic-reader.ts';
import { flowTopics } from '#engine/runtime/output.ts';
import type { Log } from '#engine/runtime/ports.ts';
import type { Task } from '#engine/runtime/task.ts';
import type { ProbeThen } from '../live/inspect.ts';

const perPage = 64;
/** A probe that saw nothing for so many windows of a minute is not looked for any further. */
const mostWindows = 384;

const keyOf = (node: string, probe: string): string => `${node} ${probe}`;

/** Newest readings at or before a time, by node and probe, as far as the log holds them. */
async function newestReadings(
  log: Log,
  task: Task,
  wanted: ReadonlySet<string>,
  ts: number,
): Promise<ReadonlyMap<string, ProbeReading>> {
  const { instrument, graph } = task;
  const reader = new TopicReader(log, flowTopics(graph.name).probes, instrument.number);
  const last = await reader.offsetAt(ts + 1);
  const found = new Map<string, ProbeReading>();
  const least = Math.max(0, last - mostWindows);
  for (let end = last; end > least && found.size < wanted.size; ) {
    const from = Math.max(least, end - perPage);
    const page = (await reader.page(from, end - from)).filter(({ offset }) => offset < end);
    if (page.length === 0) break;
    for (const { schema, value } of page.toReversed()) {
      // A log of an earlier version holds readings in another shape.
      if (schema !== probeSchema) continue;
      for (const reading of readingsOf(JSON.parse(String(value)))) {
        const key = keyOf(reading.node, reading.probe);
        if (wanted.has(key) && !found.has(key)) found.set(key, reading);
      }
    }
    end = from;
  }
  return found;
}

/** Reads what the sensors of some nodes stood at, from the windows of a minute that ended at or before a time. */
export async function probesThen(
  log: Log,
  task: Task,
  nodes: readonly string[],
  ts: number,
  words: SayOptions,
): Promise<ProbeThen[]> {
  const probes = nodes.flatMap((node) =>
    Object.keys(task.node(node).sensor?.probes ?? {}).map((probe) => ({ node, probe })),
  );
  if (probes.length === 0) return [];
  const wanted = new Set(probes.map(({ node, probe }) => keyOf(node, probe)));
  const found = await newestReadings(log, task, wanted, ts);
  return probes.map(({ node, probe }) => {
    const reading = found.get(keyOf(node, probe));
    if (!reading) return { node, probe, ts: null, text: '', isReached: false };
    const { value, needed } = reading;
    return {
      node,
      probe,
      ts: reading.ts,
      text: sayReading(reading, words),
      isReached: value > needed,
    };
  });
}
