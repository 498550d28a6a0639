/** What an alert is about; the help has a line for each. */
export type AlertKind = 'dead-letter' | 'node-out' | 'feed' | 'refused' | 'deployed' | 'engine';

/** Who saw an alert, and when by the wall clock, in milliseconds since 1970. */
export interface Acknowledgement {
  readonly by: string;
  readonly at: number;
}

/** Something that went wrong, or that one should know of, while perhaps nobody looked. */
export interface Alert {
  /** Counts from 1, over restarts too. */
  readonly id: number;
  readonly kind: AlertKind;
  /** `alarm`: somebody has to say that they saw it. `note`: it is kept to be read. */
  readonly level: 'alarm' | 'note';
  /** Null for what is of the whole process. */
  readonly symbol: string | null;
  /** Event time in microseconds; 0 before the first record. */
  readonly ts: number;
  /** Wall clock in milliseconds since 1970. */
  readonly at: number;
  /** Empty where no node is meant. */
  readonly node: string;
  /** Macrostep to look at; null where none is known. */
  readonly seq: number | null;
  /** Code of the error table; null without one. */
  readonly code: string | null;
  readonly text: string;
  /** How often the same happened before somebody acknowledged it; time and macrostep are of the last. */
  readonly times: number;
  readonly acknowledged: Acknowledgement | null;
}

/** `alerts`: what every window is told; the list itself is asked for. */
export interface AlertsValue {
  /** Changes with every change of the list. */
  readonly revision: number;
  /** Alarms that nobody has acknowledged. */
  readonly open: number;
  /** The newest of them; null without one. */
  readonly newest: Pick<Alert, 'id' | 'symbol' | 'node' | 'text' | 'times'> | null;
}

/** All alerts that are kept. */
export interface AlertList {
  /** Newest first. */
  readonly alerts: readonly Alert[];
  /** Older ones that were dropped to keep the list bounded. */
  readonly dropped: number;
  /** Since when alerts are kept: wall clock in milliseconds since 1970. */
  readonly since: number;
}
