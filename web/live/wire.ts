import type { FrameRate } from './frame-rate.ts';
import type { ListChange } from './list-change.ts';

/** What the browser and the gateway say to each other over the one WebSocket of a window. Prices are decimals. */

export const wireVersion = 2;

/** Where a feed stands, as its host knows it; whether it is silent is judged in the browser. */
export type FeedState = 'starting' | 'catching-up' | 'running' | 'paused' | 'ended' | 'failed';

/** One feed: milliseconds of the server's clock since its last record; null before the first. */
export interface FeedBeat {
  readonly id: string;
  readonly ageMs: number | null;
  readonly state: FeedState;
  /** Longest usual distance of two records of a source that brings bars alone, in milliseconds; left out for any other. */
  readonly usualGapMs?: number;
}

/** A fact that is never dropped, merged or reordered. `s` counts from 1 within a run of the server. */
export interface LiveEvent {
  readonly s: number;
  readonly type: 'transition' | 'signal' | 'dead-letter' | 'notice';
  /** Event time in microseconds. */
  readonly ts: number;
  readonly node: string;
  readonly port: string | null;
  /** Macrostep that made it; null where none did. */
  readonly seq: number | null;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Instrument it is of, when that is not the one the window shows. */
  readonly symbol?: string;
}

/** First word of the server, on every connection. */
export interface Hello {
  readonly kind: 'hello';
  readonly v: number;
  /** Names this run of the server: sequence numbers of another run mean nothing here. */
  readonly run: string;
  /** Last event there is. */
  readonly lastSeq: number;
  /** True when events after the client's last one are gone: it must read a snapshot. */
  readonly gap: boolean;
}

/** Sent once a second whatever happens: the engine's pulse. */
export interface Beat {
  readonly kind: 'beat';
  readonly feeds: readonly FeedBeat[];
  /** Milliseconds since the engine last had its turn. */
  readonly eng: number;
}

/** One consistent cut. The client acknowledges `n` once it is painted. */
export interface Frame {
  readonly kind: 'frame';
  readonly n: number;
  /** Event time of the cut in microseconds. */
  readonly asOf: number;
  /** Newest value of each key that changed. */
  readonly t1: Readonly<Record<string, unknown>>;
  /** The same for lists of which the client has an older state: what changed of it. */
  readonly lists: Readonly<Record<string, ListChange>>;
  /** Keys that have no value any more, such as those of a node that a deployment took away. */
  readonly gone: readonly string[];
  /** Events in order, none left out. */
  readonly ev: readonly LiveEvent[];
  /** Events that were cut off because the client was too far behind; 0 when none. */
  readonly lost: number;
}

export type ServerMessage = Hello | Beat | Frame;

/** What a client says. */
export type ClientMessage =
  | {
      readonly kind: 'hello';
      readonly run: string | null;
      readonly lastSeq: number;
      readonly keys: readonly string[];
      readonly hidden: boolean;
      readonly hz: FrameRate;
    }
  | { readonly kind: 'want'; readonly keys: readonly string[] }
  | { readonly kind: 'ack'; readonly n: number }
  | { readonly kind: 'tab'; readonly hidden: boolean; readonly hz: FrameRate };
