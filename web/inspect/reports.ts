import { type ShareInterval, wilson } from '#engine/market/wilson.ts';
import type { RunningStore } from '#engine/runtime/store-port.ts';
import type { QueryAnswer } from '#engine/store/queries.ts';
import { askStore } from './ask-store.ts';

/** Sessions that a report looks back on. */
export const mostSessions = 20;

/** How things ended: as expected, otherwise, at the end of their time, or because something else took their place. */
export interface Ends {
  readonly fulfilled: number;
  readonly failed: number;
  readonly expired: number;
  readonly superseded: number;
}

/** The same of one trade day. */
export interface DayEnds extends Ends {
  readonly tradeDate: string;
}

/** How often something was so, of how many cases; the interval is Wilson's, 95 %, and null without a case. */
export interface Share {
  readonly hits: number;
  readonly n: number;
  readonly interval: ShareInterval | null;
}

/** Two sorts of things end. A node may tell of one of them as both: they are never added up. */
export type EndSort = 'expectation' | 'setup';

/** How things of one sort ended that one node told of. */
export interface NodeEnds extends Ends {
  readonly sort: EndSort;
  /** Fulfilled of those that were fulfilled, failed or expired. */
  readonly share: Share;
}

/** What one node said. */
export interface NodeReport {
  readonly node: string;
  readonly signals: number;
  /** By sort; empty for a node whose signals have no end. */
  readonly ends: readonly NodeEnds[];
}

/** How the plan of a day did. */
export interface ScoreRow {
  readonly tradeDate: string;
  readonly regime: string;
  readonly bias: string;
  readonly realised: string;
  readonly conditionHit: boolean | null;
  readonly biasHit: boolean | null;
  /** An ordinary session; others count in no share. */
  readonly counted: boolean;
}

/** What the store has of the last sessions of a flow on an instrument, oldest first. */
export interface Reports {
  /** Trade dates that are looked at. */
  readonly days: readonly string[];
  readonly expectations: readonly DayEnds[];
  readonly setups: readonly DayEnds[];
  readonly nodes: readonly NodeReport[];
  readonly scores: readonly ScoreRow[];
  readonly condition: Share;
  readonly bias: Share;
}

/** Reports, or why there are none. */
export type ReportReading =
  | { readonly reports: Reports; readonly behind: number; readonly store: string }
  | { readonly missing: string };

/** What is reported of. */
export interface ReportSubject {
  readonly flow: string;
  readonly instrument: string;
}

const none: Ends = { fulfilled: 0, failed: 0, expired: 0, superseded: 0 };

type Ended = { readonly node: string; readonly end: keyof Ends };

const setupEnds: Readonly<Record<string, keyof Ends>> = {
  completed: 'fulfilled',
  rejected: 'failed',
  expired: 'expired',
};
const failures: Readonly<Record<string, keyof Ends>> = {
  invalidated: 'failed',
  expired: 'expired',
  superseded: 'superseded',
};

/** What ended, of rows that tell of changes; one that is still open has not. */
function endOfExpectation(status: string, failure: string | null): keyof Ends | null {
  if (status === 'fulfilled') return 'fulfilled';
  return status === 'failed' ? (failures[failure ?? ''] ?? 'failed') : null;
}

function sum(ended: readonly Ended[]): Ends {
  const counts = { ...none };
  for (const { end } of ended) counts[end] += 1;
  return counts;
}

function shareOf(hits: number, n: number): Share {
  return { hits, n, interval: wilson(hits, n) };
}

function shareOfVerdicts(verdicts: readonly (boolean | null)[]): Share {
  const told = verdicts.filter((verdict) => verdict !== null);
  return shareOf(told.filter(Boolean).length, told.length);
}

function scoreOf(row: QueryAnswer<'hypothesisScores'>[number]): ScoreRow {
  const { tradeDate, regime, bias, realised, conditionHit = null, biasHit = null, counted } = row;
  return { tradeDate, regime, bias, realised, conditionHit, biasHit, counted };
}

