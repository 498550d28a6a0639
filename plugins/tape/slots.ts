import { bucketRooms } from '#engine';
import type { Config } from './config.ts';

/** Seconds kept: the longest window. */
export const secondRoom = 300;
/** Sizes of orders are counted up to this one. */
export const sizeRoom = 1_024;
/** Levels a sensor keeps by their slot. */
export const levelRoom = 64;
/** Volumes of earlier regular sessions that tell a thin one. */
export const volumeRoom = 20;

/** Where the numbers of the sensor's slots lie. */
// biome-ignore format: the numbers of one subject stand on one line
export const slot = {
  secondEnd: 0, buys: 1, sells: 2, unsided: 3, price: 4, // the second at hand
  lotSide: 5, lotTs: 6, lotFrom: 7, lotPrice: 8, lotSize: 9, lotPrints: 10, lotNeeded: 11, lotBasis: 12, // the order at hand
  watch: 13, runHigh: 14, runLow: 15, // whether every trade is looked at for runs, else only from these prices on
  date: 16, dayStart: 17, seconds: 18, // the session; seconds so far in the rings
  buys10: 19, sells10: 20, all10: 21, buys60: 22, sells60: 23, all60: 24, buys300: 25, sells300: 26,
  pressure60: 27, side60: 28, pressure300: 29, side300: 30,
  z: 31, speed: 32, median: 33, mad: 34, basis: 35, since: 36,
  orders: 37, lotDays: 38, // orders of this session; sessions in the counts
  runSlot: 39, runWay: 40, runLevel: 41, runTs: 42, runExtreme: 43, isRun: 44, // the level traded through last
  rthStart: 45, rthEnd: 46, inRth: 47, quiet: 48, hasGap: 49, rthVolume: 50, volumes: 51, // is this session like others
  lotGapUs: 52, buyTold: 53, buyToldTs: 54, sellTold: 55, sellToldTs: 56, // the orders told last
  calm60: 57, calm300: 58, calmSpeed: 59, // seconds below where each is left
  pressurePeak: 60, speedPeak: 61, lotPeak: 62, lotPeakNeeded: 63, runPeak: 64,
} as const;

/** Returns the lengths of the sensor's arrays. */
export function arrayRooms(c: Config): Record<string, number> {
  return {
    ...bucketRooms(c.baselineSessions),
    secondBuys: secondRoom,
    secondSells: secondRoom,
    secondAll: secondRoom,
    orderCounts: sizeRoom,
    earlierCounts: c.lotSessions * sizeRoom,
    levelPrice: levelRoom,
    levelSide: levelRoom,
    sessionVolumes: volumeRoom,
  };
}
