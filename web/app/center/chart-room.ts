/** Width of a character of the chart's type, in pixels, and what a name has around it. */
const characterWidth = 7.3;
const padding = 10;
/** Bars in sight at first: a day of five minutes is 276. */
const mostBars = 110;
const leastBars = 24;
/** A candle that is narrower shows no body. */
const leastBarWidth = 4;

/** Returns the width of the longest of some names, as the chart writes them; 0 of none. */
export function nameWidth(names: readonly string[]): number {
  const longest = Math.max(0, ...names.map((name) => name.length));
  return longest === 0 ? 0 : Math.ceil(longest * characterWidth) + padding;
}

/** How many bars are in sight, and the room beside the newest, in bars. */
export interface Sight {
  readonly bars: number;
  readonly beside: number;
}

/**
 * Returns how a chart is first seen: the names of levels stand at its right edge, and the mark of the newest bar beside
 * them.
 *
 * @param width - Of the part with the bars, in pixels.
 */
export function sightOf(width: number, levels: readonly string[], marks: readonly string[]): Sight {
  const room = Math.min(nameWidth(levels) + nameWidth(marks) / 2, width / 2);
  const left = width - room;
  const bars = Math.max(leastBars, Math.min(mostBars, Math.floor(left / leastBarWidth)));
  return { bars, beside: left > 0 ? (room * bars) / left : 0 };
}

/** Returns whether the name of a mark at `x` begins in the chart and ends before `edge`, where the names of levels begin. */
export function hasRoom(name: string, x: number, edge: number): boolean {
  const half = nameWidth([name]) / 2;
  return x - half >= 0 && x + half <= edge;
}

/** A mark in sight, and on which side of its bar its name stands. */
export interface Mark {
  readonly name: string;
  /** Middle of the mark, in pixels; null where that is not known. */
  readonly x: number | null;
  readonly side: string;
}

/**
 * Returns which marks say their names: those that have room before `edge` and do not write over one of the same side
 * that is newer. Signs without a name stay; the newest is what one looks for.
 *
 * @param marks - In the order of time.
 */
export function namedOf(marks: readonly Mark[], edge: number): readonly boolean[] {
  const taken = new Map<string, number>();
  return marks
    .toReversed()
    .map(({ name, x, side }) => {
      if (x === null) return true;
      const half = nameWidth([name]) / 2;
      if (!hasRoom(name, x, edge) || x + half > (taken.get(side) ?? edge)) return false;
      taken.set(side, x - half);
      return true;
    })
    .reverse();
}
