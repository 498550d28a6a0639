import { describe, expect, test } from 'vitest';
import { classify, createAggressorState, onQuote, type Side } from './aggressor.ts';
import { microsPerSecond } from './time.ts';

const ticks = (price: number): number => price * 4;

describe('the aggressor', () => {
  test('is inferred by quote, then by tick rule (V15)', () => {
    const state = createAggressorState();
    const seen: [Side, 0 | 1][] = [];
    let ts = 0;
    const trade = (price: number, bid?: number, ask?: number, stale = false): void => {
      ts += 10 * microsPerSecond;
      onQuote(
        state,
        stale ? ts - 3 * microsPerSecond : ts,
        ticks(bid ?? Number.NaN),
        ticks(ask ?? Number.NaN),
      );
      const side = classify(state, ts, ticks(price), 0);
      seen.push([side, state.inferred]);
    };
    trade(5000.25);
    trade(5000.5, 5000.25, 5000.5);
    trade(5000.25, 5000.25, 5000.5);
    trade(5000.25, 5000, 5000.5);
    trade(5000.25, 5000, 5000.25, true);
    trade(5000.75, 5000.25, 5000.5);
    trade(5000.5, 5000.25, 5001);
    expect(seen).toEqual([
      [0, 0],
      [1, 1],
      [-1, 1],
      [-1, 1],
      [-1, 1],
      [1, 1],
      [-1, 1],
    ]);
  });

  test('is what the venue says, and the price still counts for the tick rule', () => {
    const state = createAggressorState();
    expect(classify(state, 1, 100, -1)).toBe(-1);
    expect(state.inferred).toBe(0);
    expect(classify(state, 2, 101, -1)).toBe(-1);
    expect(classify(state, 3, 101, 0)).toBe(1);
    expect(state.inferred).toBe(1);
  });

  test('is unknown for an auction print in a crossed book, then ruled by ticks', () => {
    const state = createAggressorState();
    onQuote(state, 0, ticks(4809), ticks(4785.5));
    expect(classify(state, 0, ticks(4800.25), 0)).toBe(0);
    expect(state.inferred).toBe(0);
    expect(classify(state, 1, ticks(4800.25), 0)).toBe(0);
    expect(classify(state, 2, ticks(4800), 0)).toBe(-1);
    onQuote(state, 3, ticks(4800), ticks(4800));
    expect(classify(state, 3, ticks(4800), 0)).toBe(-1);
  });

  test('does not trust a locked book', () => {
    const state = createAggressorState();
    classify(state, 1, 102, 0);
    onQuote(state, 2, 100, 100);
    expect(classify(state, 2, 101, 0)).toBe(-1);
  });

  test('does not trust a quote older than two seconds', () => {
    const state = createAggressorState();
    onQuote(state, 0, 99, 101);
    expect(classify(state, 2 * microsPerSecond, 101, 0)).toBe(1);
    const late = createAggressorState();
    onQuote(late, 0, 99, 101);
    expect(classify(late, 2 * microsPerSecond + 1, 101, 0)).toBe(0);
    const patient = createAggressorState(5_000);
    onQuote(patient, 0, 99, 101);
    expect(classify(patient, 4 * microsPerSecond, 101, 0)).toBe(1);
  });

  test('follows prices below zero', () => {
    const state = createAggressorState();
    onQuote(state, 0, -3_764, -3_762);
    expect(classify(state, 0, -3_762, 0)).toBe(1);
    expect(classify(state, 0, -3_764, 0)).toBe(-1);
  });

  test('goes on from a copy of the state', () => {
    const state = createAggressorState();
    onQuote(state, 0, 99, 101);
    classify(state, 1, 100, 0);
    classify(state, 2, 99, 0);
    const copy = JSON.parse(JSON.stringify(state)) as typeof state;
    expect(classify(copy, 3, 100, 0)).toBe(classify(state, 3, 100, 0));
    expect(copy).toEqual(state);
  });
});
