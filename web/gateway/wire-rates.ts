interface Reading {
  readonly at: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** Over how much of the past a rate is taken, in milliseconds. */
const windowMs = 5_000;
/** Readings closer to each other than this say nothing. */
const shortestMs = 900;

/** Counts what ports write, and says how much a second that was lately. Nothing is known before two readings. */
export class WireRates {
  private readonly counts = new Map<string, number>();
  private readings: readonly Reading[] = [];

  /** A port wrote a record. */
  note(port: string): void {
    this.counts.set(port, (this.counts.get(port) ?? 0) + 1);
  }

  /** Returns records a second by port, at a time in milliseconds; without ports that wrote nothing lately. */
  read(now: number): Readonly<Record<string, number>> {
    const kept = this.readings.filter(({ at }) => now - at <= windowMs);
    const last = kept.at(-1);
    if (!last || now - last.at >= shortestMs) kept.push({ at: now, counts: new Map(this.counts) });
    this.readings = kept;
    const [first] = kept;
    if (!first || now - first.at < shortestMs) return {};
    const seconds = (now - first.at) / 1_000;
    const rates: Record<string, number> = {};
    for (const [port, count] of this.counts) {
      const written = count - (first.counts.get(port) ?? 0);
      if (written > 0) rates[port] = Math.round((written / seconds) * 10) / 10;
    }
    return rates;
  }
}
