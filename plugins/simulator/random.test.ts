import { expect, it } from 'vitest';
import { Random } from './random.ts';

it('draws the same numbers from the same seed and others from another seed or stream', () => {
  const first = (seed: number, stream: number): number[] => {
    const random = Random.seeded(seed, stream);
    return [random.next(), random.next(), random.next()];
  };
  expect(first(7, 0)).toEqual(first(7, 0));
  const firsts = [first(7, 0), first(7, 1), first(8, 0), first(7 + 4_294_967_296, 0)].map(String);
  expect(new Set(firsts).size).toBe(4);
});

it('goes on from its state', () => {
  const random = Random.seeded(3, 0);
  random.next();
  const copy = Random.restored(random.state);
  expect([copy.next(), copy.bell()]).toEqual([random.next(), random.bell()]);
});

it('is uniform from 0 to below 1, and bell-shaped with mean 0 and deviation 1', () => {
  const random = Random.seeded(11, 0);
  const buckets = Array.from({ length: 16 }, () => 0);
  let sum = 0;
  let squares = 0;
  const draws = 64_000;
  for (let i = 0; i < draws; i += 1) {
    buckets[Math.floor(random.next() * 16)]! += 1;
    const x = random.bell();
    sum += x;
    squares += x * x;
  }
  for (const bucket of buckets) expect(Math.abs(bucket - draws / 16)).toBeLessThan(300);
  expect(Math.abs(sum / draws)).toBeLessThan(0.02);
  expect(Math.abs(squares / draws - 1)).toBeLessThan(0.02);
});
