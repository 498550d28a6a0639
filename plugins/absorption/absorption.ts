/** Which side takes the attack: long where sells are absorbed, short where buys are. */
export type Side = 'long' | 'short';

/**
 * Returns how many of the largest samples reach down to a quantile: 1 is the largest itself.
 *
 * Nearest rank: the quantile is the smallest sample that at least `quantile` of all samples do not exceed.
 */
export function rankFromTop(samples: number, quantile: number): number {
  const rank = Math.ceil(quantile * samples - 1e-9);
  return samples - Math.max(rank, 1) + 1;
}

/** Puts a sample in its place among the largest ones, descending; the smallest of them falls out. */
export function insertLargest(largest: Float64Array, rank: number, sample: number): void {
  let place = rank - 1;
  while (place > 0 && largest[place - 1]! < sample) {
    largest[place] = largest[place - 1]!;
    place -= 1;
  }
  largest[place] = sample;
}

/** Fills `largest` with the `rank` largest of the first `length` samples, descending. */
export function findLargest(
  samples: Float64Array,
  length: number,
  rank: number,
  largest: Float64Array,
): void {
  largest.fill(-1, 0, rank);
  for (let i = 0; i < length; i += 1) {
    if (samples[i]! > largest[rank - 1]!) insertLargest(largest, rank, samples[i]!);
  }
}

/** Returns the trade that would break an absorption. */
export function breakPrice(side: Side, price: number, breakTicks: number): number {
  return side === 'long' ? price - breakTicks : price + breakTicks;
}
