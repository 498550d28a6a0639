import type { WebSocket } from 'ws';
import { closeCodes } from '../live/close-codes.ts';
import { Conflator } from '../live/conflator.ts';
import {
  type ClientMessage,
  type LiveEvent,
  type ServerMessage,
  wireVersion,
} from '../live/wire.ts';
import type { FrameMeter } from './frame-meter.ts';
import type { TaskFeed } from './task-feed.ts';

/** A client that paints nothing for so long is sent away; it comes back and reads a snapshot. */
const longestSilenceMs = 15_000;
const mostBufferedBytes = 1_048_576;
const hiddenPeriodMs = 1_000;

/** What a window's connection is made from. */
export interface LiveClientOptions {
  readonly socket: WebSocket;
  /** Of the instrument the window shows. */
  readonly feed: TaskFeed;
  readonly now: () => number;
  readonly meter: FrameMeter;
}

/** A value with its JSON, read once for all windows; the same object while it does not change. */
export interface Reading {
  readonly value: unknown;
  readonly text: string;
}

/** One window: what it wants, what it has been told, and whether it keeps up. */
export class LiveClient {
  private readonly options: LiveClientOptions;
  private conflator = new Conflator();
  private keys: ReadonlySet<string> = new Set();
  private told = new Map<string, unknown>();
  private isReady = false;
  private isHidden = false;
  private periodMs = 50;
  private lastFrameAt = Number.NEGATIVE_INFINITY;
  private lastAckAt: number;

  constructor(options: LiveClientOptions) {
    this.options = options;
    this.lastAckAt = options.now();
  }

  /** Keys to read for this window now; none while it has not said what it wants or is behind. */
  get dueKeys(): ReadonlySet<string> {
    return this.isReady && this.conflator.isOpen ? this.keys : new Set();
  }

  /** Takes what the window says. */
  take(message: ClientMessage): void {
    switch (message.kind) {
      case 'hello':
        this.greet(message);
        break;
      case 'want':
        this.want(message.keys);
        break;
      case 'ack':
        this.lastAckAt = this.options.now();
        this.conflator.ack(message.n);
        break;
      case 'tab':
        this.setTab(message.hidden, message.hz);
        break;
    }
  }

  /** Notes an event. */
  event(event: LiveEvent): void {
    if (this.isReady) this.conflator.event(event);
  }

  /** Sends a frame when there is something to tell and the window keeps up. */
  tick(now: number, asOf: number, readings: ReadonlyMap<string, Reading>): void {
    if (!this.isReady || this.isGone(now)) return;
    // A tick comes a little early as often as late.
    const isDue = now - this.lastFrameAt >= this.periodMs - 5;
    // Values of a hidden window wait for their second, events do not: one of them may be an alarm.
    if (!isDue && !(this.isHidden && this.conflator.hasEvents)) return;
    if (isDue) this.takeValues(readings);
    const frame = this.conflator.next(asOf);
    if (frame === null) return;
    if (this.conflator.unacked === 1) this.lastAckAt = now;
    if (isDue) this.lastFrameAt = now;
    this.send(frame);
  }

  private takeValues(readings: ReadonlyMap<string, Reading>): void {
    for (const key of this.keys) {
      const reading = readings.get(key);
      if (reading === undefined) continue;
      // What did not change is the same object.
      if (this.told.has(key) && this.told.get(key) === reading.value) continue;
      this.told.set(key, reading.value);
      this.conflator.value(key, reading.value, reading.text.length);
    }
  }

  /** Sends a message, if the socket is open. */
  send(message: ServerMessage): void {
    const { socket, meter } = this.options;
    if (socket.readyState !== socket.OPEN) return;
    const text = JSON.stringify(message);
    socket.send(text);
    meter.sent(text.length, message.kind === 'frame');
  }

  /** Ends the connection. */
  end(code: number, reason: string): void {
    this.forget();
    this.options.socket.close(code, reason);
  }

  /** Drops what was kept for the window. */
  forget(): void {
    this.isReady = false;
    this.conflator = new Conflator();
    this.told.clear();
  }

  private greet({ run, lastSeq, keys, hidden, hz }: ClientMessage & { kind: 'hello' }): void {
    const { ring, run: own } = this.options.feed;
    this.forget();
    const missed = run === own ? ring.after(lastSeq) : null;
    this.send({
      kind: 'hello',
      v: wireVersion,
      run: own,
      lastSeq: ring.lastSeq,
      // A window of another run has seen nothing of this one; only a hole within a run is a gap.
      gap: run === own && missed === null,
    });
    for (const event of missed ?? []) this.conflator.event(event);
    this.want(keys);
    this.setTab(hidden, hz);
    this.lastAckAt = this.options.now();
    this.isReady = true;
  }

  private want(keys: readonly string[]): void {
    this.keys = new Set(keys);
    this.conflator.keepOnly(this.keys);
    for (const key of this.told.keys()) if (!this.keys.has(key)) this.told.delete(key);
  }

  private setTab(isHidden: boolean, hz: number): void {
    // Whoever comes back sees everything anew: a hidden tab may have thrown its pixels away.
    if (this.isHidden && !isHidden) {
      this.told.clear();
      this.conflator.startOver();
    }
    this.isHidden = isHidden;
    this.periodMs = isHidden ? hiddenPeriodMs : 1_000 / hz;
  }

  private isGone(now: number): boolean {
    const isSilent = this.conflator.unacked > 0 && now - this.lastAckAt > longestSilenceMs;
    if (!isSilent && this.options.socket.bufferedAmount <= mostBufferedBytes) return false;
    this.end(closeCodes.tooSlow, 'the window does not keep up');
    return true;
  }
}
