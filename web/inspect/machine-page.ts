import type { LiveTask } from '#engine/cli/live-task.ts';
import { isOrderflowError } from '#engine/errors.ts';
import type { GraphNode } from '#engine/flow/graph.ts';
import type { Moment } from '#engine/inspect/journal-book.ts';
import { statechartOfNode } from '#engine/inspect/node-statechart.ts';
import type { Statechart } from '#engine/inspect/statechart.ts';
import { sessionAt } from '#engine/market/session.ts';
import { nearestName } from '#engine/plugin/nearest.ts';
import type { Task } from '#engine/runtime/task.ts';
import type { DrawnChart } from '../live/chart.ts';
import type {
  LogView,
  MachineThen,
  MomentView,
  OtherVersion,
  ProbeThen,
  StepKeys,
  TableThen,
  TimeLine,
} from '../live/inspect.ts';
import type { Choice, WhyView } from '../live/why.ts';
import { drawChart } from './chart-layout.ts';
import { type Inspector, momentAsked, openInspector, PageRefusal } from './inspector.ts';
import { logView } from './log-view.ts';
import { wordsWith } from './machine-value.ts';
import { machineThen, momentView, stepKeys, tablesThen, timeLine } from './moment-view.ts';
import { probesThen } from './probes-then.ts';
import { choicesOf, refusalOf, whyView } from './why-view.ts';

/** The tabs below a statechart. */
export const machineTabs = ['chart', 'seq', 'log', 'context', 'why'] as const;

/** One of {@link machineTabs}. */
export type MachineTab = (typeof machineTabs)[number];

/** What every page of the inspector knows. */
export interface InspectorPage {
  readonly zone: string;
  readonly reading: { readonly read: number; readonly all: number } | null;
  readonly moment: MomentView | null;
  readonly keys: StepKeys | null;
  readonly line: TimeLine | null;
}

/** One machine's page. */
export interface MachinePage extends InspectorPage {
  readonly node: string;
  readonly plugin: string;
  readonly summary: string;
  readonly tab: MachineTab;
  /** False for a node whose sensor does all the work. */
  readonly hasMachine: boolean;
  /** Null without machine, and where it could not be laid out. */
  readonly chart: DrawnChart | null;
  /** Why it could not be laid out. */
  readonly chartProblem: string | null;
  readonly transitions: readonly Choice[];
  readonly past: MachineThen | null;
  /** Not null for a moment at which something else ran under this name. */
  readonly otherVersion: OtherVersion | null;
  readonly log: LogView | null;
  readonly why: WhyView | null;
  /** Why a question cannot be answered. */
  readonly refusal: string | null;
}

/** The page of all machines. */
export interface MachinesPage extends InspectorPage {
  /** Every node of the flow that is no source or sink. */
  readonly nodes: readonly {
    readonly node: string;
    readonly plugin: string;
    readonly summary: string;
  }[];
  readonly tables: readonly TableThen[];
  /** What sensors stood at; empty for now. */
  readonly probes: readonly ProbeThen[];
}

const drawn = new WeakMap<Statechart, Promise<DrawnChart>>();
const charts = new WeakMap<object, Map<string, Statechart | null>>();

function chartOf({ task }: Inspector, node: string): Statechart | null {
  const { graph } = task;
  const known = charts.get(graph) ?? new Map<string, Statechart | null>();
  charts.set(graph, known);
  if (!known.has(node)) known.set(node, statechartOfNode(graph, node));
  return known.get(node) ?? null;
}

/** Returns the drawing of a statechart; everything else on the page is there without one. */
async function drawnChart(
  chart: Statechart | null,
): Promise<Pick<MachinePage, 'chart' | 'chartProblem'>> {
  if (!chart) return { chart: null, chartProblem: null };
  const known = drawn.get(chart) ?? drawChart(chart);
  drawn.set(chart, known);
  try {
    return { chart: await known, chartProblem: null };
  } catch (error) {
    drawn.delete(chart);
    return { chart: null, chartProblem: error instanceof Error ? error.message : String(error) };
  }
}

async function commonOf(inspector: Inspector, node: string | null, search: URLSearchParams) {
  const { log, task, book, reading } = inspector;
  const seq = momentAsked(inspector, search);
  const moment = seq === null ? null : await momentOf(inspector, seq);
  const last = book.last?.ts ?? null;
  const ts = moment?.ts ?? last;
  const page: InspectorPage = {
    zone: task.graph.zone,
    reading,
    moment: moment && (await momentView(log, task, book, moment)),
    keys: book.last ? stepKeys(book, node, moment?.seq ?? book.last.seq) : null,
    line: ts === null ? null : timeLine(book, task, node, ts),
  };
  return { page, moment };
}

async function momentOf({ book, reading }: Inspector, seq: number) {
  try {
    return await book.moment(seq);
  } catch (error) {
    if (!isOrderflowError(error, 'OF_MOMENT_UNKNOWN')) throw error;
    // It may be one that is still to be read.
    if (reading) return null;
    throw new PageRefusal(404, error.message);
  }
}

