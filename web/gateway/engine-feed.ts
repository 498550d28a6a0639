import type { LiveEngine } from '#engine/cli/live-engine.ts';
import type { LiveTask } from '#engine/cli/live-task.ts';
import type { MarketState } from '#engine/cli/market-control.ts';
import type { DeadLetter, JournalRecord } from '#engine/contracts/journal.ts';
import { flowTopics } from '#engine/runtime/output.ts';
import type { NewRecord } from '#engine/runtime/ports.ts';
import type { FeedBeat, FeedState } from '../live/wire.ts';
import { TaskFeed } from './task-feed.ts';

/** A paced market this much faster than asked is making up for days that are past. */
const catchUpFactor = 8;

function transitionOf({ ts, node, seq, from, to, event, taken }: JournalRecord) {
  const payload = { from, to, event: event.type, taken };
  return { type: 'transition' as const, ts, node, port: null, seq, payload };
}

/**
 * Turns what a run commits into numbered events of each instrument, and its markets into pulses. Reads committed records
 * only.
 */
export class EngineFeed {
  private readonly engine: LiveEngine;
  private readonly run: string;
  private readonly forget: () => void;
  /** Of the instrument that is shown when nobody chose another; before a task is open, of them all. */
  private readonly first: TaskFeed;
  private readonly others = new Map<string, TaskFeed>();

  /** @param run - Names this run of the server. */
  constructor(engine: LiveEngine, run: string) {
    this.engine = engine;
    this.run = run;
    this.first = new TaskFeed(run);
    this.forget = engine.onCommit(({ outputs }) => this.takeRecords(outputs));
    engine.onOpened((task) => this.follow(task));
  }

  /**
   * Returns what an instrument commits, the flow's first for null. Before a task is open all are the same, for nothing has
   * happened to any of them; null for what the flow does not run on.
   */
  of(symbol: string | null): TaskFeed | null {
    const { symbols } = this.engine;
    if (symbol === null || symbols.length === 0 || symbol === symbols[0]) return this.first;
    if (!symbols.includes(symbol)) return null;
    let feed = this.others.get(symbol);
    if (!feed) this.others.set(symbol, (feed = new TaskFeed(`${this.run}/${symbol}`)));
    return feed;
  }

  /** Notes something that happened outside the flow, such as a command; windows on every instrument are told. */
  notice(text: string): void {
    const names = this.engine.symbols.length === 0 ? [null] : this.engine.symbols;
    for (const name of names) {
      const ts = this.engine.taskOf(name)?.runner.task.clock.now ?? 0;
      this.of(name)?.add({
        type: 'notice',
        ts,
        node: '',
        port: null,
        seq: null,
        payload: { text },
      });
    }
  }

  /** Where the market of an instrument stands. */
  beat(symbol: string | null): FeedBeat {
    const { control, graph } = this.engine;
    const task = this.engine.taskOf(symbol);
    const market = control.state(task?.symbol ?? symbol);
    const { ageMs, pace, jumpingTo } = market;
    const isAhead = typeof pace === 'number' && (task?.rate.pace ?? 0) > pace * catchUpFactor;
    const id = graph?.sources[0]?.id ?? 'market';
    return { id, ageMs, state: this.feedState(market, jumpingTo !== null || isAhead) };
  }

  /** Ends listening. */
  close(): void {
    this.forget();
  }

  private feedState({ state }: MarketState, isHurrying: boolean): FeedState {
    const { status } = this.engine;
    if (status === 'failed') return 'failed';
    if (status === 'ended') return 'ended';
    if (status === 'starting' || state === 'starting') return 'starting';
    return state === 'running' && isHurrying ? 'catching-up' : state;
  }

  private follow({ symbol, watch }: LiveTask): void {
    const feed = this.of(symbol);
    // A flow that takes over may ask other things in the same state.
    feed?.forgetAsked();
    watch.onJournal = (record) => {
      if (record.from !== record.to) feed?.add(transitionOf(record));
      feed?.noteAsked(record);
    };
    watch.onSignal = ({ ts, node, port, seq, payload }) =>
      feed?.add({ type: 'signal', ts, node, port, seq, payload });
  }

  private takeRecords(outputs: readonly NewRecord[]): void {
    const { graph } = this.engine;
    // A commit is of one task, and its records carry the name of the instrument.
    const feed = this.of(outputs[0]?.key ?? null);
    if (!graph || !feed) return;
    const { deadLetters } = flowTopics(graph.name);
    for (const record of outputs) {
      feed.noteLast(record);
      if (record.topic !== deadLetters) continue;
      const letter = JSON.parse(String(record.value)) as DeadLetter;
      const { ts, node, seq, error, policy } = letter;
      feed.add({ type: 'dead-letter', ts, node, port: null, seq, payload: { error, policy } });
    }
  }
}
