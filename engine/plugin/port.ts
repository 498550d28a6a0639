import type { z } from 'zod';

/** What of the market a port takes; only sensors see it. */
export type MarketKind = 'trade' | 'quote' | 'depth' | 'bar';

/** The hot path: trades, quotes, depth and bars of the task's instrument, in arrival order. */
export interface MarketPort {
  readonly kind: 'market';
  readonly takes: readonly MarketKind[];
}

/** A sparse port: an `event` happens once, a `table` keeps the latest value (per `key` field). */
export interface RecordPort<S extends z.ZodObject = z.ZodObject> {
  readonly kind: 'event' | 'table';
  readonly schema: S;
  /** The payload field that keys a table; without it the table has one row per instrument. */
  readonly key?: string;
  /** What an in-port does with a late record: take it (default) or refuse it. */
  readonly late?: 'take' | 'drop';
  /** Smallest distance of two publications of a view in event time, as a duration. Default `1s`. */
  readonly every?: string;
  /** An optional in-port may stay unwired. */
  readonly optional?: boolean;
  /** One plain sentence for docs and hover. */
  readonly doc?: string;
}

/** A typed port. */
export type Port<S extends z.ZodObject = z.ZodObject> = MarketPort | RecordPort<S>;

/** Ports by name. */
export type Ports = Readonly<Record<string, Port>>;

/** Out-ports and senses by name: never market. */
export type RecordPorts = Readonly<Record<string, RecordPort>>;

/** The payload type of a record port. */
export type Payload<P> = P extends RecordPort<infer S> ? z.infer<S> : never;

/** Hands a payload to a port by name. */
export type Out<O extends RecordPorts> = <K extends keyof O & string>(
  port: K,
  payload: Payload<O[K]>,
) => void;

/** Returns the id of a port's contract, such as `signal/1`; a schema without an id is named after its plugin and port. */
export function contractId(schema: z.ZodObject, plugin: string, port: string): string {
  const id = schema.meta()?.['id'];
  return typeof id === 'string' ? id : `${plugin}.${port}/1`;
}

/** Days that a cluster keeps records of a contract that says nothing of it: enough to replay a composite of thirty sessions. */
export const usualKeptDays = 60;

/**
 * Returns for how many days a cluster keeps the records of a contract; null: for ever. A schema says so with
 * `meta({ keptDays })`.
 */
export function keptDaysOf(schema: z.ZodObject): number | null {
  const days = schema.meta()?.['keptDays'];
  return days === null || typeof days === 'number' ? days : usualKeptDays;
}
