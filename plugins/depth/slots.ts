import type { Config } from './config.ts';

/** Levels of each side. */
export const levels = 10;
/** The book is looked at this often: ten times a second. */
export const frameUs = 100_000;
/** Frames of the windows of 1, 10 and 60 s. */
export const frames = { one: 10, ten: 100, sixty: 600 } as const;
/** Frames between two samples of the 10-second sums, and of the sizes of all levels. */
export const sumSampleFrames = 20;
export const sizeSampleFrames = 100;
/** Walls under watch at a time: no side has more levels. */
export const wallRoom = 2 * levels;
/** Flickers remembered. */
export const flickerRoom = 16;

/** Where the numbers of the sensor's slots lie. */
// biome-ignore format: the numbers of one subject stand on one line
export const slot = {
  date: 0, hasBook: 1, isStale: 2, depthTs: 3, groupTs: 4, // the session; depth came, and stopped; last change; changes at hand
  frameEnd: 5, isDirty: 6, hasBefore: 7, // the frame at hand, whether its book changed, whether there is an earlier one
  hasBest: 8, bid: 9, bidSize: 10, ask: 11, askSize: 12, // last best prices that were in order
  flow: 13, seeded: 14, frameAt: 15, frameCount: 16, // order flow of the frame; frames since the seed; place in the rings; frames in all
  flow1: 17, flow10: 18, flow60: 19, best1: 20, best10: 21, best60: 22, valid1: 23, valid10: 24, valid60: 25,
  sums: 26, // bid stack, bid pull, ask stack, ask pull of 10 s
  framed: 30, // the same four of the frame at hand
  needs: 34, // quantile of each, 0 while unknown
  active: 38, // whether each is unusual now
  sumSamples: 42, sizeSamples: 43, bidWall: 44, askWall: 45, // samples so far; wall quantiles, 0 while unknown
  bidNeeded: 46, askNeeded: 47, // what makes a wall now, 0 while unknown
  lean: 48, mean5: 49, since: 50, // index of the lean, its mean, when it began
  walls: 51, flickers: 52, bidWeightUntil: 53, askWeightUntil: 54, now: 55,
  leanPeak: 56, wallPeak: 57, wallPeakNeeded: 58, sumPeak: 59, sumPeakNeeded: 60, flickerPeak: 61,
  bidChanged: 62, askChanged: 63, deep: 64, deep1: 65, deep10: 66, deep60: 67, // levels that changed, as bits; order flow of all levels
} as const;

/** Names of the slots: groups of four are numbered. */
export const slotNames: readonly string[] = Object.keys(slot).flatMap((name) =>
  ['sums', 'framed', 'needs', 'active'].includes(name)
    ? ['bidStack', 'bidPull', 'askStack', 'askPull'].map((what) => `${name}.${what}`)
    : [name],
);

/** Ladders of what traded since the last book, by the side of the book it took from. */
export const ladder = { fromBids: 0, fromAsks: 1 } as const;

/** Returns how many samples of the 10-second sums are kept, and how many make a quantile. */
export function sumRoom(c: Config): number {
  return (c.baselineMinutes * 60 * frames.one) / sumSampleFrames;
}
export function sumsNeeded(c: Config): number {
  return (Math.min(c.baselineMinMinutes, c.baselineMinutes) * 60 * frames.one) / sumSampleFrames;
}

/** Returns the same of the samples of all levels of a side. */
export function sizeRoom(c: Config): number {
  return ((c.baselineMinutes * 60 * frames.one) / sizeSampleFrames) * levels;
}
export function sizesNeeded(c: Config): number {
  const minutes = Math.min(c.baselineMinMinutes, c.baselineMinutes);
  return ((minutes * 60 * frames.one) / sizeSampleFrames) * levels;
}

/** Returns the lengths of the sensor's arrays. */
export function arrayRooms(c: Config): Record<string, number> {
  const side = {
    ...{ Price: levels, Size: levels, PriceBefore: levels, SizeBefore: levels },
    ...{ PriceLast: levels, SizeLast: levels },
  };
  const sides = ['bid', 'ask'].flatMap((name) =>
    Object.entries(side).map(([what, room]) => [`${name}${what}`, room] as const),
  );
  return {
    ...Object.fromEntries(sides),
    flows: frames.sixty,
    deepFlows: frames.sixty,
    bests: frames.sixty,
    imbalances: frames.ten,
    pullStacks: 4 * frames.ten,
    sumSamples: 4 * sumRoom(c),
    bidSizes: sizeRoom(c),
    askSizes: sizeRoom(c),
    scratch: levels,
    wallSide: wallRoom,
    wallPrice: wallRoom,
    wallSince: wallRoom,
    wallNeeded: wallRoom,
    wallBase: wallRoom,
    wallAdded: wallRoom,
    wallPeak: wallRoom,
    wallExecuted: wallRoom,
    wallState: wallRoom,
    flickerPrice: flickerRoom,
    flickerSide: flickerRoom,
    flickerTs: flickerRoom,
  };
}
