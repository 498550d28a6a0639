/** Lets readers sleep until records come. */
export class Arrivals {
  readonly #waiting = new Set<() => void>();
  readonly #longestSleepMs: number;

  /** @param pollMs - How late a write of another process may be seen; Infinity where no other can write. */
  constructor(pollMs: number) {
    // A timer of more than 2^31 ms would fire at once.
    this.#longestSleepMs = Math.min(pollMs, 1e9);
  }

  /** Wakes all who wait: something was written, or a handle was closed. */
  notify(): void {
    for (const wake of this.#waiting) wake();
  }

  /** Returns what `take` finds as soon as it finds something; empty after `waitMs`, or when closed while it waits. */
  async take<T>(
    take: () => readonly T[],
    waitMs: number,
    isClosed: () => boolean,
  ): Promise<readonly T[]> {
    const until = performance.now() + waitMs;
    for (;;) {
      const taken = take();
      const leftMs = until - performance.now();
      if (taken.length > 0 || leftMs <= 0) return taken;
      await this.#sleep(Math.min(leftMs, this.#longestSleepMs));
      if (isClosed()) return [];
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#waiting.add(wake);
    });
  }
}
