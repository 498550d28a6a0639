import { isOrderflowError, type OrderflowError } from '../errors.ts';
import type { Log } from '../runtime/ports.ts';
import type { StoreStatus, StoreTarget } from '../runtime/store-port.ts';
import { Projector } from './projector.ts';
import { answer, type QueryAsk, type QueryName, queries } from './queries.ts';
import { storeFailure } from './store-failure.ts';
import type { StoreSession } from './store-session.ts';

/** How long the store rests at the end of the log. */
const idleMs = 500;
/** How long it leaves the store to another projector that was there first. */
const overtakenMs = 2_000;
/** Pause after a problem: doubled each time up to the longest. */
const pause = { first: 500, longest: 30_000 } as const;
/** How often it tells how far it is. */
const tellEveryMs = 1_000;

/** What a loop has of the world. */
export interface StoreLoopOptions {
  readonly target: StoreTarget;
  readonly partitions: readonly number[];
  readonly openLog: () => Log | Promise<Log>;
  readonly openSession: () => Promise<StoreSession>;
  /** Waits, or less when it is woken. */
  readonly rest: (ms: number) => Promise<void>;
  /** Milliseconds of a clock that only moves forward. */
  readonly now: () => number;
  readonly told: (status: StoreStatus) => void;
}

/** Keeps a store at the end of the log: opens, projects, and after a problem tries again, longer and longer apart. */
export class StoreLoop {
  private readonly options: StoreLoopOptions;
  private log: Log | null = null;
  private session: StoreSession | null = null;
  private projector: Projector | null = null;
  private status: StoreStatus = { state: 'opening', done: null, all: null, problem: null };
  private failure: OrderflowError | null = null;
  private pauseMs: number = pause.first;
  /** When the loop must end, caught up or not; null while it is not asked to. */
  private endBy: number | null = null;
  private toldAt = Number.NEGATIVE_INFINITY;

  constructor(options: StoreLoopOptions) {
    this.options = options;
  }

  /** Runs until it is asked to end, or until a problem that no try will help. */
  async run(): Promise<void> {
    while (!this.isOver()) {
      try {
        await this.follow();
        break;
      } catch (error) {
        await this.fail(storeFailure(error, this.options.target));
        if (this.failure?.retry === 'never') break;
        await this.options.rest(this.pauseMs);
        this.pauseMs = Math.min(this.pauseMs * 2, pause.longest);
      }
    }
    await this.shut();
    await this.log?.close();
    this.tell({ state: 'stopped' });
  }

  /** Asks for the end: what the log holds is worked off first, for at most so long. */
  end(mostMs: number): void {
    this.endBy = this.options.now() + mostMs;
  }

  /** Answers a question by its name; throws the problem that keeps the store from it. */
  async ask(question: string, ask: unknown): Promise<unknown> {
    if (!this.session) throw this.failure ?? new Error('the store is not open yet');
    if (!Object.hasOwn(queries, question)) throw new Error(`the store has no '${question}'`);
    const name = question as QueryName;
    try {
      return await answer(this.session.em(), name, ask as QueryAsk<QueryName>);
    } catch (error) {
      throw storeFailure(error, this.options.target);
    }
  }

  private isOver(): boolean {
    return this.endBy !== null && this.options.now() >= this.endBy;
  }

  private async follow(): Promise<void> {
    const { partitions, openLog, openSession, rest } = this.options;
    this.log ??= await openLog();
    this.session = await openSession();
    this.projector = new Projector({ log: this.log, session: this.session, partitions });
    await this.projector.open();
    this.failure = null;
    this.pauseMs = pause.first;
    while (!this.isOver()) {
      const { records, isOvertaken } = await this.projector.round();
      const isCurrent = records === 0 && !isOvertaken;
      await this.show(isCurrent ? 'current' : 'behind');
      if (isCurrent && this.endBy !== null) return;
      if (isOvertaken) await rest(overtakenMs);
      else if (isCurrent) await rest(idleMs);
    }
  }

  /** Tells where it stands, at every change and now and then. */
  private async show(state: 'current' | 'behind'): Promise<void> {
    const now = this.options.now();
    const isNews = state !== this.status.state || this.status.problem !== null;
    if (!isNews && now - this.toldAt < tellEveryMs) return;
    this.tell({ state, problem: null, ...(await this.projector?.progress()) });
  }

  private async fail(failure: OrderflowError): Promise<void> {
    this.failure = failure;
    await this.shut();
    this.tell({
      state: failure.retry === 'never' ? 'stopped' : 'waiting',
      problem: failure.message,
    });
  }

  private async shut(): Promise<void> {
    const { session } = this;
    this.session = null;
    this.projector = null;
    try {
      await session?.close();
    } catch (error) {
      // A database that is broken or gone cannot be closed well; what counts was said before.
      if (isOrderflowError(error)) throw error;
    }
  }

  private tell(change: Partial<StoreStatus>): void {
    this.toldAt = this.options.now();
    this.status = { ...this.status, ...change };
    this.options.told(this.status);
  }
}
