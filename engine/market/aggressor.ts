import { microsPerMillisecond } from './time.ts';

/** Who crossed the spread: 1 a buyer, -1 a seller, 0 unknown. */
export type Side = 1 | -1 | 0;

/** What the inference of the aggressor remembers between records; plain numbers, so a snapshot is a copy. */
export interface AggressorState {
  /** Side of the last trade came from the quote or tick rule (1) or from the venue, or is unknown (0). */
  inferred: 0 | 1;
  /** Whether the quote below is usable: both sides present and bid below ask. */
  quoted: 0 | 1;
  bid: number;
  ask: number;
  quoteTs: number;
  /** Whether a trade was seen. */
  traded: 0 | 1;
  lastPrice: number;
  /** Direction of the last price change; equal prices inherit it. */
  lastSign: Side;
  /** A quote older than this says nothing about a trade, in microseconds. */
  readonly staleMicros: number;
}

/** Returns the state before the first record; quotes older than `staleMs` are not used. */
export function createAggressorState(staleMs = 2_000): AggressorState {
  return {
    inferred: 0,
    quoted: 0,
    bid: 0,
    ask: 0,
    quoteTs: 0,
    traded: 0,
    lastPrice: 0,
    lastSign: 0,
    staleMicros: staleMs * microsPerMillisecond,
  };
}

/** Takes a quote into force; a missing side (NaN) or a locked or crossed book leaves no usable quote. */
export function onQuote(state: AggressorState, ts: number, bid: number, ask: number): void {
  if (bid < ask) {
    state.quoted = 1;
    state.bid = bid;
    state.ask = ask;
    state.quoteTs = ts;
  } else {
    state.quoted = 0;
  }
}

/**
 * Returns the aggressor's side of a trade and sets `state.inferred`.
 *
 * In this order: the venue's side; at or through a quote, else the nearer quote; at the midpoint, or without a fresh
 * uncrossed quote, the direction of the last price change; before the first price change unknown.
 *
 * @param venueSide - 1 or -1 as the venue said, 0 where it said nothing (also for auction and implied trades).
 * @source Lee and Ready (1991) without their lag; CME MDP 3.0 tag 5797.
 */
export function classify(state: AggressorState, ts: number, price: number, venueSide: Side): Side {
  const change = state.traded === 1 ? price - state.lastPrice : 0;
  if (change > 0) state.lastSign = 1;
  else if (change < 0) state.lastSign = -1;
  state.traded = 1;
  state.lastPrice = price;
  if (venueSide !== 0) {
    state.inferred = 0;
    return venueSide;
  }
  const side = sideByQuote(state, ts, price);
  state.inferred = side === 0 ? 0 : 1;
  return side;
}

function sideByQuote(state: AggressorState, ts: number, price: number): Side {
  if (state.quoted === 0 || ts - state.quoteTs > state.staleMicros) return state.lastSign;
  const fromMiddle = price - state.bid + (price - state.ask);
  if (fromMiddle > 0) return 1;
  return fromMiddle < 0 ? -1 : state.lastSign;
}
