import { bucketRooms } from '#engine';
import type { Config } from './config.ts';

/** Seconds kept: those of the window of speed. */
export const secondRoom = 10;
/** Length of a step in seconds: windows of pressure move on by it. */
export const stepSeconds = 10;
/** Steps kept: those of the longest window, five minutes. */
export const stepRoom = 30;
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
  date: 16, dayStart: 17, seconds: 18, secondAt: 19, stepAt: 20, toStep: 21, toMinute: 22, // the session; seconds so far, places in the rings, seconds and steps left
  buys10: 23, sells10: 24, all10: 25, buys60: 26, sells60: 27, all60: 28, buys300: 29, sells300: 30,
  pressure60: 31, side60: 32, next60: 33, held60: 34, pressure300: 35, side300: 36, next300: 37, held300: 38, // side told, the one it may become, seconds of that
  z: 39, speed: 40, calmSpeed: 41, median: 42, mad: 43, basis: 44, bucket: 45, since: 46,
  orders: 47, toQuantile: 48, lotDays: 49, // orders of this session, those left to the next quantile; sessions in the counts
  runSlot: 50, runWay: 51, runLevel: 52, runTs: 53, runExtreme: 54, isRun: 55, // the level traded through last
  rthStart: 56, rthEnd: 57, inRth: 58, quiet: 59, hasGap: 60, rthVolume: 61, volumes: 62, // is this session like others
  lotGapUs: 63, buyTold: 64, buyToldTs: 65, sellTold: 66, sellToldTs: 67, // the orders told last
  looked: 68, // price at which the levels were looked at last
  pressurePeak: 69, speedPeak: 70, lotPeak: 71, lotPeakNeeded: 72, runPeak: 73,
} as const;

/** Returns the lengths of the sensor's arrays. */
export function arrayRooms(c: Config): Record<string, number> {
  return {
    ...bucketRooms(c.baselineSessions),
    secondBuys: secondRoom,
    secondSells: secondRoom,
    secondAll: secondRoom,
    stepBuys: stepRoom,
    stepSells: stepRoom,
    stepAll: stepRoom,
    orderCounts: sizeRoom,
    earlierCounts: c.lotSessions * sizeRoom,
    levelPrice: levelRoom,
    levelSide: levelRoom,
    sessionVolumes: volumeRoom,
  };
}
