import { type NodeSnapshot, packNumbers, unpackNumbers } from '#engine';
import { secondRoom, slot, stepRoom } from './slots.ts';

type Row = Readonly<Record<string, unknown>>;

/** Where 1.0 kept what lives on, by the name it has now. */
// biome-ignore format: the numbers of one subject stand on one line
const before: Readonly<Partial<Record<keyof typeof slot, number>>> = {
  price: 4, lotSide: 5, lotTs: 6, lotFrom: 7, lotPrice: 8, lotSize: 9, lotPrints: 10, lotNeeded: 11, lotBasis: 12,
  watch: 13, runHigh: 14, runLow: 15, date: 16, dayStart: 17,
  side60: 28, side300: 30, speed: 32, median: 33, mad: 34, basis: 35, since: 36, orders: 37, lotDays: 38,
  runSlot: 39, runWay: 40, runLevel: 41, runTs: 42, runExtreme: 43, isRun: 44,
  rthStart: 45, rthEnd: 46, inRth: 47, quiet: 48, hasGap: 49, rthVolume: 50, volumes: 51,
  lotGapUs: 52, buyTold: 53, buyToldTs: 54, sellTold: 55, sellToldTs: 56,
};

/** Turns a snapshot of 1.0 into one of 1.1: the windows, which move on by ten seconds now, begin anew. */
export function withSteps(snapshot: NodeSnapshot): NodeSnapshot {
  const { sensor } = snapshot;
  if (sensor === null) return snapshot;
  const was = unpackNumbers(String(sensor['f']));
  const f = new Float64Array(Object.keys(slot).length);
  for (const [name, at] of Object.entries(before)) f[slot[name as keyof typeof slot]] = was[at]!;
  for (const unknown of ['pressure60', 'pressure300', 'z', 'looked'] as const)
    f[slot[unknown]] = Number.NaN;
  // No bucket: the baseline is read at the end of the minute.
  f[slot.bucket] = -1;
  const empty = (length: number): string => packNumbers(new Float64Array(length));
  const seconds = empty(secondRoom);
  const steps = empty(stepRoom);
  return {
    ...snapshot,
    sensor: {
      ...sensor,
      f: packNumbers(f),
      a: {
        ...(sensor['a'] as Row),
        secondBuys: seconds,
        secondSells: seconds,
        secondAll: seconds,
        stepBuys: steps,
        stepSells: steps,
        stepAll: steps,
      },
    },
  };
}
