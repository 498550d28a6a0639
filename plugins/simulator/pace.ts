const microsPerMillisecond = 1_000;
/** A silence longer than this, such as the closed hour of the evening, is not waited for. */
const longestSilence = 60_000_000;
/** Rows that are due are collected this long, so that a batch is worth a write. */
const leastWaitMs = 5;
const longestWaitMs = 1_000;

/** Ties event time to the wall clock: so many seconds of the market in one second of life. */
export class Pace {
  readonly #multiplier: number;
  #wallMs: number | null = null;
  #eventTs = 0;

  /** @param multiplier - Event time per wall time; Infinity does not wait at all. */
  constructor(multiplier: number) {
    this.#multiplier = multiplier;
  }

  /**
   * Returns the event time up to which rows are due.
   *
   * @param lastTs - Event time of the last row written, `nextTs` of the next one.
   */
  dueAt(wallMs: number, lastTs: number, nextTs: number): number {
    if (this.#multiplier === Infinity) return Infinity;
    if (this.#wallMs === null || nextTs - lastTs > longestSilence) {
      this.#wallMs = wallMs;
      this.#eventTs = nextTs;
    }
    // One microsecond more: the row at the very instant is due.
    return (
      this.#eventTs +
      1 +
      Math.floor((wallMs - this.#wallMs) * this.#multiplier * microsPerMillisecond)
    );
  }

  /** Returns how long to wait for a row at `nextTs` when rows before `due` are written. */
  waitMs(due: number, nextTs: number): number {
    const wait = (nextTs - due + 1) / (this.#multiplier * microsPerMillisecond);
    return Math.min(longestWaitMs, Math.max(leastWaitMs, wait));
  }
}
