/** What a task has of its market at a moment. */
export interface MarketCount {
  /** Rows of any kind. */
  readonly rows: number;
  readonly trades: number;
  /** Event time of the last quote in microseconds; 0 before the first. */
  readonly quoteTs: number;
}

/** How long ago a market brought what, in milliseconds of the computer's time; null for what did not come in this run. */
export interface MarketAge {
  readonly quoteMs: number | null;
  readonly tradeMs: number | null;
  /** Longest usual distance of two records of a source that brings bars alone; 0 for any other. */
  readonly usualGapMs: number;
}

/** Distances that are remembered. */
const mostGaps = 5;

/** Follows when quotes, trades and rows came, by looking once a second: an age is right to about a second. */
export class MarketAges {
  private last: MarketCount | null = null;
  private quoteAt: number | null = null;
  private tradeAt: number | null = null;
  private rowAt: number | null = null;
  private gaps: readonly number[] = [];

  /** Looks, at a time of a clock that only moves forward, in milliseconds. */
  note(now: number, count: MarketCount): void {
    const { last } = this;
    this.last = count;
    // What was there before the first look came at a time nobody knows.
    if (!last) return;
    if (count.trades !== last.trades) this.tradeAt = now;
    if (count.quoteTs !== last.quoteTs) this.quoteAt = now;
    if (count.rows === last.rows) return;
    if (this.rowAt !== null) this.gaps = [...this.gaps, now - this.rowAt].slice(-mostGaps);
    this.rowAt = now;
  }

  /** Returns the ages at a time of the same clock. */
  read(now: number): MarketAge {
    const since = (at: number | null): number | null => (at === null ? null : now - at);
    const hasOnlyBars = this.last !== null && this.last.trades === 0 && this.last.quoteTs === 0;
    const usualGapMs = hasOnlyBars ? Math.max(0, ...this.gaps) : 0;
    return { quoteMs: since(this.quoteAt), tradeMs: since(this.tradeAt), usualGapMs };
  }
}
