/** Topic of what processes say of themselves; one partition per instrument. */
export const runTopic = 'system.runs';
/** Schema id of a run record. */
export const runSchema = 'run/1';

/** A process that runs a flow for one instrument: written when it starts, and again when it ends. */
export interface RunRecord {
  /** Wall clock in microseconds: this record is about the machine, not the market. */
  readonly ts: number;
  /** The same in both records of a run. */
  readonly id: string;
  readonly flow: string;
  readonly flowVersion: string;
  readonly flowHash: string;
  /** Version of the program. */
  readonly program: string;
  /** Ids of the source plugins. */
  readonly sources: readonly string[];
  readonly startedAt: number;
  /** Null while it runs. */
  readonly stoppedAt: number | null;
  readonly state: 'running' | 'stopped' | 'failed';
}
