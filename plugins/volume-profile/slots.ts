import { silenceSlots } from '#engine';

/** Slots after those of the silence watch; the numbers below are their places. */
const ownSlots = [
  'stage',
  'tradeDate',
  'open',
  'close',
  'volume',
  'inferred',
  'approximate',
  'periodOpen',
  'periodHigh',
  'periodLow',
  'periodVolume',
  'periodStart',
  'periods',
  'balanceLow',
  'balanceHigh',
  'hasBalance',
  'poc',
  'pocMove',
  'hasPoc',
  'isHalted',
  'nakedCount',
  'nakedAbove',
  'nakedBelow',
] as const;

/** Every slot of the sensor: those of the silence watch, then its own. */
export const slotNames = [...silenceSlots, ...ownSlots];

const at = silenceSlots.length;
export const stage = at;
export const tradeDate = at + 1;
export const open = at + 2;
export const close = at + 3;
export const volume = at + 4;
export const inferred = at + 5;
export const approximate = at + 6;
export const periodOpen = at + 7;
export const periodHigh = at + 8;
export const periodLow = at + 9;
/** Session volume when the period began. */
export const periodVolume = at + 10;
export const periodStart = at + 11;
export const periods = at + 12;
export const balanceLow = at + 13;
export const balanceHigh = at + 14;
export const hasBalance = at + 15;
/** Point of control at the last period close, and its way there from the close before. */
export const poc = at + 16;
export const pocMove = at + 17;
export const hasPoc = at + 18;
export const isHalted = at + 19;
/** How many naked points of control are kept; they outlive the day, as do the two after it. */
export const nakedCount = at + 20;
/** A trade at or above the one, or at or below the other, may touch a naked point of control. */
export const nakedAbove = at + 21;
export const nakedBelow = at + 22;

/** Values of `stage`. */
export const beforeRth = 0;
export const inRth = 1;
export const afterRth = 2;

/** Beyond every tick: a period whose high is below its low did not trade. */
export const farTick = 1_000_000_000;

/** Ladders by aggressor: volume at the bid, without a side, at the ask; then all of the first hour. */
export const ladders = ['bid', 'unclassified', 'ask', 'balance'];
