// biome-ignore format: the numbers of one subject stand on one line
/** Places of the sensor's numbers. */
export const slot = {
  date: 0, delta: 1, high: 2, low: 3, volume: 4, unknown: 5, inferred: 6, // the trade day; `unknown` without auctions
  close: 7, minuteHigh: 8, minuteLow: 9, approximate: 10, // the running minute
  bars: 11, swingCd: 12, // minutes that traded, and delta at the last confirmed swing
  live: 13, rthStart: 14, openDelta: 15, openVolume: 16, openUnknown: 17, // the regular session: 1 while it runs
  minutes: 18, periodVolume: 19, sign: 20, // minutes judged; day volume when the half hour began; side of zero
  condition: 21, way: 22, since: 23, // index among the conditions, 1 long, -1 short
  changes: 24, changeAt: 25, changeCd: 26, longestHole: 27, // changes of delta in this session
  periodCd: 28, periodSum: 29, periodSquares: 30, periodCount: 31, // changes in half hours
  sessions: 32, longestSession: 33, // sessions kept
  leadPeak: 34, heldPeak: 35, beyondPeak: 36, strengthPeak: 37, unknownPeak: 38, // largest of the minute
} as const;