interface DayRead {
  readonly tradeDate: string;
  readonly expectations: readonly Ended[];
  readonly setups: readonly Ended[];
  readonly signals: readonly string[];
}

async function readDay(
  store: RunningStore,
  { flow, instrument }: ReportSubject,
  tradeDate: string,
): Promise<DayRead> {
  const on = { instrument, tradeDate };
  const [expectations, outcomes, signals] = await Promise.all([
    askStore(store, 'expectationsOf', on),
    askStore(store, 'outcomesOf', on),
    askStore(store, 'signalsOf', on),
  ]);
  const own = <Row extends { readonly flow: string }>(rows: readonly Row[]): readonly Row[] =>
    rows.filter((row) => row.flow === flow);
  return {
    tradeDate,
    expectations: own(expectations).flatMap(({ node, status, failure }) => {
      const end = endOfExpectation(status, failure ?? null);
      return end === null ? [] : [{ node, end }];
    }),
    setups: own(outcomes).map(({ node, result }) => ({ node, end: setupEnds[result] ?? 'failed' })),
    signals: own(signals).map(({ node }) => node),
  };
}

function endsOf(sort: EndSort, ended: readonly Ended[]): readonly NodeEnds[] {
  if (ended.length === 0) return [];
  const ends = sum(ended);
  const { fulfilled, failed, expired } = ends;
  return [{ sort, ...ends, share: shareOf(fulfilled, fulfilled + failed + expired) }];
}

function nodesOf(days: readonly DayRead[]): readonly NodeReport[] {
  const expectations = days.flatMap((day) => day.expectations);
  const setups = days.flatMap((day) => day.setups);
  const signals = days.flatMap((day) => day.signals);
  const ended = [...expectations, ...setups].map(({ node }) => node);
  return [...new Set([...ended, ...signals])].sort().map((node) => {
    const own = (all: readonly Ended[]): Ended[] => all.filter((one) => one.node === node);
    return {
      node,
      signals: signals.filter((name) => name === node).length,
      ends: [...endsOf('expectation', own(expectations)), ...endsOf('setup', own(setups))],
    };
  });
}

async function read(store: RunningStore, subject: ReportSubject): Promise<ReportReading> {
  const { flow, instrument } = subject;
  const kept = await askStore(store, 'sessionDays', { instrument, limit: mostSessions });
  if (kept.length === 0)
    return { missing: 'the store keeps no session yet: there is one once a trade day has begun' };
  const dates = kept.map(({ tradeDate }) => tradeDate).reverse();
  const days: DayRead[] = [];
  for (const tradeDate of dates) days.push(await readDay(store, subject, tradeDate));
  const scores = (await askStore(store, 'hypothesisScores', { instrument, limit: mostSessions }))
    .filter((row) => row.flow === flow && dates.includes(row.tradeDate))
    .map(scoreOf)
    .reverse();
  const counted = scores.filter((row) => row.counted);
  const { done, all } = store.status;
  return {
    store: store.name,
    behind: done === null || all === null ? 0 : Math.max(0, all - done),
    reports: {
      days: dates,
      expectations: days.map((day) => ({ tradeDate: day.tradeDate, ...sum(day.expectations) })),
      setups: days.map((day) => ({ tradeDate: day.tradeDate, ...sum(day.setups) })),
      nodes: nodesOf(days),
      scores,
      condition: shareOfVerdicts(counted.map(({ conditionHit }) => conditionHit)),
      bias: shareOfVerdicts(counted.map(({ biasHit }) => biasHit)),
    },
  };
}

/** Returns what the store has of the last sessions; what keeps it from telling is told in words. */
export async function readReports(
  store: RunningStore | null,
  subject: ReportSubject,
): Promise<ReportReading> {
  if (!store) return { missing: 'this run has no store beside it: it was started with --no-store' };
  try {
    return await read(store, subject);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { missing: `the store cannot be asked: ${cause}` };
  }
}
