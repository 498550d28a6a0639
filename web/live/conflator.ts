import type { Frame, LiveEvent } from './wire.ts';

/** Frames a client may leave unacknowledged before the server merges instead of sending. */
const mostUnacked = 2;
/** Events of one frame; the rest goes into the next ones. */
const eventsPerFrame = 200;

/**
 * What one window still has to be told. Events keep their order and are never merged; of each value only the newest
 * counts. It holds no clock and no socket: the gateway asks for a frame when it may send one.
 */
export class Conflator {
  private values = new Map<string, unknown>();
  private events: LiveEvent[] = [];
  private sent = 0;
  private acked = 0;
  private lostEvents = 0;
  private readonly mostEvents: number;

  /** @param mostEvents - Events kept for a client that does not acknowledge; older ones are counted as lost. */
  constructor(mostEvents = 10_000) {
    this.mostEvents = mostEvents;
  }

  /** Notes the newest value of a key; undefined for one that has none any more. */
  value(key: string, value: unknown): void {
    this.values.set(key, value);
  }

  /** Notes an event. */
  event(event: LiveEvent): void {
    this.events.push(event);
    if (this.events.length > this.mostEvents) {
      this.events.shift();
      this.lostEvents += 1;
    }
  }

  /** Forgets values of keys nobody wants any more. */
  keepOnly(keys: ReadonlySet<string>): void {
    for (const key of this.values.keys()) if (!keys.has(key)) this.values.delete(key);
  }

  /** The client painted frame `n`. */
  ack(n: number): void {
    if (n <= this.sent) this.acked = Math.max(this.acked, n);
  }

  /** Whether the client keeps up. */
  get isOpen(): boolean {
    return this.sent - this.acked < mostUnacked;
  }

  /** Frames sent and not acknowledged. */
  get unacked(): number {
    return this.sent - this.acked;
  }

  /** Returns the next frame, or null when there is nothing to tell or the client has not painted the last ones. */
  next(asOf: number): Frame | null {
    if (!this.isOpen || (this.values.size === 0 && this.events.length === 0)) return null;
    this.sent += 1;
    const values = [...this.values];
    const frame: Frame = {
      kind: 'frame',
      n: this.sent,
      asOf,
      t1: Object.fromEntries(values.filter(([, value]) => value !== undefined)),
      gone: values.flatMap(([key, value]) => (value === undefined ? [key] : [])),
      ev: this.events.slice(0, eventsPerFrame),
      lost: this.lostEvents,
    };
    this.values = new Map();
    this.events = this.events.slice(eventsPerFrame);
    this.lostEvents = 0;
    return frame;
  }
}
