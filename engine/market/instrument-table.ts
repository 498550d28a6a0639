import type { CalendarId } from './calendar-data.ts';

/** What a price means: one row of the instrument table. */
export interface Instrument {
  readonly symbol: string;
  /** The partition of its market data; unique among instruments. */
  readonly number: number;
  readonly description: string;
  /** The least price step as a fraction of a point: 1/4 for ES. */
  readonly tickSize: { readonly num: number; readonly den: number };
  /** Dollars per whole point and contract. */
  readonly multiplierUsd: number;
  /** Cents per tick and contract. */
  readonly tickValueCents: number;
  readonly currency: 'USD';
  readonly kind: 'future' | 'etf';
  readonly calendar: CalendarId;
  /** Root of its contract codes: ES in ESU13. */
  readonly root: string;
  /** Month letters of the contracts that lead in turn, null for what does not expire. */
  readonly months: string | null;
  /** Prices at or below zero are real: crude oil settled at -37.63 on 2020-04-20. Absent: such a price is a mistake. */
  readonly pricesBelowZero?: boolean;
  /** Least aggressive volume at a price that can count as absorption, in contracts; absent: the quantile alone decides. */
  readonly absorptionFloorContracts?: number;
}

interface IndexFuture {
  readonly number: number;
  readonly description: string;
  readonly tick: readonly [num: number, den: number];
  readonly multiplierUsd: number;
  readonly absorptionFloorContracts?: number;
}

function indexFuture(symbol: string, row: IndexFuture): Instrument {
  const { tick, ...rest } = row;
  return {
    ...rest,
    symbol,
    tickSize: { num: tick[0], den: tick[1] },
    tickValueCents: (row.multiplierUsd * 100 * tick[0]) / tick[1],
    currency: 'USD',
    kind: 'future',
    calendar: 'cme-equity',
    root: symbol,
    months: 'HMUZ',
  };
}

/** The instruments that ship; a flow or a user file may add rows. @source CME Group contract specifications; NYSE Arca. */
export const instruments: readonly Instrument[] = [
  indexFuture('ES', {
    number: 0,
    description: 'E-mini S&P 500',
    tick: [1, 4],
    multiplierUsd: 50,
    absorptionFloorContracts: 300,
  }),
  indexFuture('MES', {
    number: 1,
    description: 'Micro E-mini S&P 500',
    tick: [1, 4],
    multiplierUsd: 5,
  }),
  indexFuture('NQ', {
    number: 2,
    description: 'E-mini Nasdaq-100',
    tick: [1, 4],
    multiplierUsd: 20,
  }),
  indexFuture('MNQ', {
    number: 3,
    description: 'Micro E-mini Nasdaq-100',
    tick: [1, 4],
    multiplierUsd: 2,
  }),
  indexFuture('YM', { number: 4, description: 'E-mini Dow', tick: [1, 1], multiplierUsd: 5 }),
  indexFuture('RTY', {
    number: 5,
    description: 'E-mini Russell 2000',
    tick: [1, 10],
    multiplierUsd: 50,
  }),
  {
    symbol: 'CL',
    number: 6,
    description: 'WTI crude oil',
    tickSize: { num: 1, den: 100 },
    multiplierUsd: 1_000,
    tickValueCents: 1_000,
    currency: 'USD',
    kind: 'future',
    calendar: 'nymex-energy',
    root: 'CL',
    months: 'FGHJKMNQUVXZ',
    pricesBelowZero: true,
  },
  {
    symbol: 'GC',
    number: 7,
    description: 'Gold',
    tickSize: { num: 1, den: 10 },
    multiplierUsd: 100,
    tickValueCents: 1_000,
    currency: 'USD',
    kind: 'future',
    calendar: 'comex-metals',
    root: 'GC',
    months: 'GJMQZ',
  },
  {
    symbol: 'SPY',
    number: 8,
    description: 'SPDR S&P 500 ETF',
    tickSize: { num: 1, den: 100 },
    multiplierUsd: 1,
    tickValueCents: 1,
    currency: 'USD',
    kind: 'etf',
    calendar: 'us-equity',
    root: 'SPY',
    months: null,
  },
];
