import { boundsOf, type Place } from './kafka-reader.ts';
import type { Wire } from './kafka-wire.ts';

/** A transaction before ours may still be open; then ours stays hidden until that one ends. */
const graceMs = 5_000;

/**
 * Lets a process read what it has written itself: a commit is answered before its marks are in the partitions, which
 * takes some milliseconds more.
 */
export class Visible {
  readonly #wire: Wire;
  readonly #written = new Map<string, number>();

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** Notes that this process has committed records of a partition up to an offset. */
  note({ topic, partition }: Place, until: number): void {
    const key = `${topic} ${partition}`;
    this.#written.set(key, Math.max(this.#written.get(key) ?? 0, until));
  }

  /** Resolves when readers of the partition see everything noted. */
  async settled(place: Place): Promise<void> {
    const key = `${place.topic} ${place.partition}`;
    const until = this.#written.get(key);
    if (until === undefined) return;
    const giveUpAt = performance.now() + graceMs;
    while (performance.now() < giveUpAt) {
      const [bounds] = await boundsOf(this.#wire, [place]);
      if ((bounds?.end ?? 0) >= until) break;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    if (this.#written.get(key) === until) this.#written.delete(key);
  }
}
