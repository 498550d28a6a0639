import type { LiveEvent } from './wire.ts';

/** The last events of a run, so that a window that was away can catch up without a gap. */
export class EventRing {
  private readonly most: number;
  private events: LiveEvent[] = [];
  private last = 0;

  /** @param most - Events kept. */
  constructor(most = 10_000) {
    this.most = most;
  }

  /** Sequence number of the last event; 0 before the first. */
  get lastSeq(): number {
    return this.last;
  }

  /** Numbers an event and keeps it. */
  add(event: Omit<LiveEvent, 's'>): LiveEvent {
    this.last += 1;
    const numbered = { ...event, s: this.last };
    this.events.push(numbered);
    // Cut seldom and in one piece: a shift per event would move the whole array each time.
    if (this.events.length >= this.most * 2) this.events = this.events.slice(-this.most);
    return numbered;
  }

  /** Returns the events after a sequence number; null when some of them are gone. */
  after(seq: number): readonly LiveEvent[] | null {
    if (seq > this.last) return null;
    const kept = this.events.slice(-this.most);
    const first = this.last - kept.length + 1;
    if (seq + 1 < first) return null;
    return kept.slice(seq + 1 - first);
  }

  /** Returns the newest events, oldest first, at most `count`. */
  latest(count: number): readonly LiveEvent[] {
    return count <= 0 ? [] : this.events.slice(-Math.min(count, this.most));
  }
}
