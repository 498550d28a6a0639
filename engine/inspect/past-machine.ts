/** A machine at one moment of the past. */
export interface PastMachine {
  /** Empty before its first macrostep. */
  readonly state: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** Event time at which it entered the state; null before its first macrostep. */
  readonly since: number | null;
  /** False where what it began with is not known: fields that did not change since are then left out. */
  readonly isWhole: boolean;
}
