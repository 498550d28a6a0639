import { MarketBatchBuilder, marketSchema, marketTopic } from '../contracts/market-batch.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { findInstrument } from '../market/instrument.ts';
import { zonedToUtc } from '../market/time.ts';
import type { Log, NewRecord, StoredRecord } from '../runtime/ports.ts';
import { TaskRunner } from '../runtime/runner.ts';
import { largeLot } from '../testing/large-lot.ts';

/** The instrument of the flow below. */
export const crashInstrument = findInstrument('ES');
const orders = 'test.orders';
const place = { file: 'test.flow.yaml', line: 1, col: 1 };

/** Returns a flow of two nodes in a row: the second hears the first, so order between nodes matters too. */
export function crashFlow(name = 'crash'): FlowGraph {
  return {
    name,
    version: '1.0.0',
    doc: '',
    file: place.file,
    hash: 'crash',
    instruments: [crashInstrument],
    zone: 'America/New_York',
    params: {},
    sources: [],
    topics: [orders],
    nodes: ['first', 'second'].map((id) => ({
      id,
      use: 'large-lot',
      plugin: largeLot,
      config: { minSize: id === 'first' ? 20 : 40, neededSize: 100 },
      wires: [
        {
          port: 'market',
          kind: 'market',
          origin: { kind: 'market', source: 'market' },
          late: 'take',
          place,
        },
        {
          port: 'cancel',
          kind: 'event',
          origin: { kind: 'topic', topic: orders, port: 'cancel' },
          late: 'take',
          place,
        },
      ],
      tables: {},
      onError: 'quarantine',
      place,
    })),
    sinks: [],
    moved: {},
  };
}

function nextRandom(state: number): number {
  const x = state ^ (state << 13);
  const y = x ^ (x >>> 17);
  return (y ^ (y << 5)) >>> 0;
}

/** Appends batches of trades with records of a second topic between them, in a random but fixed order. */
export async function fillCrashLog(log: Log, seed: number): Promise<void> {
  let random = seed;
  let ts = zonedToUtc('America/New_York', 20251119, '09:29');
  const append = (record: Omit<NewRecord, 'key' | 'ts'>): Promise<void> =>
    log.append(crashInstrument.number, [{ ...record, key: 'ES', ts }]);
  for (let batch = 0; batch < 30; batch += 1) {
    const builder = new MarketBatchBuilder('ES');
    for (let row = 0; row < 8; row += 1) {
      random = nextRandom(random);
      ts += random % 9_000_000;
      builder.trade(ts, 24_000 + (random % 7), 1 + (random % 60), 0, 0);
    }
    await append({ topic: marketTopic, schema: marketSchema, value: builder.finish() });
    if (random % 3 !== 0) continue;
    const value = JSON.stringify({ ts, reason: 'test' });
    await append({ topic: orders, schema: 'cancel/1', port: 'cancel', value });
  }
}

/** Runs a flow over what a log holds, with commits and checkpoints at changing places, and stops cleanly. */
export async function runCrashFlow(log: Log, graph: FlowGraph): Promise<TaskRunner> {
  let now = 0;
  // A clock that moves on by itself.
  const wallClock = (): number => (now += 7);
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const options = { wallClock, turn, commitEveryMs: 20, checkpointEveryMs: 90 };
  const runner = await TaskRunner.open(log, graph, crashInstrument, options);
  while ((await runner.runOnce(0)) > 0);
  await runner.close();
  return runner;
}

/**
 * Returns what a flow has written, by topic without the flow's name, oldest first. Offsets depend on the log.
 *
 * @param topics - Topics of the log, where it is known that they hold records.
 */
export async function outputsOf(
  log: Log,
  flow: string,
  topics?: readonly string[],
): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  for (const topic of topics ?? (await log.topics())) {
    if (!topic.startsWith(`${flow}.`)) continue;
    const rows: unknown[] = [];
    for (let from = 0; ; ) {
      const records = await log.read(topic, crashInstrument.number, from, 1_000);
      const last = records.at(-1);
      if (!last) break;
      rows.push(...records.map((r: StoredRecord) => [r.ts, r.seq ?? null, r.value]));
      from = last.offset + 1;
    }
    all[topic.slice(flow.length)] = rows;
  }
  return all;
}
