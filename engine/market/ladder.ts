import { OrderflowError } from '../errors.ts';

/** Beyond every tick a market trades at, and still a small integer for the JIT. */
const farTick = 1_000_000_000;
const firstRows = 512;
const mostRows = 4_194_304;

/**
 * Amounts per price tick, in one dense array that grows at both ends.
 *
 * The hot structure of every profile: `add` is a bounds check and one addition. Ticks are integers.
 */
export class Ladder {
  /** The tick of `values[0]`. */
  base = 0;
  /** Amounts from `base` upward; rows never touched hold 0. */
  values: Float64Array = new Float64Array(0);
  /** Lowest tick touched; above `high` while the ladder is empty. */
  low = farTick;
  /** Highest tick touched; below `low` while the ladder is empty. */
  high = -farTick;

  /** Whether no tick has been touched since the start or the last `clear`. */
  get empty(): boolean {
    return this.high < this.low;
  }

  /**
   * Adds an amount at a tick; a negative amount takes a busted trade back, its row stays touched.
   *
   * @throws {OF_LADDER_SPAN} when the tick lies so far away that the price is surely wrong.
   */
  add(tick: number, amount: number): void {
    if (tick < this.low || tick > this.high) this.reach(tick);
    const i = tick - this.base;
    this.values[i] = this.values[i]! + amount;
  }

  /** Replaces the amount at a tick. */
  set(tick: number, amount: number): void {
    if (tick < this.low || tick > this.high) this.reach(tick);
    this.values[tick - this.base] = amount;
  }

  /** Returns the amount at a tick, 0 where nothing was added. */
  at(tick: number): number {
    return tick < this.low || tick > this.high ? 0 : this.values[tick - this.base]!;
  }

  /** Empties the ladder and keeps its memory. */
  clear(): void {
    if (!this.empty) this.values.fill(0, this.low - this.base, this.high - this.base + 1);
    this.low = farTick;
    this.high = -farTick;
  }

  /** Returns a dense copy from the lowest to the highest tick touched; no rows while empty. */
  slice(): { low: number; volumes: Float64Array } {
    if (this.empty) return { low: 0, volumes: new Float64Array(0) };
    return {
      low: this.low,
      volumes: this.values.slice(this.low - this.base, this.high - this.base + 1),
    };
  }

  /** Returns the rows of `slice` without copying; valid until the ladder changes. */
  view(): { low: number; volumes: Float64Array } {
    if (this.empty) return { low: 0, volumes: this.values.subarray(0, 0) };
    return {
      low: this.low,
      volumes: this.values.subarray(this.low - this.base, this.high - this.base + 1),
    };
  }

  /** Returns a compact form that survives JSON exactly: the lowest tick, then the amounts upward; empty when empty. */
  toSnapshot(): number[] {
    const { low, volumes } = this.view();
    return volumes.length === 0 ? [] : [low, ...volumes];
  }

  /** Replaces the content by that of a snapshot. */
  restore(snapshot: readonly number[]): void {
    this.clear();
    const low = snapshot[0];
    if (low === undefined) return;
    const last = low + snapshot.length - 2;
    this.reach(low);
    this.reach(last);
    for (let i = 1; i < snapshot.length; i += 1)
      this.values[low - this.base + i - 1] = snapshot[i]!;
  }

  /**
   * The rare path: widens the touched range, and the array when it must; kept apart so that `add` inlines.
   *
   * Ticks out of a Float64Array are doubles; `| 0` keeps the fields small integers, which makes `add` twice as fast.
   */
  private reach(tick: number): void {
    const low = Math.min(this.low, tick);
    const high = Math.max(this.high, tick);
    if (low < this.base || high >= this.base + this.values.length) this.grow(low, high);
    this.low = low | 0;
    this.high = high | 0;
  }

  private grow(low: number, high: number): void {
    const rows = high - low + 1;
    if (rows > mostRows || low <= -farTick || high >= farTick) {
      throw new OrderflowError('OF_LADDER_SPAN', { low, high, limit: mostRows });
    }
    const room = Math.max(firstRows, rows * 2);
    const base = (low - Math.floor((room - rows) / 2)) | 0;
    const values = new Float64Array(room);
    if (!this.empty) values.set(this.view().volumes, this.low - base);
    this.base = base;
    this.values = values;
  }
}
