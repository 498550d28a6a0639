import type { Ladder } from '../market/ladder.ts';
import type { Phase } from '../market/session.ts';
import type { Out, Payload, RecordPorts } from './port.ts';

/** Flags of a trade, ORed. */
export const tradeFlags = {
  /** The side was inferred by quote or tick rule, not given by the venue. */
  inferred: 1,
  /** The record came after a later one; it keeps its place and does not move time. */
  late: 2,
  /** The trade was made from a bar or footprint row: its time within the bar is not known. */
  approximate: 4,
  /** An auction, cross or implied print without an aggressor. */
  auction: 8,
} as const;

/** A sensor's whole state: named numbers, fixed-length arrays and ladders. A snapshot is a copy. */
export interface Slots {
  /** The named numbers of `slots`, by their index. */
  readonly f: Float64Array;
  /** The arrays of `arrays`, by name. */
  readonly a: Readonly<Record<string, Float64Array>>;
  /** The ladders of `ladders`, by their index. */
  readonly l: readonly Ladder[];
}

/** Evidence of a threshold a sensor filters by: what it reached, what it needs. */
export interface Probe {
  readonly value: number;
  readonly needed: number;
  readonly unit: string;
}

/** A grid of times at which a sensor's `clock` hook runs. */
export interface SensorClock {
  readonly everyUs: number;
  /** The grid starts at the RTH open and ends at the RTH end, or runs with the whole trade day. */
  readonly from: 'rth' | 'session';
}

/**
 * What a sensor hands over: events for its machine, and records for out-ports the machine has no part in. Those are
 * published as they are, before the machine sees what was handed over after them.
 */
export type Told<S extends RecordPorts, O extends RecordPorts> = Out<S & Omit<O, keyof S>>;

/**
 * A pure reducer over its slots. It sees every trade, quote, depth change and bar, so it allocates nothing per
 * record and keeps nothing outside its slots; it hands sparse edges to its machine through `out`. Prices are
 * ticks, times microseconds. Where market time is quiet nothing runs.
 */
export interface Sensor<C, S extends RecordPorts, O extends RecordPorts> {
  readonly slots: readonly string[];
  /** Slots that hold the window maximum of a probed value; the engine sets them to 0 when a window of one minute ends. */
  readonly peaks?: readonly string[];
  arrays?(c: C): Record<string, number>;
  readonly ladders?: readonly string[];
  clocks?(c: C): Record<string, SensorClock>;
  init(s: Slots, c: C): void;
  /** A calendar boundary of the instrument, at its own time. `tradeDate` is yyyymmdd. */
  phase?(s: Slots, c: C, ts: number, phase: Phase, tradeDate: number, out: Told<S, O>): void;
  /** The end of the `index`-th step (from 0) of a clock of this sensor; runs before a phase of the same time. */
  clock?(s: Slots, c: C, ts: number, name: string, index: number, out: Told<S, O>): void;
  /** `side`: 1 buyer, -1 seller was the aggressor, 0 unclassified. */
  trade?(
    s: Slots,
    c: C,
    ts: number,
    price: number,
    size: number,
    side: number,
    flags: number,
    out: Told<S, O>,
  ): void;
  quote?(
    s: Slots,
    c: C,
    ts: number,
    bid: number,
    bidSize: number,
    ask: number,
    askSize: number,
    out: Told<S, O>,
  ): void;
  /** `level` 0 = best; `size` 0 = removed; `level` -1 = the book of both sides was reset. `side` 1 = bid, -1 = ask. */
  depth?(
    s: Slots,
    c: C,
    ts: number,
    side: number,
    level: number,
    price: number,
    size: number,
    out: Told<S, O>,
  ): void;
  /** An event or table in-port that arms the sensor, before the machine sees it. */
  event?(
    s: Slots,
    c: C,
    ts: number,
    port: string,
    payload: Readonly<Record<string, unknown>>,
    out: Told<S, O>,
  ): void;
  /**
   * A bar, known at its end `ts`; NaN where a number is not known (`bidVolume`, `askVolume`, `vwap`). `vwap` is in ticks
   * with a fraction. A bar that ends with its session is seen before the session's end.
   */
  bar?(
    s: Slots,
    c: C,
    ts: number,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
    bidVolume: number,
    askVolume: number,
    vwap: number,
    out: Told<S, O>,
  ): void;
  readonly probes?: Readonly<Record<string, (s: Slots, c: C) => Probe>>;
  /**
   * What each probe holds back as long as it has not gone beyond what it needs: senses and out-ports, by probe. Without it
   * "why not" can only guess among probes. An upper limit holds nothing back by staying below: `[]`.
   */
  readonly withholds?: Readonly<Record<string, readonly ((keyof S | keyof O) & string)[]>>;
  /** Table out-ports computed on read; published each `every` of event time if changed. A keyed table returns its rows. */
  readonly views?: {
    readonly [K in keyof O & string]?: (
      s: Slots,
      c: C,
    ) => Payload<O[K]> | readonly Payload<O[K]>[] | null;
  };
}
