import { Worker } from 'node:worker_threads';
import { OrderflowError } from '../errors.ts';
import type { RunningStore, StoreStart, StoreStatus } from '../runtime/store-port.ts';
import { releaseOwn } from './folder-lock.ts';
import { isFolder, nameOf } from './target.ts';
import type { StoreAnswer, StoreCall, StoreTask } from './thread-words.ts';

interface Waiting {
  readonly resolve: (rows: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Megabytes of the thread's own heap: it would let garbage grow to gigabytes. The database's memory is not part of it. */
const resourceLimits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 } as const;
/** How long a thread may take to end beyond what it was given. */
const graceMs = 2_000;

/** A store in a thread of its own. Nothing of the database is loaded in the thread that starts it. */
export class StoreThread implements RunningStore {
  readonly name: string;
  private readonly worker: Worker;
  private readonly told: (status: StoreStatus) => void;
  private readonly ended: Promise<void>;
  private readonly waiting = new Map<number, Waiting>();
  private calls = 0;
  private current: StoreStatus = { state: 'opening', done: null, all: null, problem: null };

  constructor({ target, log, partitions, told }: StoreStart) {
    this.name = nameOf(target);
    this.told = told;
    const task: StoreTask = { target, log, partitions };
    this.worker = new Worker(new URL('./store-worker.ts', import.meta.url), {
      workerData: task,
      resourceLimits,
    });
    this.worker.on('message', (word: StoreAnswer) => this.take(word));
    let cause = 'its thread has ended';
    // A thread that ran out of memory, or a mistake of the program: the engine goes on without a store.
    this.worker.on('error', (error) => {
      cause = error instanceof Error ? error.message : String(error);
    });
    this.ended = new Promise((resolve) => {
      this.worker.on('exit', () => {
        if (isFolder(target)) releaseOwn(target.directory);
        this.finish(cause);
        resolve();
      });
    });
  }

  get status(): StoreStatus {
    return this.current;
  }

  ask(question: string, ask: unknown = {}): Promise<unknown> {
    if (this.current.state === 'stopped')
      return Promise.reject(this.failureOf(this.current.problem ?? 'it was closed'));
    const id = (this.calls += 1);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.call({ kind: 'ask', id, question, ask });
    });
  }

  async close(mostMs: number): Promise<void> {
    this.call({ kind: 'end', mostMs });
    const timer = setTimeout(() => void this.worker.terminate(), mostMs + graceMs);
    await this.ended;
    clearTimeout(timer);
  }

  private call(call: StoreCall): void {
    const { worker } = this;
    worker.postMessage(call, []);
  }

  private take(word: StoreAnswer): void {
    if (word.kind === 'status') {
      this.current = word.status;
      this.told(word.status);
      return;
    }
    const waiting = this.waiting.get(word.id);
    this.waiting.delete(word.id);
    if (word.kind === 'rows') waiting?.resolve(word.rows);
    else if (word.code === null) waiting?.reject(new Error(word.message));
    else waiting?.reject(new OrderflowError(word.code, word.facts as never));
  }

  private failureOf(cause: string): OrderflowError {
    return new OrderflowError('OF_STORE_IO', { store: this.name, cause });
  }

  private finish(cause: string): void {
    if (this.current.state !== 'stopped') {
      const problem = this.failureOf(cause).message;
      this.current = { ...this.current, state: 'stopped', problem };
      this.told(this.current);
    }
    for (const { reject } of this.waiting.values()) reject(this.failureOf(cause));
    this.waiting.clear();
  }
}
