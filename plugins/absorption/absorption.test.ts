import { describe, expect, it } from 'vitest';
import { breakPrice, findLargest, insertLargest, rankFromTop } from './absorption.ts';

describe('the rank of a quantile', () => {
  it('is the nearest rank, counted from the largest', () => {
    expect([300, 1_000, 1_200].map((samples) => rankFromTop(samples, 0.995))).toEqual([2, 6, 7]);
  });

  it('is the largest of few samples', () => {
    expect([1, 2, 199, 200].map((samples) => rankFromTop(samples, 0.995))).toEqual([1, 1, 1, 2]);
  });
});

describe('the largest samples', () => {
  it('are found in descending order, equal ones each for itself', () => {
    const largest = new Float64Array(4);
    findLargest(Float64Array.of(5, 9, 1, 9, 7, 3), 6, 4, largest);
    expect([...largest]).toEqual([9, 9, 7, 5]);
  });

  it('take a new one in its place and lose the smallest', () => {
    const largest = Float64Array.of(9, 7, 5);
    insertLargest(largest, 3, 8);
    expect([...largest]).toEqual([9, 8, 7]);
    insertLargest(largest, 3, 7);
    expect([...largest]).toEqual([9, 8, 7]);
  });
});

describe('the break', () => {
  it('lies behind the absorber', () => {
    expect([breakPrice('long', 100, 2), breakPrice('short', 100, 2)]).toEqual([98, 102]);
  });
});
