import { describe, expect, it } from 'vitest';
import { fitScale, steppedScale } from './zoom-frame.tsx';

const frame = { width: 1_000, height: 500 };

describe('the size of a chart', () => {
  it.each([
    ['a wide one to its width', { width: 2_000, height: 500 }, 0.5],
    ['a high one to its height', { width: 500, height: 1_000 }, 0.5],
    ['a small one as drawn', { width: 300, height: 200 }, 1],
    ['a huge one no smaller than can be made out', { width: 90_000, height: 500 }, 0.25],
    ['one without a size as drawn', { width: 0, height: 0 }, 1],
  ])('fits %s', (_, picture, scale) => {
    expect(fitScale(picture, frame)).toBe(scale);
  });

  it('goes up and down in steps, through the size as drawn, within bounds', () => {
    const walk = (from: number, way: 1 | -1): number[] =>
      Array.from({ length: 12 }, () => (from = steppedScale(from, way)));
    expect(walk(0.9, 1).slice(0, 2)).toEqual([1, 1.25]);
    expect(walk(1.1, -1).slice(0, 2)).toEqual([1, 0.8]);
    expect(walk(1, 1).at(-1)).toBe(2);
    expect(walk(1, -1).at(-1)).toBe(0.25);
  });
});
