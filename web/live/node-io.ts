import type { Row } from './values.ts';

/** What a port had last. */
export interface PortIo {
  readonly port: string;
  readonly kind: 'market' | 'event' | 'table';
  /** Where it comes from, as the flow names it; null for an out-port. */
  readonly from: string | null;
  /** Event time in microseconds; null where none is known. */
  readonly ts: number | null;
  /** Prices as decimals; null where there is none. */
  readonly value: Row | null;
  /** Why there is no value, or what is to be known of it; null for nothing. */
  readonly note: string | null;
}

/** What a node of the running flow heard and said last, as the log has it. */
export interface NodeIo {
  readonly node: string;
  readonly ins: readonly PortIo[];
  readonly outs: readonly PortIo[];
  /** Its events are in the journal, so that one can be made a case of. */
  readonly hasMachine: boolean;
}
