import { marketTopic } from '../contracts/market-batch.ts';
import { OrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import { type OpsDesk, opsOptions, withOps } from './health-run.ts';
import type { ExitCode, Host } from './host.ts';
import { flowOptions, loadFlow } from './load-flow.ts';
import { RunRate } from './run-rate.ts';
import { declareTopics } from './topics-plan.ts';
import type { WorkerGroupOptions } from './worker-group.ts';
import { Worker } from './worker-run.ts';
import { WorkerVoice } from './worker-voice.ts';

const tellEveryMs = 5_000;
/** What brokers take at least, as they are delivered. */
const leastSessionSeconds = 6;
const mostSessionSeconds = 300;

/** Tells every few seconds how far each task is. */
function tellProgress(host: Host, { metrics }: OpsDesk, voice: WorkerVoice): () => void {
  const rates = new Map<string, RunRate>();
  return host.every(tellEveryMs, () => {
    for (const [symbol, { runner }] of metrics.tasks) {
      if (!runner) continue;
      const rate = rates.get(symbol) ?? new RunRate();
      rates.set(symbol, rate);
      rate.note(host.wallClock(), runner.task.clock.rows, runner.task.clock.now);
      voice.progress(runner, rate.rowsPerSecond);
    }
  });
}

/** Where a worker takes part. */
type WorkerPlace = Pick<WorkerGroupOptions, 'group' | 'sessionMs'>;

/** Works in the group until someone asks to stop, or another process takes a task. */
async function work(
  host: Host,
  graph: FlowGraph,
  of: WorkerPlace,
  desk: OpsDesk,
): Promise<ExitCode> {
  const voice = new WorkerVoice(host, graph, desk.told);
  const stop = new AbortController();
  const forget = host.onStop((isForced) => {
    voice.stopping(isForced);
    stop.abort();
  });
  const worker = new Worker({ host, graph, desk, voice }, () => stop.abort());
  const quiet = tellProgress(host, desk, voice);
  try {
    voice.started(graph, of.group);
    const partitions = graph.instruments.map(({ number }) => number);
    const member = host.joinKafkaGroup({ ...of, topic: marketTopic, partitions }, worker);
    await worker.run(member, stop.signal);
    if (worker.fatal !== null) throw worker.fatal;
    voice.left();
    return worker.problems > 0 ? 1 : 0;
  } finally {
    quiet();
    forget();
  }
}

function groupOf(args: Arguments, graph: FlowGraph): string {
  const named = args.text('group');
  if (named === null) return `orderflow.${graph.name}`;
  if (/^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$/.test(named)) return named;
  throw args.refuse('--group', 'up to 100 letters, digits, dots and hyphens', named);
}

function sessionOf(args: Arguments): number {
  const seconds = args.number('session', leastSessionSeconds) ?? leastSessionSeconds;
  if (seconds <= mostSessionSeconds) return Math.round(seconds * 1_000);
  const expected = `from ${leastSessionSeconds} to ${mostSessionSeconds} seconds`;
  throw args.refuse('--session', expected, String(seconds));
}

/** `orderflow worker`: one of several processes that share the instruments of a flow. */
export const command: Command = {
  name: 'worker',
  summary:
    "Run a flow's instruments together with other workers on a Kafka cluster: they are shared out, and move when one dies",
  words: ['FLOW'],
  options: [
    {
      name: 'group',
      value: 'NAME',
      summary: 'Workers of one name share the work (default: orderflow.<flow>)',
    },
    {
      name: 'no-sources',
      summary:
        'Start no source: other processes bring the market (default: who has an instrument runs its source)',
    },
    {
      name: 'session',
      value: 'SECONDS',
      summary: `Silence after which a worker counts as dead (default ${leastSessionSeconds}; more for a machine that is overloaded)`,
    },
    ...opsOptions,
    ...flowOptions,
  ],
  examples: [
    [
      'orderflow worker flows/instruments.flow.yaml',
      'takes part of the instruments, at KAFKA_BROKERS; start it on as many machines as you like',
    ],
    [
      'orderflow worker flows/instruments.flow.yaml --ops 9464 --log-format json',
      'serves metrics and health, and writes lines for programs',
    ],
  ],
  async run(host, args): Promise<ExitCode> {
    const file = args.words[0] ?? '';
    const checked = await loadFlow(host, file, args);
    const of = { group: groupOf(args, checked), sessionMs: sessionOf(args) };
    const [sink] = checked.sinks;
    if (sink) throw new OrderflowError('OF_SINK_UNSUPPORTED', { flow: file, sink: sink.id });
    const graph = args.has('no-sources') ? { ...checked, sources: [] } : checked;
    const log = await host.openKafkaLog();
    declareTopics(log, graph);
    try {
      return await withOps(host, args, { graph, log }, (desk) => work(host, graph, of, desk));
    } finally {
      await log.close();
    }
  },
};
