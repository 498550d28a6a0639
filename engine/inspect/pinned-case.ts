import { stringify } from 'yaml';
import type { JournalRecord } from '../contracts/journal.ts';
import type { GraphNode, Wire } from '../flow/graph.ts';
import { addDays, formatTradeDate, formatZoned, zonedDate } from '../market/time.ts';
import { toEdge } from '../plugin/edge.ts';
import type { RecordPort } from '../plugin/port.ts';
import type { NodeInstance } from '../runtime/node.ts';
import type { Task } from '../runtime/task.ts';
import { readFlowTest } from './flow-test-file.ts';
import { runFlowTestCase } from './flow-test-run.ts';
import type { JournalBook } from './journal-book.ts';

type Row = Readonly<Record<string, unknown>>;

/** A case for a flow's test file, made from what the journal has. */
export interface PinnedCase {
  /** YAML to put under `cases:`. */
  readonly text: string;
  /** Macrostep it is of, and its event time in microseconds. */
  readonly seq: number;
  readonly ts: number;
  /** What does not hold when it is run against the flow that runs; empty when it passes. */
  readonly failures: readonly string[];
}

const microsPerSecond = 1_000_000;
const mostTableCharacters = 4_000;
/** A file reads times of such an hour, and later ones, as those of the evening before. */
const eveningHour = 18;

/** A time as a test file has it: a trade date with a clock time. */
function caseClock({ graph }: Task, ts: number): { readonly day: string; readonly at: string } {
  const clock = formatZoned(graph.zone, ts);
  const rest = ((ts % microsPerSecond) + microsPerSecond) % microsPerSecond;
  const fraction = rest === 0 ? '' : `.${String(rest).padStart(6, '0')}`;
  const date = zonedDate(graph.zone, ts);
  const isEvening = Number(clock.slice(0, 2)) >= eveningHour;
  return { day: formatTradeDate(isEvening ? addDays(date, 1) : date), at: `${clock}${fraction}` };
}

/** The fields of a payload that a schema knows, prices as decimals. */
function edgeOf({ instrument }: Task, schema: Parameters<typeof toEdge>[0], payload: Row): Row {
  const known = 'shape' in schema ? Object.keys(schema.shape as object) : Object.keys(payload);
  const own = Object.fromEntries(Object.entries(payload).filter(([name]) => known.includes(name)));
  return toEdge(schema, own, instrument);
}

/** Rows of a keyed table as a case gives them: by key, which is then no field. */
function keyedRows(task: Task, { schema }: RecordPort, key: string, rows: Row): Row {
  return Object.fromEntries(
    Object.entries(rows).map(([name, row]) => {
      const { [key]: _, ...fields } = edgeOf(task, schema, row as Row);
      return [name, fields];
    }),
  );
}

/** Every table a node reads, as it is now; what is too long for a case is named instead. */
function tablesOf(task: Task, { tables, wires }: GraphNode) {
  const wired = wires.flatMap(({ kind, origin }) =>
    kind === 'table' && origin.kind === 'node' ? [origin] : [],
  );
  const given: Record<string, unknown> = {};
  const tooLong: string[] = [];
  for (const { node, port } of [...Object.values(tables), ...wired]) {
    const spec = task.node(node).graphNode.plugin.out[port];
    const read = task.readTable(node, port) as Row | undefined;
    if (!spec || spec.kind !== 'table' || read === undefined) continue;
    const { key, schema } = spec;
    const value = key === undefined ? edgeOf(task, schema, read) : keyedRows(task, spec, key, read);
    if (JSON.stringify(value).length > mostTableCharacters) tooLong.push(`${node}.${port}`);
    else given[`${node}.${port}`] = value;
  }
  return { given, tooLong };
}

/** What brings the event: a record on the wire, or for a calendar wire the time alone. */
function feedOf(task: Task, node: GraphNode, wire: Wire, record: JournalRecord): readonly Row[] {
  const { origin, port } = wire;
  const { at } = caseClock(task, record.ts);
  if (origin.kind === 'schedule')
    return [{ at: caseClock(task, record.ts - microsPerSecond).at }, { at }];
  const spec =
    origin.kind === 'node' ? task.node(origin.node).graphNode.plugin.out[origin.port] : null;
  const own = node.plugin.in[port];
  const schema = spec?.schema ?? (own && own.kind !== 'market' ? own.schema : null);
  const payload = schema ? edgeOf(task, schema, record.event) : {};
  return [{ at, emit: { [nameOf(wire)]: payload } }];
}

/** The origin of a wire as a test names it. */
function nameOf({ origin }: Wire): string {
  if (origin.kind === 'node') return `${origin.node}.${origin.port}`;
  if (origin.kind === 'topic')
    return origin.port === null ? origin.topic : `${origin.topic}.${origin.port}`;
  return origin.kind === 'schedule' ? origin.at : origin.source;
}

