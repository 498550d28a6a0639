import type { z } from 'zod';
import { marketSchema, marketTopic } from '../contracts/market-batch.ts';
import type { outcome } from '../contracts/outcome.ts';
import { OrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import { rowKey } from '../runtime/tables.ts';
import { Task } from '../runtime/task.ts';
import { ContractChange } from './contract-change.ts';
import { levelPorts, levelsTopic, outcomePorts, withGivenLevels } from './lean-flow.ts';
import { batchesOf, rowAfter, type Tape } from './tape.ts';
import type { TradeDay } from './trade-days.ts';

type Row = Readonly<Record<string, unknown>>;

/** What became of a setup, and when it was told. */
export interface ToldOutcome extends z.infer<typeof outcome> {
  readonly ts: number;
  readonly node: string;
}

/** A record of a completed session, to be handed to a shuffled run at its time. */
export interface LevelRecord {
  readonly ts: number;
  /** `node.port`. */
  readonly name: string;
  readonly text: string;
}

/** What is run. */
export interface StudyRun {
  /** From `leanFlow`. */
  readonly graph: FlowGraph;
  readonly instrument: Instrument;
  readonly tape: Tape;
  readonly days: readonly TradeDay[];
  /** Returns the contract of a trade date where a table says it; null: the calendar says it. */
  readonly contractOf: ((tradeDate: string) => string | null) | null;
  /** Levels of another run, in place of those this one would make; null makes its own. */
  readonly levels: readonly LevelRecord[] | null;
  /** Told how much is done, 0 to 1; may let others have their turn. */
  readonly progress?: (done: number) => Promise<void> | void;
}

/** What a run told. */
export interface StudyResult {
  readonly outcomes: readonly ToldOutcome[];
  readonly levels: readonly LevelRecord[];
}

/** One run of a flow over a tape, without journal, explanations and records that nobody reads. */
class Study {
  readonly outcomes: ToldOutcome[] = [];
  readonly levels: LevelRecord[] = [];
  private readonly run: StudyRun;
  private readonly task: Task;
  private readonly change: ContractChange | null;
  private readonly levelNames: ReadonlySet<string>;
  private offset = 0;
  private nextLevel = 0;

  constructor(run: StudyRun) {
    this.run = run;
    const { graph, instrument, contractOf, days } = run;
    this.levelNames = levelPorts(graph);
    this.change = contractOf
      ? new ContractChange(
          graph,
          contractOf,
          new Set(days.filter(({ rolled }) => rolled).map(({ tradeDate }) => tradeDate)),
        )
      : null;
    // Where a table names the contracts, the calendar's own rolls must not speak as well.
    const tasks = contractOf ? { ...instrument, months: null } : instrument;
    this.task = new Task(run.levels ? withGivenLevels(graph) : graph, tasks, {
      explain: false,
      publish: false,
      hash: false,
    });
    this.watch(outcomePorts(graph));
  }

  /** Feeds one trade day. */
  feed(day: TradeDay): void {
    if (day.rolled && this.change) this.withdraw(this.change);
    const { tape, levels } = this.run;
    let { from } = day;
    for (;;) {
      const level = levels?.[this.nextLevel];
      // A record of an instant comes after the bars that end with it.
      const until = level ? Math.min(day.until, rowAfter(tape, level.ts, from)) : day.until;
      this.feedRows(from, until);
      from = until;
      if (!level || until === day.until) return;
      this.give(level);
    }
  }

  /** Hands on what came with the last row. */
  end(): void {
    for (const level of this.run.levels?.slice(this.nextLevel) ?? []) this.give(level);
    const broken = this.task.nodes.filter((node) => node.quarantined);
    if (broken.length === 0) return;
    const [letter] = this.task.output.take();
    const cause = letter ? (JSON.parse(String(letter.value)) as { error: string }).error : '';
    const nodes = broken.map(({ id }) => id).join(', ');
    throw new OrderflowError('OF_STATS_QUARANTINED', { nodes, cause });
  }

  private watch(outcomes: ReadonlySet<string>): void {
    const { task, change, levelNames } = this;
    const areGiven = this.run.levels !== null;
    const { queue } = task;
    const publish = queue.publish.bind(queue);
    queue.publish = (node, port, payload, row) => {
      const name = `${node.id}.${port}`;
      const isLevel = levelNames.has(name);
      // A shuffled day's own profile must not become anybody's prior session.
      if (isLevel && areGiven) return;
      const mapped = change ? change.map(name, payload) : payload;
      const ts = task.clock.now;
      if (isLevel) this.levels.push({ ts, name, text: JSON.stringify({ ...mapped, ts }) });
      if (outcomes.has(name)) {
        const told = mapped as z.infer<typeof outcome>;
        this.outcomes.push({ ...told, ts, node: node.id });
      }
      publish(node, port, mapped, row);
    };
  }

  private withdraw(change: ContractChange): void {
    for (const { name, row } of change.withdraw()) {
      const [id = '', port = ''] = name.split('.');
      this.task.queue.publish(this.task.node(id), port, row, 0);
    }
    this.task.drain(0);
  }

  private feedRows(from: number, until: number): void {
    const { symbol, number } = this.run.instrument;
    for (const value of batchesOf(this.run.tape, symbol, from, until)) {
      const place = { topic: marketTopic, key: symbol, ts: 0, schema: marketSchema };
      this.task.step({ ...place, value, partition: number, offset: this.offset });
      this.offset += 1;
    }
  }

  private give({ ts, name, text }: LevelRecord): void {
    const { symbol, number } = this.run.instrument;
    const [id = '', port = ''] = name.split('.');
    const spec = this.task.node(id).graphNode.plugin.out[port];
    if (spec?.kind === 'table') {
      const row = JSON.parse(text) as Row;
      this.task.tables.write(id, port, rowKey(row, spec.key), row);
    }
    const place = { topic: levelsTopic, key: symbol, ts, schema: 'study/1', port: name };
    this.task.step({ ...place, value: text, partition: number, offset: this.nextLevel });
    this.nextLevel += 1;
  }
}

/**
 * Runs a flow over a tape for what its setups came to.
 *
 * @throws {OF_STATS_QUARANTINED} when a node broke: its figures would be of part of the time.
 */
export async function runStudy(run: StudyRun): Promise<StudyResult> {
  const study = new Study(run);
  for (const day of run.days) {
    study.feed(day);
    await run.progress?.(day.until / run.tape.count);
  }
  study.end();
  return { outcomes: study.outcomes, levels: study.levels };
}
