import type { LiveEngine } from '#engine/cli/live-engine.ts';
import type { LiveTask } from '#engine/cli/live-task.ts';
import type { MarketState } from '#engine/cli/market-control.ts';
import type { DeadLetter, JournalRecord } from '#engine/contracts/journal.ts';
import { phaseAt } from '#engine/market/session.ts';
import { flowTopics } from '#engine/runtime/output.ts';
import type { NewRecord } from '#engine/runtime/ports.ts';
import type { Task } from '#engine/runtime/task.ts';
import { linkLimits } from '../live/link-state.ts';
import type { FeedBeat, FeedState, LiveEvent } from '../live/wire.ts';
import { AlertBook } from './alert-book.ts';
import { type FeedWord, feedAlert, feedWord } from './feed-words.ts';
import { type MarketAge, MarketAges } from './market-ages.ts';
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
  /** What went wrong, of all instruments. */
  readonly alerts: AlertBook;
  /** Hash of the flow each instrument ran last. */
  private readonly flows = new Map<string, string>();
  private readonly words = new Map<string | null, FeedWord>();
  /** By instrument. */
  private readonly ages = new Map<string, MarketAges>();

  /**
   * @param run - Names this run of the server.
   * @param alerts - Where alerts go; without one they are kept as long as the process.
   */
  constructor(engine: LiveEngine, run: string, alerts?: AlertBook) {
    this.engine = engine;
    this.run = run;
    this.alerts =
      alerts ?? new AlertBook(() => Math.round(performance.timeOrigin + performance.now()));
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

  /** Notes a command that was refused. */
  refused(command: string, reason: string, symbol: string | null = null): void {
    const ts = this.engine.taskOf(symbol)?.runner.task.clock.now ?? 0;
    this.alerts.add({ kind: 'refused', level: 'note', symbol, ts, text: `${command}: ${reason}` });
  }

  /** Looks whether a feed has changed; called once a second. */
  look(): void {
    const names = this.engine.symbols.length === 0 ? [null] : this.engine.symbols;
    for (const symbol of names) this.lookAt(symbol);
  }

  private lookAt(symbol: string | null): void {
    const task = this.engine.taskOf(symbol)?.runner.task;
    const now = task?.clock.now ?? 0;
    if (task) this.noteMarket(task);
    const beat = this.beat(symbol);
    const isQuiet = beat.ageMs !== null && beat.ageMs > linkLimits.quiet;
    const phase = task && now > 0 && isQuiet ? phaseAt(task.instrument.calendar, now) : null;
    const word = feedWord(beat, phase);
    const alert = feedAlert(beat, this.words.get(symbol) ?? null, word);
    this.words.set(symbol, word);
    if (alert) this.alerts.add({ kind: 'feed', symbol, ts: now, ...alert });
  }

  /** Returns how old the last quote and the last trade of an instrument are; the flow's first for null. */
  ageOf(symbol: string | null): MarketAge {
    const name = this.engine.taskOf(symbol)?.symbol ?? '';
    return (this.ages.get(name) ?? new MarketAges()).read(performance.now());
  }

  /** Where the market of an instrument stands. */
  beat(symbol: string | null): FeedBeat {
    const { control, graph } = this.engine;
    const task = this.engine.taskOf(symbol);
    const market = control.state(task?.symbol ?? symbol);
    const { ageMs, pace, jumpingTo } = market;
    const isAhead = typeof pace === 'number' && (task?.rate.pace ?? 0) > pace * catchUpFactor;
    const id = graph?.sources[0]?.id ?? 'market';
    const { usualGapMs } = this.ageOf(symbol);
    const state = this.feedState(market, jumpingTo !== null || isAhead);
    return { id, ageMs, state, ...(usualGapMs > 0 ? { usualGapMs } : {}) };
  }

  /** Ends listening. */
  close(): void {
    this.forget();
    const { status, error } = this.engine;
    if (status === 'failed') {
      const text = `the run failed: ${error instanceof Error ? error.message : String(error)}`;
      this.alerts.add({ kind: 'engine', level: 'alarm', text });
    }
    this.alerts.close();
  }

  private noteMarket({ instrument, clock, aggressor }: Task): void {
    const { symbol } = instrument;
    let ages = this.ages.get(symbol);
    if (!ages) this.ages.set(symbol, (ages = new MarketAges()));
    const { rows, trades } = clock;
    ages.note(performance.now(), { rows, trades, quoteTs: aggressor.quoteTs });
  }

  private feedState({ state }: MarketState, isHurrying: boolean): FeedState {
    const { status } = this.engine;
    if (status === 'failed') return 'failed';
    if (status === 'ended') return 'ended';
    if (status === 'starting' || state === 'starting') return 'starting';
    return state === 'running' && isHurrying ? 'catching-up' : state;
  }

  private follow(live: LiveTask): void {
    const { symbol, watch } = live;
    const feed = this.of(symbol);
    this.noteOpened(live);
    // A flow that takes over may ask other things in the same state.
    feed?.forgetAsked();
    watch.onJournal = (record) => {
      if (record.from !== record.to) feed?.add(transitionOf(record));
      feed?.noteAsked(record);
    };
    watch.onSignal = ({ ts, node, port, seq, payload }) =>
      this.tell(symbol, { type: 'signal', ts, node, port, seq, payload });
  }

  /** Adds an event to its own instrument's, and marked to those of the others: their windows are told too. */
  private tell(symbol: string, event: Omit<LiveEvent, 's'>): void {
    this.of(symbol)?.add(event);
    for (const other of this.engine.symbols)
      if (other !== symbol) this.of(other)?.add({ ...event, symbol });
  }

  /** Another flow has taken over, or a run begins with nodes that are out already. */
  private noteOpened({ symbol, graph, runner }: LiveTask): void {
    const { clock, nodes } = runner.task;
    const before = this.flows.get(symbol);
    this.flows.set(symbol, graph.hash);
    if (before !== undefined && before !== graph.hash) {
      const text = `${graph.name} ${graph.version} took over`;
      this.alerts.add({ kind: 'deployed', level: 'note', symbol, ts: clock.now, text });
    }
    for (const { id: node } of nodes.filter(({ quarantined }) => quarantined)) {
      if (this.alerts.tellsOf(symbol, node)) continue;
      const text = 'threw in an earlier run and is out of the flow';
      this.alerts.add({ kind: 'node-out', level: 'alarm', symbol, ts: clock.now, node, text });
    }
  }

  private takeRecords(outputs: readonly NewRecord[]): void {
    const { graph } = this.engine;
    // A commit is of one task, and its records carry the name of the instrument.
    const symbol = outputs[0]?.key ?? this.engine.symbols[0];
    const feed = this.of(symbol ?? null);
    if (!graph || !feed || symbol === undefined) return;
    const { deadLetters } = flowTopics(graph.name);
    for (const record of outputs) {
      feed.noteLast(record);
      if (record.topic !== deadLetters) continue;
      const letter = JSON.parse(String(record.value)) as DeadLetter;
      const { ts, node, seq, error, policy } = letter;
      this.tell(symbol, {
        type: 'dead-letter',
        ts,
        node,
        port: null,
        seq,
        payload: { error, policy },
      });
      const text = policy === 'skip' ? `${error} (left out; the node goes on)` : error;
      const of = { symbol, ts, node, seq, text };
      this.alerts.add({
        kind: policy === 'skip' ? 'dead-letter' : 'node-out',
        level: 'alarm',
        ...of,
      });
    }
  }
}
