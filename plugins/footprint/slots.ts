/** Where the numbers of the sensor's slots lie. */
// biome-ignore format: the numbers of one subject stand on one line
export const slot = {
  start: 0, open: 1, high: 2, low: 3, close: 4, end: 5, // the running bar
  volume: 6, delta: 7, minDelta: 8, maxDelta: 9, // extremes after a classified trade
  atHigh: 10, atLow: 11, // delta when the high and the low were last touched
  unknown: 12, inferred: 13, trades: 14, approximate: 15, // `unknown` without auctions
  date: 16, segment: 17, // the trade day, and the part of it that bars do not leave
  priorHigh: 18, priorLow: 19, // of the bar before, NaN for the first of a day
  fullAt: 20, reach: 21, // the volume and the height a bar may have
  runPeak: 22, caughtPeak: 23, backPeak: 24, // largest of the minute
  session: 25, swings: 26, // the session at hand as a part of the day, -1 before the first; bars of the day so far
  sessionHigh: 27, sessionHighBid: 28, sessionHighAsk: 29, sessionHighAt: 30, // the row at its high, and when it was made
  sessionLow: 31, sessionLowBid: 32, sessionLowAsk: 33, sessionLowAt: 34,
  openEnds: 35, // unfinished ends that price has not come back to
} as const;

/** Ladders by aggressor: a trade's side is the place minus one. */
export const ladders = ['bid', 'unclassified', 'ask'];
