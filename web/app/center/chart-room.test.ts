import { describe, expect, it } from 'vitest';
import { hasRoom, namedOf, nameWidth, sightOf } from './chart-room.ts';

const levels = ['CVA VAH', 'CVA ◆ POC', 'last'];

describe('the room at the right edge of the chart', () => {
  it.each([320, 600, 900, 1_600])('is as wide as the names there, at %s pixels', (width) => {
    const { bars, beside } = sightOf(width, levels, ['footprint']);
    const barWidth = width / (bars + beside);
    const lastBar = bars * barWidth;
    const edge = width - nameWidth(levels);
    expect(lastBar).toBeGreaterThan(0);
    expect(hasRoom('footprint', lastBar, edge + 1)).toBe(true);
    // More than a few pixels of room nobody needs.
    expect(hasRoom('footprint', lastBar + 2, edge)).toBe(false);
  });

  it('takes fewer bars into sight rather than bars nobody can tell apart', () => {
    const { bars, beside } = sightOf(300, levels, ['footprint']);
    expect(bars).toBeLessThan(60);
    expect(300 / (bars + beside)).toBeGreaterThanOrEqual(4);
    expect(sightOf(1_600, levels, ['footprint']).bars).toBe(110);
  });

  it('is none without names, and no more than half of a chart too narrow for them', () => {
    expect(sightOf(600, [], []).beside).toBe(0);
    const { bars, beside } = sightOf(120, levels, ['a name that is very long']);
    expect(beside).toBeLessThanOrEqual(bars);
    expect(sightOf(0, levels, []).beside).toBe(0);
  });

  it('is not there for the name of a mark that would run under the names of levels', () => {
    const edge = 500;
    const half = nameWidth(['footprint']) / 2;
    expect(hasRoom('footprint', edge - half, edge)).toBe(true);
    expect(hasRoom('footprint', edge - half + 1, edge)).toBe(false);
    expect(hasRoom('cd', edge - half + 1, edge)).toBe(true);
    expect(hasRoom('footprint', half, edge)).toBe(true);
    expect(hasRoom('footprint', half - 1, edge)).toBe(false);
  });

  it('is the newest one of names that would run into each other, on each side of the bars', () => {
    const width = nameWidth(['footprint']);
    const mark = (x: number | null, side: string) => ({ name: 'footprint', x, side });
    const below = (x: number) => mark(x, 'below');
    const edge = 500;
    expect(namedOf([below(200), below(200 + width)], edge)).toEqual([true, true]);
    expect(namedOf([below(200), below(200 + width - 1)], edge)).toEqual([false, true]);
    // The one that is left out takes no room from the one before it.
    expect(namedOf([below(100), below(150), below(100 + width)], edge)).toEqual([
      true,
      false,
      true,
    ]);
    expect(namedOf([below(200), mark(210, 'above')], edge)).toEqual([true, true]);
    expect(namedOf([below(200), below(edge)], edge)).toEqual([true, false]);
    expect(namedOf([mark(null, 'below')], edge)).toEqual([true]);
  });
});
