import { marketTopic } from '../contracts/market-batch.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { TopicReader } from '../inspect/topic-reader.ts';
import { formatUtc } from '../market/time.ts';
import type { Log, LogSizes } from '../runtime/ports.ts';
import type { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import { valueOf } from './dead-letters-read.ts';
import { formatBytes, formatCount } from './format-number.ts';
import { homeOption } from './home.ts';
import type { ExitCode, Host } from './host.ts';
import { defaultFlow, flowOptions, loadFlow } from './load-flow.ts';
import { logOption } from './open-log.ts';
import { auditCommand, shellActor } from './operator-audit.ts';
import { alignColumns } from './text-table.ts';
import { adminOf, retentionText, type TopicDrift, type TopicFound } from './topics-admin.ts';
import { openToLook } from './topics-log.ts';
import {
  declareTopics,
  sizesOf,
  stateOfTopic,
  type TopicState,
  topicsOfFlow,
} from './topics-plan.ts';

const microsPerMilli = 1_000;
const actions = ['list', 'show', 'repair'] as const;

interface Asked {
  readonly action: (typeof actions)[number];
  readonly flow: string;
  readonly topic: string | null;
}

/** Tells the words apart: a flow is a YAML file, an action is one of three, what is left is a topic. */
function askedOf(args: Arguments): Asked {
  const flow = args.words.find((word) => /\.ya?ml$/.test(word)) ?? defaultFlow;
  const [first, ...more] = args.words.filter((word) => word !== flow);
  const action = actions.find((name) => name === first) ?? null;
  const rest = action === null && first !== undefined ? [first, ...more] : more;
  const [topic = null] = rest;
  if (rest.length > 1 || (topic !== null && action !== 'show'))
    throw args.refuse('ACTION', actions.join(', '), args.words.join(' '));
  if (action === 'show' && topic === null) throw args.refuse('TOPIC', 'a topic to show', 'nothing');
  return { action: action ?? 'list', flow, topic };
}

/** What is known of the topics of a flow. */
interface TopicsReport {
  readonly isCluster: boolean;
  readonly states: readonly TopicState[];
  /** By topic; empty where the log has no administration. */
  readonly found: ReadonlyMap<string, TopicFound>;
  /** Of topics that are there; others are made when the first record comes. */
  readonly drift: readonly TopicDrift[];
  readonly sizes: LogSizes;
}

async function reportOf(log: Log, graph: FlowGraph): Promise<TopicsReport> {
  const admin = adminOf(log);
  declareTopics(log, graph);
  const plans = topicsOfFlow(graph, admin?.own ?? null);
  const states = [];
  for (const plan of plans) states.push(await stateOfTopic(log, graph, plan));
  const names = plans.map(({ topic }) => topic);
  const found = new Map((await admin?.describe(names))?.map((one) => [one.topic, one]));
  const drift = admin ? await admin.drift([...found.keys()]) : [];
  const sizes = await sizesOf(log, names);
  return { isCluster: admin !== null, states, found, drift, sizes };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

function kindText({ plan }: TopicState): string {
  return plan.tableKey === null ? plan.kind : `${plan.kind} by ${plan.tableKey}`;
}

function clusterCells({ found, drift }: TopicsReport, topic: string): string[] {
  const one = found.get(topic);
  if (!one) return ['–', '–', 'made with its first record'];
  const differs = drift.filter((each) => each.topic === topic);
  const text = differs.map((d) => `${d.setting} ${d.was}, wanted ${d.expected}`).join('; ');
  return [String(one.partitions), retentionText(one), text === '' ? '–' : text];
}

function recordsText({ partitions }: TopicState): string {
  const count = formatCount(sum(partitions.map(({ records }) => records)));
  return partitions.every(({ isExact }) => isExact) ? count : `≤ ${count}`;
}

/** A topic that is not there takes no room; of one that is there it may be unknown. */
function bytesText({ sizes, isCluster, found, states }: TopicsReport, topic: string): string {
  const bytes = sizes.topics[topic];
  if (bytes !== undefined) return formatBytes(bytes);
  const partitions = states.find(({ plan }) => plan.topic === topic)?.partitions ?? [];
  const isThere = isCluster ? found.has(topic) : partitions.some(({ end }) => end > 0);
  return isThere ? 'unknown' : '–';
}

function bytesWords(report: TopicsReport, topic: string): string {
  const text = bytesText(report, topic);
  const { reason } = report.sizes;
  return text === 'unknown' && reason !== null ? `${text}: ${reason}` : text;
}

function listText(report: TopicsReport): string {
  const { states, isCluster } = report;
  const rows = states.map((state) => {
    const { plan, partitions } = state;
    const ends = partitions.map(({ instrument, end }) => `${instrument} ${end}`).join(', ');
    const bytes = bytesText(report, plan.topic);
    const ours = plan.way === 'state' ? ['–', bytes, '–'] : [recordsText(state), bytes, ends];
    const more = isCluster ? clusterCells(report, plan.topic) : [];
    return [plan.topic, plan.way, plan.schema ?? '–', kindText(state), ...ours, ...more];
  });
  const head = ['topic', '', 'contract', 'kind', 'records', 'bytes', 'end'];
  const more = isCluster ? ['partitions', 'kept', 'drift'] : [];
  const lines = alignColumns([[...head, ...more], ...rows], isCluster ? [4, 5, 7] : [4, 5]);
  return `${lines.join('\n')}\n`;
}

/** What the list cannot say by itself, a sentence a line. */
function sumText({ states, drift, isCluster, sizes }: TopicsReport): string {
  const lines: string[] = [];
  if (states.some(({ partitions }) => partitions.some(({ isExact }) => !isExact)))
    lines.push("≤: at most so many records; the marks of Kafka's transactions take offsets too.");
  if (sizes.files !== null)
    lines.push(`The files of the log take ${formatBytes(sizes.files)}, of all topics together.`);
  if (sizes.reason !== null) lines.push(`Bytes of a topic are unknown: ${sizes.reason}.`);
  const topics = new Set(drift.map(({ topic }) => topic)).size;
  if (!isCluster)
    lines.push(
      'Every record is kept until it is trimmed; a log in a folder has no partitions or settings that could drift.',
    );
  else if (topics === 0) lines.push('No drift.');
  else lines.push(`Drift in ${formatCount(topics)} topics; 'orderflow topics repair' mends it.`);
  return `${lines.join('\n')}\n`;
}

async function showTopic(
  host: Host,
  args: Arguments,
  of: { readonly log: Log; readonly report: TopicsReport; readonly topic: string },
): Promise<ExitCode> {
  const { log, report, topic } = of;
  const state = report.states.find(({ plan }) => plan.topic === topic);
  if (!state) {
    const known = report.states.map(({ plan }) => plan.topic);
    throw args.refuse('TOPIC', `one of ${known.join(', ')}`, topic);
  }
  const partitions = [];
  for (const partition of state.partitions) {
    const last = await new TopicReader(log, topic, partition.partition).last();
    partitions.push({
      ...partition,
      lastEventTime: last ? formatUtc(last.ts) : null,
      last: last && typeof last.value === 'string' ? valueOf(last) : null,
    });
  }
  const { plan } = state;
  const settings = report.found.get(topic)?.settings ?? null;
  const drift = report.drift.filter((one) => one.topic === topic);
  const bytes = report.sizes.topics[topic] ?? null;
  const whole = { ...plan, key: 'instrument', partitions, bytes, settings, drift };
  if (args.has('json')) {
    host.stdout.write(`${JSON.stringify(whole, null, 2)}\n`);
    return 0;
  }
  const rows = [
    ['topic', topic],
    ['contract', plan.schema ?? 'named by the flow that writes it'],
    ['kind', kindText(state)],
    ['key', 'the instrument'],
    ['records', recordsText(state)],
    ['bytes', bytesWords(report, topic)],
    ...partitions.flatMap(({ instrument, partition, first, end, lastEventTime, last }) => [
      [
        instrument,
        `partition ${partition}, offsets ${first} to ${end}, last at ${lastEventTime ?? '–'}`,
      ],
      ...(last === null ? [] : [['', JSON.stringify(last)]]),
    ]),
    ...drift.map((d) => ['drift', `${d.setting} is ${d.was}, wanted ${d.expected}`]),
  ];
  host.stdout.write(`${alignColumns(rows).join('\n')}\n`);
  return 0;
}

/** What somebody changed on a cluster is told in its log. */
async function auditRepair(
  host: Host,
  log: Log,
  graph: FlowGraph,
  { before, after }: Readonly<Record<'before' | 'after', readonly TopicDrift[]>>,
): Promise<void> {
  const times = new Map<string, number>();
  for (const { symbol, number } of graph.instruments)
    times.set(symbol, (await new TopicReader(log, marketTopic, number).last())?.ts ?? 0);
  const left = after.map(({ topic, setting }) => `${topic}: ${setting}`).join(', ');
  const given = { command: 'topics.repair', actor: shellActor(host.env), asked: { drift: before } };
  const at = Math.round((performance.timeOrigin + host.wallClock()) * microsPerMilli);
  await auditCommand(
    log,
    graph,
    left === '' ? given : { ...given, reason: `the cluster does not take ${left}` },
    { at, eventTimeOf: (symbol) => times.get(symbol) ?? 0 },
  );
}

async function repair(host: Host, log: Log, graph: FlowGraph): Promise<ExitCode> {
  const admin = adminOf(log);
  if (!admin) {
    host.stdout.write(
      'Nothing to mend: this log has no partitions or settings that could drift.\n',
    );
    return 0;
  }
  declareTopics(log, graph);
  const names = topicsOfFlow(graph, admin.own).map(({ topic }) => topic);
  const before = await admin.drift(names);
  await admin.repair(names);
  const after = await admin.drift(names);
  const isLeft = (one: TopicDrift): boolean =>
    after.some(({ topic, setting }) => topic === one.topic && setting === one.setting);
  for (const one of before.filter((drift) => !isLeft(drift)))
    host.stdout.write(`mended  ${one.topic}: ${one.setting} ${one.was} → ${one.expected}\n`);
  for (const one of after)
    host.stdout.write(
      `left    ${one.topic}: ${one.setting} is ${one.was}, wanted ${one.expected}; the cluster does not take it\n`,
    );
  if (before.length === 0) host.stdout.write('No drift.\n');
  else await auditRepair(host, log, graph, { before, after });
  return after.length > 0 ? 1 : 0;
}

/** `orderflow topics`: what a flow reads and writes, and whether the log has it as it should be. */
export const command: Command = {
  name: 'topics',
  summary:
    'List the topics of a flow with contract, size and drift; show one; mend what has drifted',
  words: ['[ACTION]', '[FLOW]', '[TOPIC]'],
  options: [
    homeOption,
    logOption,
    ...flowOptions,
    { name: 'json', summary: 'Print one JSON object' },
  ],
  examples: [
    ['orderflow topics', `lists the topics of ${defaultFlow}, also while it runs`],
    [
      'orderflow topics show flows/my.flow.yaml my-flow.absorb.signal',
      'shows one topic with its last record',
    ],
    [
      'orderflow topics repair',
      'makes absent topics of a cluster, adds partitions, corrects settings; exit code 1 when something is left',
    ],
  ],
  async run(host, args): Promise<ExitCode> {
    const { action, flow, topic } = askedOf(args);
    const graph = await loadFlow(host, flow, args);
    const log = await openToLook(host, args);
    try {
      if (action === 'repair') return await repair(host, log, graph);
      const report = await reportOf(log, graph);
      if (topic !== null) return await showTopic(host, args, { log, report, topic });
      if (args.has('json')) {
        const { states, drift, sizes } = report;
        const topics = states.map(({ plan, partitions }) => {
          const one = report.found.get(plan.topic);
          return {
            ...plan,
            partitions,
            bytes: report.sizes.topics[plan.topic] ?? null,
            partitionCount: one?.partitions ?? null,
            settings: one?.settings ?? null,
          };
        });
        const { files, reason } = sizes;
        const whole = { flow: graph.name, log: log.kind, topics, drift, sizes: { files, reason } };
        host.stdout.write(`${JSON.stringify(whole, null, 2)}\n`);
      } else host.stdout.write(listText(report) + sumText(report));
      return report.drift.length > 0 ? 1 : 0;
    } finally {
      await log.close();
    }
  },
};
