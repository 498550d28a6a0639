import { describe, expect, it } from 'vitest';
import { bandPoints, brokenLines } from './band-points.ts';

const second = 1_000_000;
const open = 1_763_593_200;

/** A row of the bands, so many seconds after an anchor. */
function row(since: number, after: number, vwap: number | null) {
  return { ts: (since + after) * second, since: since * second, vwap };
}

describe('the lines of VWAP', () => {
  it('end where the next anchor begins: nothing leads from the one to the other', () => {
    const rows = [row(open, 600, 6_000), row(open, 900, 6_001), row(open + 86_400, 10, 6_040)];
    expect(brokenLines(bandPoints(rows, 'vwap', 300))).toEqual([
      { time: open + 600, value: 6_000 },
      { time: open + 900, value: 6_001, color: 'transparent' },
      { time: open + 86_400, value: 6_040 },
    ]);
  });

  it('go through where a value is missing within an anchor', () => {
    const rows = [row(open, 0, 6_000), row(open, 300, null), row(open, 600, 6_002)];
    expect(brokenLines(bandPoints(rows, 'vwap', 300))).toEqual([
      { time: open, value: 6_000 },
      { time: open + 600, value: 6_002 },
    ]);
  });

  it('have one point for each bar, the later of two, whatever the order they come in', () => {
    const rows = [row(open, 610, 3), row(open, 10, 1), row(open, 290, 2)];
    expect(bandPoints(rows, 'vwap', 300).map(({ time, value }) => [time - open, value])).toEqual([
      [0, 2],
      [600, 3],
    ]);
  });
});
