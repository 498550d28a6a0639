/** Random numbers that are the same for the same seed on every engine; for null models only. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1;
  }

  /** Returns a number of 0 up to but not 1. */
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state / 4_294_967_296;
  }

  /** Returns a whole number of 0 up to but not `most`. */
  below(most: number): number {
    return Math.floor(this.next() * most);
  }

  /** Puts a list into random order, in place. */
  shuffle(list: Uint32Array): void {
    for (let i = list.length - 1; i > 0; i -= 1) {
      const j = this.below(i + 1);
      const kept = list[i]!;
      list[i] = list[j]!;
      list[j] = kept;
    }
  }
}
