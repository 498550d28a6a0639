import type { z } from 'zod';
import type { FlowGraph } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import { type Phase, sessionDay } from '../market/session.ts';
import { formatTradeDate } from '../market/time.ts';
import { toEdge } from '../plugin/edge.ts';
import { contractId, type RecordPort } from '../plugin/port.ts';
import type { Task } from '../runtime/task.ts';

type Row = Readonly<Record<string, unknown>>;

/** Two edges of a value area as decimals, null where unknown. */
interface Edges {
  readonly vah: number | null;
  readonly val: number | null;
}

/** What a session's regular hours came to; every number is null where the flow has nobody who knows it. */
export interface RthReport {
  readonly open: number | null;
  readonly high: number | null;
  readonly low: number | null;
  readonly close: number | null;
  readonly volume: number | null;
  readonly vwap: number | null;
  readonly poc: number | null;
  readonly vah: number | null;
  readonly val: number | null;
  readonly one: Edges;
  readonly initialBalance: { readonly high: number | null; readonly low: number | null };
  readonly shape: string | null;
  readonly openingType: string | null;
}

/** The composite value area that was in force during a session. */
export interface CompositeReport {
  readonly poc: number;
  readonly vah: number;
  readonly val: number;
  readonly one: { readonly vah: number; readonly val: number };
  readonly sessions: readonly string[];
  readonly partial: boolean;
}

/** A signal as a strategy or a setup emitted it, prices as decimals. */
export interface SignalReport extends Row {
  readonly ts: number;
  readonly node: string;
  readonly port: string;
}

/** One session of a replay, prices as decimals. */
export interface SessionReport {
  readonly tradeDate: string;
  readonly short: boolean;
  /** Levels were estimated from bars; null when no profile was completed. */
  readonly approximate: boolean | null;
  /** Only there when the data of its regular hours has a hole, begins late or ends early. */
  readonly gap?: true;
  readonly rth: RthReport;
  readonly cva: CompositeReport | null;
  readonly signals: readonly SignalReport[];
  /** The state of each machine when the session was over. */
  readonly machines: Readonly<Record<string, string>>;
}

interface Draft {
  readonly tradeDate: string;
  readonly short: boolean;
  /** Rows the task had seen before the session. */
  readonly rowsBefore: number;
  completed: Row | null;
  vwap: Row | null;
  opening: Row | null;
  /** Null until the end of RTH, when it is settled. */
  composite: { readonly row: Row | null } | null;
  readonly signals: SignalReport[];
  machines: Readonly<Record<string, string>>;
}

/** What the report does with the records of an out-port. */
type Role = 'completed-profile' | 'vwap-bands' | 'composite-area' | 'opening-type' | 'signal';

const roleOfContract: Readonly<Record<string, Role>> = {
  'completed-profile/1': 'completed-profile',
  'vwap-bands/1': 'vwap-bands',
  'composite-area/1': 'composite-area',
  'opening-type/1': 'opening-type',
};

/** Returns whether records of a port are signals: events with a side in each, a price to act at and a reason. */
export function isSignalPort({ kind, schema }: RecordPort): boolean {
  const { shape } = schema;
  return (
    kind === 'event' &&
    'side' in shape &&
    !shape['side'].safeParse(null).success &&
    'reason' in shape &&
    ('price' in shape || 'entry' in shape)
  );
}

/** Finds by contract which out-ports the report reads: of several nodes with one contract the first of the flow. */
function rolesOf(
  graph: FlowGraph,
): ReadonlyMap<string, { readonly role: Role; readonly schema: z.ZodObject }> {
  const roles = new Map<string, { role: Role; schema: z.ZodObject }>();
  const taken = new Set<Role>();
  for (const node of graph.nodes) {
    for (const [port, spec] of Object.entries(node.plugin.out)) {
      const role =
        roleOfContract[contractId(spec.schema, node.plugin.id, port)] ??
        (isSignalPort(spec) ? 'signal' : undefined);
      if (role === undefined || (role !== 'signal' && taken.has(role))) continue;
      taken.add(role);
      roles.set(`${node.id}.${port}`, { role, schema: spec.schema });
    }
  }
  return roles;
}

/** Collects, while a task runs, what each session came to. */
export class SessionCollector {
  private readonly task: Task;
  private readonly instrument: Instrument;
  private readonly roles: ReturnType<typeof rolesOf>;
  private readonly done: Draft[] = [];
  private current: Draft | null = null;
  private composite: Row | null = null;

  constructor(task: Task) {
    this.task = task;
    this.instrument = task.instrument;
    this.roles = rolesOf(task.graph);
    task.phaseListener = (_ts, phase, tradeDate) => this.phase(phase, tradeDate);
    task.output.listener = (node, port, ts, payload) => this.record(node, port, ts, payload);
  }

