import { type NodeSnapshot, packNumbers, unpackNumbers } from '#engine';
import { frames, levels, slot } from './slots.ts';

/** What 1.1 keeps more in its slots: levels that changed, and the order flow of all levels. */
const added = 6;

/** Turns a snapshot of 1.0 into one of 1.1: the book and the quantiles stay, windows of order flow and lean begin anew. */
export function withDeepFlow(snapshot: NodeSnapshot): NodeSnapshot {
  const { sensor } = snapshot;
  if (sensor === null) return snapshot;
  const f = Float64Array.from([...unpackNumbers(String(sensor['f'])), ...Array(added).fill(0)]);
  f.fill(0, slot.hasBest, slot.frameAt);
  f.fill(0, slot.flow1, slot.sums);
  const arrays = sensor['a'] as Readonly<Record<string, string>>;
  const zeros = packNumbers(new Float64Array(frames.sixty));
  return {
    ...snapshot,
    sensor: {
      ...sensor,
      f: packNumbers(f),
      a: {
        ...arrays,
        flows: zeros,
        deepFlows: zeros,
        bests: packNumbers(new Float64Array(frames.sixty).fill(-1)),
        ...Object.fromEntries(lastOf(arrays)),
      },
    },
  };
}

/** The levels of the book at hand as those of the last one in order. */
function lastOf(arrays: Readonly<Record<string, string>>): [string, string][] {
  return ['bid', 'ask'].flatMap((side) =>
    ['Price', 'Size'].map((what): [string, string] => [
      `${side}${what}Last`,
      arrays[`${side}${what}`] ?? packNumbers(new Float64Array(levels)),
    ]),
  );
}
