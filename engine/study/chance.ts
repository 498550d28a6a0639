/** A stream of numbers from 0 up to 1 that follows from its seed. */
export type Chance = () => number;

/** Returns the stream of a seed, a whole number. */
export function chanceFrom(seed: number): Chance {
  let state = Math.imul(seed + 1, 2_654_435_761) || 1;
  return () => {
    // xorshift of 32 bits.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}

/**
 * Returns a random order of 0 to `count` - 1 in which nothing stays at its place.
 *
 * @source Sattolo's algorithm: one cycle through all of them, each cycle as likely as any other.
 */
export function shuffleOf(count: number, chance: Chance): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i -= 1) {
    const j = Math.floor(chance() * i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
