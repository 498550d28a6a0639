/** Which group of workers is joined, and what is shared out in it. */
export interface WorkerGroupOptions {
  readonly group: string;
  /** The topic whose partitions are shared out. */
  readonly topic: string;
  readonly partitions: readonly number[];
  /** Milliseconds of silence after which a worker counts as dead. */
  readonly sessionMs: number;
}

/** Who takes and gives back partitions. */
export interface WorkerGroupHandlers {
  /** From now on this worker has these partitions, and no others. */
  assigned(partitions: readonly number[], generation: number): void;
  /** The group shares out anew. Resolves when nothing of what this worker had is at work any more. */
  released(): Promise<void>;
  /** Returns how far this worker is, for tools that show what a group has not read yet. Nothing is resumed from it. */
  positions(): readonly {
    readonly topic: string;
    readonly partition: number;
    /** Next offset to read. */
    readonly offset: number;
  }[];
}

/** A group of workers, of which this process is one. */
export interface WorkerGroup {
  /** Takes part until the signal, then gives everything back and leaves. */
  run(signal: AbortSignal): Promise<void>;
  /** Returns whether the group still counts this worker as the one that has what it was given last. */
  isMember(): Promise<boolean>;
}
