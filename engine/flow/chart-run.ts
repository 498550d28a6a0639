import { type AnyMachineSnapshot, initialTransition, transition } from 'xstate';
import type { Leaf } from '../contracts/evidence.ts';
import { findInstrument } from '../market/instrument.ts';
import { recordLeavesTo } from '../plugin/evidence.ts';
import type { GraphNode } from './graph.ts';
import { compileWithDoubles } from './plugin-doubles.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a statechart did with one event. */
export interface Step {
  readonly state: unknown;
  readonly context: Fields;
  readonly emitted: readonly Fields[];
  readonly leaves: readonly Leaf[];
}

const microsPerSecond = 1_000_000;

/** Runs a statechart of a flow with XState's own pure transition; timers are not run. */
export class ChartRun {
  readonly memory: Record<string, unknown> = {};
  readonly tables: Record<string, unknown> = {};
  private readonly node: GraphNode;
  private readonly machine: NonNullable<ReturnType<NonNullable<GraphNode['plugin']['machine']>>>;
  private snapshot: AnyMachineSnapshot;
  private seconds = 0;
  private readonly environment = {
    table: (alias: string): unknown => this.tables[alias],
    now: (): number => this.seconds * microsPerSecond,
    memory: this.memory,
  };

  /** `text` is a flow; its node `strategy` is run. */
  constructor(text: string) {
    const { graph, messages } = compileWithDoubles(text);
    const node = graph?.nodes.find(({ id }) => id === 'strategy');
    if (!node?.plugin.machine) throw new Error(messages.join('\n'));
    this.node = node;
    this.machine = node.plugin.machine({
      config: {} as never,
      instrument: findInstrument('ES'),
      environment: this.environment,
    });
    [this.snapshot] = initialTransition(this.machine) as unknown as [AnyMachineSnapshot];
  }

  /** XState's configuration of the statechart. */
  get config(): unknown {
    return this.machine.config;
  }

  /** Sends an event at a second of event time; prices are ticks. */
  send(seconds: number, type: string, payload: Fields = {}): Step {
    this.seconds = seconds;
    const event = { type, ts: seconds * microsPerSecond, ...payload };
    this.node.observe?.(event, this.snapshot.context as Fields, this.environment);
    const leaves: Leaf[] = [];
    recordLeavesTo(leaves, true);
    try {
      const [next, actions] = transition(
        this.machine,
        this.snapshot as never,
        event,
      ) as unknown as [
        AnyMachineSnapshot,
        readonly { readonly type: string; readonly params?: unknown }[],
      ];
      this.snapshot = next;
      const emitted = actions
        .filter((action) => action.type === 'xstate.emit')
        .map(({ params }) => (params as { event: Fields }).event);
      return { state: next.value, context: next.context as Fields, emitted, leaves };
    } finally {
      recordLeavesTo(null, false);
    }
  }
}
