/** The four words of a generator's state, each a signed 32-bit integer. */
export type RandomState = readonly [number, number, number, number];

const warmUpSteps = 15;
const perUnit = 1 / 4_294_967_296;
const gaussScale = Math.sqrt(3);

/**
 * A seeded source of uniform numbers: the same seed gives the same numbers on every engine.
 *
 * @source Chris Doty-Humphrey, sfc32 of PractRand.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  private constructor(state: RandomState) {
    [this.#a, this.#b, this.#c, this.#counter] = state;
  }

  /** Returns the generator of a seed and a stream: two streams of one seed have nothing in common. */
  static seeded(seed: number, stream: number): Random {
    const random = new Random([seed | 0, stream | 0, Math.floor(seed / 4_294_967_296) | 0, 1]);
    for (let i = 0; i < warmUpSteps; i += 1) random.next();
    return random;
  }

  static restored(state: RandomState): Random {
    return new Random(state);
  }

  get state(): RandomState {
    return [this.#a, this.#b, this.#c, this.#counter];
  }

  /** Returns the next number, 0 <= x < 1, a multiple of 2^-32. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) * perUnit;
  }

  /** Returns a bell-shaped number of mean 0 and standard deviation 1, within ±3.5: the sum of four uniform ones. */
  bell(): number {
    return (this.next() + this.next() + this.next() + this.next() - 2) * gaussScale;
  }

  /** Returns a number from `low` to below `high`. */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }
}
