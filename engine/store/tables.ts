import type { EntityName } from '@mikro-orm/core';
import { DeadLetterEntry, JournalEntry, NearMiss } from './entities/journal.ts';
import {
  Bar,
  type BarRow,
  LatestPrice,
  type LatestPriceRow,
  SessionDay,
  type SessionDayRow,
} from './entities/market.ts';
import {
  Expectation,
  Hypothesis,
  HypothesisScore,
  Outcome,
  Signal,
  TradeIdea,
} from './entities/plan.ts';
import { CompositeProfile, CompositeStack, DailyProfile } from './entities/profiles.ts';
import { AuditEntry, Run, SystemStatus } from './entities/system.ts';

/** How the rows of a table come about. */
export interface Table<Row extends object> {
  readonly entity: EntityName<Row>;
  /** Columns that make a row one of a kind; null where each record brings rows of its own. */
  readonly key: readonly (keyof Row & string)[] | null;
  /**
   * Joins what is known of a key with what a later record says; without it the later one replaces it. It must be
   * associative: how records fall into batches changes nothing.
   */
  readonly join?: (older: Row, newer: Row) => Row;
  /** Of each topic and partition only the newest rows by a column are kept. */
  readonly keep?: { readonly by: keyof Row & string; readonly newest: number };
}

const table = <Row extends object>(
  entity: EntityName<Row>,
  more: Partial<Omit<Table<Row>, 'entity'>> = {},
): Table<Row> => ({ entity, key: null, ...more });

/** Open and close are in log order; everything else does not depend on it. */
function joinBars(older: BarRow, newer: BarRow): BarRow {
  return {
    ...older,
    high: Math.max(older.high, newer.high),
    low: Math.min(older.low, newer.low),
    close: newer.close,
    volume: older.volume + newer.volume,
    buyVolume: older.buyVolume + newer.buyVolume,
    sellVolume: older.sellVolume + newer.sellVolume,
    unknownVolume: older.unknownVolume + newer.unknownVolume,
    trades: older.trades + newer.trades,
  };
}

function joinPrices(older: LatestPriceRow, newer: LatestPriceRow): LatestPriceRow {
  const trade = newer.lastTs === null ? older : newer;
  const quote = newer.quoteTs === null ? older : newer;
  return {
    instrument: older.instrument,
    feedTs: Math.max(older.feedTs, newer.feedTs),
    last: trade.last ?? null,
    lastSize: trade.lastSize ?? null,
    lastTs: trade.lastTs ?? null,
    bid: quote.bid ?? null,
    bidSize: quote.bidSize ?? null,
    ask: quote.ask ?? null,
    askSize: quote.askSize ?? null,
    quoteTs: quote.quoteTs ?? null,
  };
}

function joinDays(older: SessionDayRow, newer: SessionDayRow): SessionDayRow {
  return { ...newer, startsAt: Math.min(older.startsAt, newer.startsAt) };
}

const sessionsKept = 30;
const composite = {
  key: ['topic', 'partition', 'asOf'],
  keep: { by: 'asOf', newest: sessionsKept },
} as const;

/** Every table that records become rows of. */
export const tables = {
  bars: table(Bar, { key: ['instrument', 'start'], join: joinBars }),
  latestPrices: table(LatestPrice, { key: ['instrument'], join: joinPrices }),
  sessionDays: table(SessionDay, { key: ['instrument', 'tradeDate'], join: joinDays }),
  dailyProfiles: table(DailyProfile, { key: ['topic', 'partition', 'tradeDate'] }),
  compositeProfiles: table(CompositeProfile, composite),
  compositeStacks: table(CompositeStack, composite),
  hypotheses: table(Hypothesis),
  hypothesisScores: table(HypothesisScore),
  signals: table(Signal),
  tradeIdeas: table(TradeIdea),
  expectations: table(Expectation),
  outcomes: table(Outcome),
  journalEntries: table(JournalEntry),
  nearMisses: table(NearMiss),
  deadLetters: table(DeadLetterEntry),
  systemStatus: table(SystemStatus, { key: ['instrument', 'component'] }),
  runs: table(Run, { key: ['id', 'instrument'] }),
  auditEntries: table(AuditEntry),
} as const;
