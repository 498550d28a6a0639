const rowsPerPace = 100;
/** A venue tells of a few milliseconds at once. */
export const stepMs = 5;

/** Rows that are due since the last step, and the part of one that is left. */
export class Rate {
  readonly #rowsPerMs: number;
  #last = performance.now();
  #owed = 0;

  /** @param pace - Hundreds of rows a second. */
  constructor(pace: number) {
    this.#rowsPerMs = (pace * rowsPerPace) / 1_000;
  }

  /** Returns how many rows are due now. A process that was held up makes up for a tenth of a second at most. */
  due(): number {
    const now = performance.now();
    this.#owed += Math.min(100, now - this.#last) * this.#rowsPerMs;
    this.#last = now;
    return Math.floor(this.#owed);
  }

  /** Notes rows that were written. */
  wrote(rows: number): void {
    this.#owed -= rows;
  }
}