  /** Returns the sessions that saw market data, oldest first; one that is still open with what it is so far. */
  sessions(): SessionReport[] {
    this.finish();
    return this.done.map(reportOf);
  }

  private phase(phase: Phase, tradeDate: number): void {
    const date = formatTradeDate(tradeDate);
    // Machines answer to the close itself, so a session is over when the next one begins.
    if (this.current?.tradeDate !== date) {
      this.finish();
      this.current = this.begin(tradeDate, date);
    }
    // A boundary is told of before any sensor hears of it: the composite of the next session is not made yet.
    if (phase === 'post-rth' || phase === 'closed')
      this.current.composite ??= { row: this.composite };
  }

  private finish(): void {
    const { current } = this;
    if (!current || !this.hasData(current)) return;
    current.composite ??= { row: this.composite };
    current.machines = Object.fromEntries(
      this.task.nodes.flatMap((node) => (node.machine ? [[node.id, node.machine.state]] : [])),
    );
    if (!this.done.includes(current)) this.done.push(current);
  }

  private begin(tradeDate: number, date: string): Draft {
    return {
      tradeDate: date,
      short: sessionDay(this.instrument.calendar, tradeDate)?.short ?? false,
      rowsBefore: this.task.clock.rows,
      completed: null,
      vwap: null,
      opening: null,
      composite: null,
      signals: [],
      machines: {},
    };
  }

  private hasData(draft: Draft): boolean {
    return this.task.clock.rows > draft.rowsBefore;
  }

  private record(node: string, port: string, ts: number, payload: Row): void {
    const found = this.roles.get(`${node}.${port}`);
    const { current } = this;
    if (!found || !current) return;
    const { role, schema } = found;
    if (role === 'composite-area')
      this.composite = payload['inForce'] === false ? null : this.edge(schema, payload);
    else if (role === 'signal') {
      const { ts: _ts, node: _node, port: _port, ...fields } = this.edge(schema, payload);
      current.signals.push({ ts, node, port, ...fields });
    } else if (payload['tradeDate'] === current.tradeDate) {
      if (role === 'completed-profile') current.completed = this.edge(schema, payload);
      else if (role === 'opening-type') current.opening = payload;
      else if (payload['anchor'] === 'rth') current.vwap = this.edge(schema, payload);
    }
  }

  private edge(schema: z.ZodObject, payload: Row): Row {
    return toEdge(schema, payload, this.instrument);
  }
}

function numberOf(row: Row | null, field: string): number | null {
  const value = row?.[field];
  return typeof value === 'number' ? value : null;
}

function rowOf(row: Row | null, field: string): Row | null {
  const value = row?.[field];
  return typeof value === 'object' && value !== null ? (value as Row) : null;
}

function reportOf(draft: Draft): SessionReport {
  const { tradeDate, short, completed, vwap, opening, composite, signals, machines } = draft;
  const isApproximate = completed?.['approximate'];
  const shape = completed?.['shape'];
  const one = rowOf(completed, 'one');
  const initialBalance = rowOf(completed, 'initialBalance');
  const of = (field: string): number | null => numberOf(completed, field);
  return {
    tradeDate,
    short,
    approximate: typeof isApproximate === 'boolean' ? isApproximate : null,
    ...(completed?.['gap'] === true ? { gap: true } : {}),
    rth: {
      open: of('open'),
      high: of('high'),
      low: of('low'),
      close: of('close'),
      volume: of('volume'),
      vwap: numberOf(vwap, 'vwap'),
      poc: of('poc'),
      vah: of('vah'),
      val: of('val'),
      one: { vah: numberOf(one, 'vah'), val: numberOf(one, 'val') },
      initialBalance: {
        high: numberOf(initialBalance, 'high'),
        low: numberOf(initialBalance, 'low'),
      },
      shape: typeof shape === 'string' ? shape : null,
      openingType: openingOf(opening),
    },
    cva: compositeOf(composite?.row ?? null),
    signals,
    machines,
  };
}

/** The opening's type, once it is final; null before, or where nobody could tell. */
function openingOf(row: Row | null): string | null {
  const type = row?.['openingType'];
  const isFinal = row?.['stage'] === 'final' || row?.['stage'] === 'revoked';
  return isFinal && typeof type === 'string' ? type : null;
}

function compositeOf(row: Row | null): CompositeReport | null {
  if (!row) return null;
  const { poc, vah, val, one, sessions, partial } = row as unknown as CompositeReport;
  return { poc, vah, val, one: { vah: one.vah, val: one.val }, sessions: [...sessions], partial };
}
