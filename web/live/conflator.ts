import { type ListChange, listChange } from './list-change.ts';
import type { Frame, LiveEvent } from './wire.ts';

/** Frames a client may leave unacknowledged before the server merges instead of sending. */
const mostUnacked = 2;
/** What a frame may weigh, with room for its head and for letters of more than one byte. The first value of a key is part of a snapshot and goes whatever it weighs. */
const frameBytes = 7_400;
/** Of it, what events may take. */
const eventBytes = frameBytes / 2;
/** A backlog of more events than this is worked off this many at a time, whatever they weigh. */
const backlogEvents = 200;

interface Told {
  readonly value: unknown;
  /** Bytes of its JSON. */
  readonly bytes: number;
}

/** A value as it goes into a frame. */
interface Sent {
  readonly key: string;
  readonly value: unknown;
  /** Instead of the value: what changed of the list the client has. */
  readonly change: ListChange | null;
  readonly bytes: number;
}

/**
 * What one window still has to be told. Events keep their order and are never merged; of each value only the newest
 * counts. It holds no clock and no socket: the gateway asks for a frame when it may send one.
 */
export class Conflator {
  private readonly values = new Map<string, Told>();
  /** Values as the client has them once it has read every frame. */
  private readonly known = new Map<string, unknown>();
  private events: LiveEvent[] = [];
  private sent = 0;
  private acked = 0;
  private lostEvents = 0;
  private readonly mostEvents: number;

  /** @param mostEvents - Events kept for a client that does not acknowledge; older ones are counted as lost. */
  constructor(mostEvents = 10_000) {
    this.mostEvents = mostEvents;
  }

  /** Notes the newest value of a key, with the bytes of its JSON; undefined for one that has none any more. */
  value(key: string, value: unknown, bytes: number): void {
    this.values.set(key, { value, bytes });
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
    for (const map of [this.values, this.known])
      for (const key of map.keys()) if (!keys.has(key)) map.delete(key);
  }

  /** Forgets what the client has: each value that comes is told whole. */
  startOver(): void {
    this.known.clear();
  }

  /** The client painted frame `n`. */
  ack(n: number): void {
    if (n <= this.sent) this.acked = Math.max(this.acked, n);
  }

  /** Whether the client keeps up. */
  get isOpen(): boolean {
    return this.sent - this.acked < mostUnacked;
  }

  /** Whether an event waits to be told. */
  get hasEvents(): boolean {
    return this.events.length > 0;
  }

  /** Frames sent and not acknowledged. */
  get unacked(): number {
    return this.sent - this.acked;
  }

  /** Returns the next frame, or null when there is nothing to tell or the client has not painted the last ones. */
  next(asOf: number): Frame | null {
    if (!this.isOpen || (this.values.size === 0 && this.events.length === 0)) return null;
    this.sent += 1;
    const [ev, taken] = this.takeEvents();
    const values = this.takeValues(frameBytes - taken);
    const whole = values.filter(({ change, value }) => change === null && value !== undefined);
    const frame: Frame = {
      kind: 'frame',
      n: this.sent,
      asOf,
      t1: Object.fromEntries(whole.map(({ key, value }) => [key, value])),
      lists: Object.fromEntries(
        values.flatMap(({ key, change }) => (change === null ? [] : [[key, change]])),
      ),
      gone: values.flatMap(({ key, value }) => (value === undefined ? [key] : [])),
      ev,
      lost: this.lostEvents,
    };
    this.lostEvents = 0;
    return frame;
  }

  private takeEvents(): readonly [events: readonly LiveEvent[], bytes: number] {
    const { events } = this;
    let count = events.length > backlogEvents ? backlogEvents : 0;
    let bytes = 0;
    while (count < events.length && count < backlogEvents) {
      const more = JSON.stringify(events[count]).length + 1;
      // One at least: an event that weighs more than all others may would else never go.
      if (count > 0 && bytes + more > eventBytes) break;
      bytes += more;
      count += 1;
    }
    this.events = events.slice(count);
    return [events.slice(0, count), Math.min(bytes, eventBytes)];
  }

  /** Takes values, those that have waited longest first, until the frame is full. */
  private takeValues(room: number): readonly Sent[] {
    const taken: Sent[] = [];
    let left = room;
    for (const [key, told] of this.values) {
      const sent = this.sentOf(key, told);
      const isFirst = !this.known.has(key);
      if (!isFirst && taken.length > 0 && sent.bytes > left) continue;
      left -= sent.bytes;
      taken.push(sent);
      this.values.delete(key);
      if (told.value === undefined) this.known.delete(key);
      else this.known.set(key, told.value);
    }
    return taken;
  }

  private sentOf(key: string, { value, bytes }: Told): Sent {
    const before = this.known.get(key);
    const whole = { key, value, change: null, bytes: bytes + key.length + 4 };
    if (!Array.isArray(before) || !Array.isArray(value)) return whole;
    const made = listChange(before, value);
    return made.bytes < bytes
      ? { key, value, change: made.change, bytes: made.bytes + key.length + 4 }
      : whole;
  }
}