/** What came of the event: the state after it, and what was said; of an event that changed nothing, that nothing was. */
function expectationOf(task: Task, { id, plugin }: GraphNode, record: JournalRecord): Row {
  const emits = record.emits.flatMap(({ port, payload }) => {
    const spec = plugin.out[port];
    if (!spec || spec.kind !== 'event') return [];
    return [{ port: `${id}.${port}`, payload: edgeOf(task, spec.schema, payload) }];
  });
  const silent = Object.entries(plugin.out).flatMap(([port, { kind }]) =>
    kind === 'event' ? [`${id}.${port}`] : [],
  );
  const states = { [id]: record.to };
  if (emits.length > 0) return { emits, states };
  return silent.length > 0 ? { never: silent, states } : { states };
}

/** Context before a macrostep, as a case gives it; null when the journal no longer says. */
async function contextBefore(
  book: JournalBook,
  task: Task,
  node: NodeInstance,
  seq: number,
): Promise<Row | null> {
  const isFirst = seq === (book.first?.seq ?? 0);
  if (isFirst) return seq === 1 ? {} : null;
  const { machines, isWhole } = await book.moment(seq - 1);
  const context = machines.get(node.id)?.context;
  if (!isWhole || !context) return null;
  const { contextSchema } = node.graphNode;
  const edge = contextSchema ? toEdge(contextSchema, context, task.instrument) : context;
  return JSON.parse(JSON.stringify(edge)) as Row;
}

const flow = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd();

/** The wire a case can speak for; a reason where there is none. */
function wireOf(node: NodeInstance, port: string): Wire | string {
  const wires = node.graphNode.wires.filter((wire) => wire.port === port);
  const wire = wires.find(({ origin }) => origin.kind !== 'market');
  if (!node.machine) return 'this node has no machine: the journal does not say what came of it';
  if (wire) return wire;
  return wires.length === 0
    ? 'nothing is wired to it'
    : 'the market is no single event: a case replays a piece of a recording instead';
}

/**
 * Makes a case for the flow's test file of the last event that an in-port brought to a node's machine: with the state,
 * context and tables it met, and what came of it. The case is run against the flow before it is handed over. Returns a
 * reason where none can be made.
 *
 * Tables are those of now: where one changed since the event, the case says what the flow would do now.
 *
 * @param book - Read up to now.
 */
export async function pinCase(
  book: JournalBook,
  task: Task,
  id: string,
  port: string,
): Promise<PinnedCase | string> {
  const node = task.nodes.find((one) => one.id === id);
  if (!node) return 'the flow that runs has no such node';
  const wire = wireOf(node, port);
  if (typeof wire === 'string') return wire;
  const step = book.stepsOf(id).findLast(({ event }) => event === port);
  const [record] = step ? await book.records(step.seq, step.seq) : [];
  if (!record) return 'the journal has no event of it: none came, or a sensor took it';
  const context = await contextBefore(book, task, node, record.seq);
  if (context === null) return 'the journal no longer says what the machine knew before it';
  return pinned(task, node, wire, record, context);
}

function pinned(
  task: Task,
  { id, graphNode }: NodeInstance,
  wire: Wire,
  record: JournalRecord,
  context: Row,
): PinnedCase {
  const { graph, instrument } = task;
  const { seq, ts, from } = record;
  const { day, at } = caseClock(task, ts);
  const tables = tablesOf(task, graphNode);
  const given = {
    ...{ tradeDate: day, instrument: instrument.symbol },
    ...(from === '' ? {} : { states: { [id]: from } }),
    ...(Object.keys(context).length === 0 ? {} : { context: { [id]: context } }),
    ...(Object.keys(tables.given).length === 0 ? {} : { tables: tables.given }),
  };
  const left = tables.tooLong.map((name) => `  # left out, too long for a case: table ${name}`);
  const text = [
    `  # pinned: macrostep ${seq} of ${graph.name} ${graph.version}`,
    ...left,
    `  - name: ${flow(`${id} hears ${wire.port} (${nameOf(wire)}) on ${day} at ${at}`)}`,
    `    given: ${flow(given)}`,
    '    feed:',
    ...feedOf(task, graphNode, wire, record).map((one) => `      - ${flow(one)}`),
    `    expect: ${flow(expectationOf(task, graphNode, record))}`,
    '',
  ].join('\n');
  return { text, seq, ts, failures: failuresOf(task, text) };
}

/** Runs a case as the test command would. */
function failuresOf({ graph, instrument }: Task, text: string): readonly string[] {
  const { test, lints } = readFlowTest('pinned.test.yaml', `flow: ${graph.file}\ncases:\n${text}`);
  const plan = test?.cases[0];
  if (!plan) return lints.map(({ message }) => message);
  return runFlowTestCase(graph, instrument, plan).failures.map((failure) => failure.text);
}
