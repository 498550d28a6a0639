/** What can be staged on demand. */
export const episodeKinds = [
  'absorption',
  'exhaustion',
  'news',
  'flicker',
  'drive',
  'traverse',
] as const;
export type EpisodeKind = (typeof episodeKinds)[number];

/** State of the script in hand; all numbers, so that it is part of the market's state. */
export interface ScriptState {
  /** Next planned episode of the day. */
  next: number;
  /** 0 none, 1 approach, 2 build, 3 spike, 8 top, 4 fall, 5 news, 6 absorb, 7 turn, 9 flicker. */
  step: number;
  /** Where price goes in the end: 1 up, -1 down. */
  side: number;
  until: number;
  /** Event time of its begin, price it is about. */
  from: number;
  price: number;
  /** Ticks a second while price is moved. */
  pace: number;
  /** Orders a second, at least; 0 as usual. */
  orders: number;
  /** Largest size of a trade; 0 as usual. */
  sizeCap: number;
  /** Contracts added to the level at `price`: asked for, and those that the book shows. */
  wall: number;
  shown: number;
  /** Added to the share of buyers among the orders at the best price. */
  lean: number;
  /** Extremes of the regular session so far. */
  high: number;
  low: number;
}

/** Returns a script state before the day's first episode. */
export function idleScript(): ScriptState {
  return {
    next: 0,
    step: 0,
    side: 0,
    until: 0,
    from: 0,
    price: 0,
    pace: 0,
    orders: 0,
    sizeCap: 0,
    wall: 0,
    shown: 0,
    lean: 0,
    high: 0,
    low: 0,
  };
}
