import type { AppLoadContext } from '@remix-run/node';
import type { LiveTask } from '#engine/cli/live-task.ts';
import { recordsFrom } from '#engine/cli/metrics.ts';
import { marketTopic } from '#engine/contracts/market-batch.ts';
import type { TopicReading } from './readers.ts';

/** How far a task is behind each topic it reads. */
async function readingsOf({ log, graph, runner, symbol }: LiveTask): Promise<TopicReading[]> {
  const { instrument, offsets } = runner.task;
  return Promise.all(
    [marketTopic, ...graph.topics].map(async (topic) => {
      const from = offsets[topic] ?? 0;
      const { records, isExact } = await recordsFrom(log, topic, instrument.number, from);
      return { reader: `task ${symbol}`, topic, instrument: symbol, records, isExact, why: null };
    }),
  );
}

/** The store reads every topic and tells how far it is over them all. */
function storeReading({ store, log }: AppLoadContext['engine']): TopicReading[] {
  if (!store) return [];
  const { done, all, state, problem } = store.status;
  const isKnown = done !== null && all !== null;
  return [
    {
      reader: `store ${store.name}`,
      topic: null,
      instrument: null,
      records: isKnown ? Math.max(0, all - done) : null,
      // On Kafka the marks of transactions take offsets too.
      isExact: log?.kind !== 'kafka',
      why: isKnown ? problem : (problem ?? `it is ${state}`),
    },
  ];
}

/** Returns who of this process reads the log, and how far behind each is. */
export async function readTopicReaders({
  engine,
}: Pick<AppLoadContext, 'engine'>): Promise<readonly TopicReading[]> {
  const tasks = await Promise.all([...engine.tasks.values()].map((live) => readingsOf(live)));
  return [...tasks.flat(), ...storeReading(engine)];
}
