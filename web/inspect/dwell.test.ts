import { expect, it } from 'vitest';
import type { Step } from '#engine/inspect/journal-book.ts';
import { dwellsOf } from './dwell.ts';

const step = (ts: number, from: string, to: string): Step => ({
  ...{ seq: ts, node: 'a', event: 'e', taken: [], isBlocked: false },
  ...{ ts, from, to },
});
const of = (steps: readonly Step[], open: number) =>
  Object.fromEntries(dwellsOf(steps, open).map(({ path, ...rest }) => [path, Object.values(rest)]));

it('adds up the stays of the day, and leaves the one that lasts to whoever knows the time', () => {
  const steps = [step(0, '', 'a'), step(10, 'a', 'b'), step(15, 'b', 'b'), step(30, 'b', 'a')];
  expect(of(steps, 0)).toEqual({ a: [10, 30, 30], b: [20, null, null] });
});

it('counts a stay that began the day before from the open', () => {
  const steps = [step(0, '', 'a'), step(10, 'a', 'b'), step(30, 'b', 'a'), step(40, 'a', 'b')];
  expect(of(steps, 20)).toEqual({ a: [10, null, null], b: [10, 40, 40] });
  expect(of([step(0, '', 'a')], 20)).toEqual({ a: [0, 0, 20] });
});

it('goes on where it stopped, and begins anew with a new day', () => {
  const steps = [step(0, '', 'a'), step(10, 'a', 'b')];
  expect(of(steps, 0)).toEqual({ a: [10, null, null], b: [0, 10, 10] });
  steps.push(step(25, 'b', 'a'));
  expect(of(steps, 0)).toEqual({ a: [10, 25, 25], b: [15, null, null] });
  expect(of(steps, 20)).toEqual({ a: [0, 25, 25] });
});

it('counts regions each, and a state that holds others with theirs', () => {
  const steps = [step(0, '', 'x.a,y.c'), step(10, 'x.a,y.c', 'x.b,y.c')];
  expect(of(steps, 0)).toEqual({
    'x.a': [10, null, null],
    x: [0, 0, 0],
    y: [0, 0, 0],
    'y.c': [0, 0, 0],
    'x.b': [0, 10, 10],
  });
});

it('does not know since when a machine was where a log begins', () => {
  expect(of([step(50, 'a', 'b')], 0)).toEqual({ a: [0, null, null], b: [0, 50, 50] });
});