/**
 * Makes the page of all machines; null while the task is not open.
 *
 * @throws {PageRefusal} for a moment that cannot be looked at.
 */
export async function machinesPage(
  live: LiveTask | null,
  search: URLSearchParams,
): Promise<MachinesPage | null> {
  const inspector = await openInspector(live);
  if (!inspector) return null;
  const { log, task } = inspector;
  const { page, moment } = await commonOf(inspector, null, search);
  const { nodes } = task.graph;
  const ids = nodes.map(({ id }) => id);
  return {
    ...page,
    nodes: nodes.map(({ id, plugin }) => ({
      node: id,
      plugin: plugin.id,
      summary: plugin.summary,
    })),
    tables: moment ? await tablesThen(log, task, nodes, moment.ts) : [],
    probes: moment ? await probesThen(log, task, ids, moment.ts, wordsWith(task)) : [],
  };
}

function tabOf(search: URLSearchParams): MachineTab {
  const asked = search.get('tab');
  return machineTabs.find((tab) => tab === asked) ?? 'chart';
}

async function whyOf(
  { live, task }: Inspector,
  node: string,
  moment: Moment | null,
  search: URLSearchParams,
): Promise<Pick<MachinePage, 'why' | 'refusal'>> {
  const text = (name: string): string | null => search.get(name) || null;
  const asked = {
    node,
    transition: text('transition'),
    event: text('event'),
    from: text('from'),
    to: text('to'),
    at: null,
    slack: text('slack'),
    ...(moment
      ? { otherwise: { from: sessionAt(task.instrument.calendar, moment.ts).open, to: moment.ts } }
      : {}),
  };
  try {
    return { why: await whyView(live, asked), refusal: null };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    return { why: null, refusal };
  }
}

/** Returns a node of the flow. */
function nodeOf({ graph }: Task, node: string): GraphNode {
  const found = graph.nodes.find(({ id }) => id === node);
  if (found) return found;
  const nearest = nearestName(
    node,
    graph.nodes.map(({ id }) => id),
  );
  const hint = nearest === null ? '' : `; perhaps '${nearest}'`;
  throw new PageRefusal(404, `The flow ${graph.name} has no node '${node}'${hint}.`);
}

function otherVersionAt(
  { book }: Inspector,
  node: string,
  moment: Moment | null,
): OtherVersion | null {
  const change = moment && book.changeAfter(node, moment.seq);
  if (!change) return null;
  const { ts, version } = change.deployment;
  const { fate, reason, changes } = change.plan;
  return { ts, version, fate, reason, changes };
}

/** The chart of now is then not that of the moment. */
function isOtherMachine(other: OtherVersion | null): boolean {
  return other !== null && other.fate !== 'kept';
}

/** The macrostep a log ends with. */
function lastShown({ last }: Inspector['book'], moment: Moment | null): number {
  return moment?.seq ?? last?.seq ?? 0;
}

/** What a tab shows beside the chart; the sequence is the log of all machines. */
function logOf(
  { task, book }: Inspector,
  node: string,
  moment: Moment | null,
  search: URLSearchParams,
): LogView | null {
  const tab = tabOf(search);
  if (tab !== 'log' && tab !== 'seq') return null;
  const until = lastShown(book, moment);
  const before = Number(search.get('before') ?? '');
  const isAll = tab === 'log' && search.get('only') === 'all';
  return logView(book, task.graph, {
    node: tab === 'seq' ? null : node,
    until: before > 0 ? Math.min(before, until) : until,
    only: isAll ? 'all' : 'transitions',
    filter: tab === 'log' ? (search.get('filter') ?? '') : '',
  });
}

/**
 * Makes the page of one machine; null while the task is not open.
 *
 * @throws {PageRefusal} 404 for a node the flow does not have, or a moment that cannot be looked at.
 */
export async function machinePage(
  live: LiveTask | null,
  node: string,
  search: URLSearchParams,
): Promise<MachinePage | null> {
  const inspector = await openInspector(live);
  if (!inspector) return null;
  const { log, task, book } = inspector;
  const { plugin } = nodeOf(task, node);
  const { page, moment } = await commonOf(inspector, node, search);
  const otherVersion = otherVersionAt(inspector, node, moment);
  const known = chartOf(inspector, node);
  const chart = isOtherMachine(otherVersion) ? null : known;
  const tab = tabOf(search);
  const isAsking = tab === 'why' && chart !== null;
  return {
    ...page,
    node,
    plugin: plugin.id,
    summary: plugin.summary,
    tab,
    hasMachine: known !== null,
    ...(await drawnChart(chart)),
    transitions: choicesOf(chart?.transitions ?? []),
    otherVersion,
    past: moment && (await machineThen(log, task, book, node, moment)),
    log: logOf(inspector, node, moment, search),
    ...(isAsking ? await whyOf(inspector, node, moment, search) : { why: null, refusal: null }),
  };
}
