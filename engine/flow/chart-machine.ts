import { type AnyStateMachine, assign, emit, setup } from 'xstate';
import { z } from 'zod';
import { OrderflowError } from '../errors.ts';
import type { Instrument } from '../market/instrument.ts';
import type { AnyProcessor, MachineArguments, NodeEnvironment } from '../plugin/define-plugin.ts';
import type { RecordPort } from '../plugin/port.ts';
import { type ChartState, type ChartTransition, statesOf, transitionsFrom } from './chart.ts';
import { conditionText, evaluateCondition } from './condition.ts';
import type { Scope } from './expression.ts';
import type { GraphNode } from './graph.ts';
import type { ConditionRun, Memory, TemporalWatch } from './temporal.ts';
import { evaluateFields, valueJson } from './value.ts';

type Fields = Readonly<Record<string, unknown>>;
type Event = Fields & { readonly type: string };

/** A statechart of a flow that was read and checked. */
export interface Chart {
  /** The node key. */
  readonly node: string;
  readonly flow: string;
  readonly version: string;
  readonly doc: string;
  readonly root: ChartState;
  readonly in: Readonly<Record<string, RecordPort>>;
  readonly out: Readonly<Record<string, RecordPort>>;
  readonly fields: ReadonlyMap<string, z.ZodType>;
  readonly context: Fields;
  readonly params: Fields;
  readonly watch: TemporalWatch;
}

/** One running machine: where its expressions find their values. Guards and actions run one at a time. */
class ChartRun implements Scope, ConditionRun {
  readonly instrument: Instrument;
  readonly params: Fields;
  readonly environment: NodeEnvironment;
  event: Fields = {};
  context: Fields = {};

  constructor(params: Fields, instrument: Instrument, environment: NodeEnvironment) {
    this.params = params;
    this.instrument = instrument;
    this.environment = environment;
  }

  get scope(): Scope {
    return this;
  }

  get memory(): Memory {
    return this.environment.memory;
  }

  now(): number {
    return this.environment.now();
  }

  at(context: Fields, event: Fields): this {
    this.context = context;
    this.event = event;
    return this;
  }

  read(variable: string): unknown {
    switch (variable) {
      case 'ev':
        return this.event;
      case 'ctx':
        return this.context;
      case 'p':
        return this.params;
      default:
        return this.environment.table(variable);
    }
  }
}

function transitionJson(transition: ChartTransition, machineId: string, from: ChartState): Fields {
  const { id, when, why, set, emits, target } = transition;
  const label = why === null ? {} : { why };
  const changes = [...set].map(([name, value]) => [name, valueJson(value)]);
  const actions = [
    ...(set.size === 0
      ? []
      : [{ type: 'set', params: { id, set: Object.fromEntries(changes) as Fields } }]),
    ...emits.map(({ port, fields }, index) => ({
      type: 'emit',
      params: { id, index, port, payload: valueJson({ kind: 'mapping', fields }) },
    })),
  ];
  return {
    ...(target === null ? {} : { target: `#${[machineId, ...target.path].join('.')}` }),
    // `to:` the own state means to leave and enter it again, so that its timers start anew.
    ...(target === from ? { reenter: true } : {}),
    ...(when === null
      ? {}
      : {
          guard: {
            type: 'expr',
            params: { id, '@expr': conditionText(when), '@lang': 'cel', ...label },
          },
        }),
    ...(actions.length === 0 ? {} : { actions }),
    ...(why === null ? {} : { meta: { why } }),
  };
}

function describe(state: ChartState, chart: Chart): Fields {
  return {
    description:
      state.description ??
      (state.path.length === 0 ? chart.doc : `State ${state.name} of ${chart.node}.`),
  };
}

function stateJson(state: ChartState, chart: Chart, docs: boolean): Fields {
  const json = (transitions: readonly ChartTransition[]): Fields[] =>
    transitions.map((transition) => transitionJson(transition, chart.node, state));
  const table = (
    entries: Iterable<readonly [string | number, readonly ChartTransition[]]>,
  ): Fields =>
    Object.fromEntries([...entries].map(([key, transitions]) => [key, json(transitions)]));
  return {
    ...(docs ? describe(state, chart) : {}),
    ...(state.type === 'atomic' || state.type === 'compound' ? {} : { type: state.type }),
    ...(state.initial === null ? {} : { initial: state.initial.name }),
    ...(state.states.length === 0
      ? {}
      : {
          states: Object.fromEntries(state.states.map((s) => [s.name, stateJson(s, chart, docs)])),
        }),
    ...(state.on.size === 0 ? {} : { on: table(state.on) }),
    ...(state.after.size === 0 ? {} : { after: table(state.after) }),
    ...(state.always.length === 0 ? {} : { always: json(state.always) }),
  };
}

/** Returns the statechart as XState's configuration: JSON only, guards in the form `{ '@expr', '@lang' }`. */
function chartJson(chart: Chart, docs: boolean): Fields {
  return { id: chart.node, context: chart.context, ...stateJson(chart.root, chart, docs) };
}

function refuse(chart: Chart, name: string, expected: string, was: unknown): OrderflowError {
  return new OrderflowError('OF_FLOW_VALUE', {
    node: chart.node,
    name,
    expected,
    was: JSON.stringify(was),
  });
}

function assignments(
  chart: Chart,
  transition: ChartTransition,
  run: ChartRun,
): Record<string, unknown> {
  const values = evaluateFields(transition.set, run);
  for (const [name, value] of Object.entries(values)) {
    const problem = chart.fields.get(name)?.safeParse(value).error;
    if (problem) throw refuse(chart, name, problem.issues[0]?.message ?? 'its type', value);
  }
  return values;
}

function emission(chart: Chart, transition: ChartTransition, index: number, run: ChartRun): Event {
  const { port, fields } = transition.emits[index]!;
  const payload = evaluateFields(fields, run);
  const problem = chart.out[port]!.schema.safeParse(payload).error;
  const issue = problem?.issues[0];
  if (issue) throw refuse(chart, `${port}.${issue.path.join('.')}`, issue.message, payload);
  return { type: port, ...payload };
}

interface Params {
  readonly id: number;
}

function buildMachine(
  chart: Chart,
  transitions: readonly ChartTransition[],
  run: ChartRun,
): AnyStateMachine {
  const machine = setup({
    types: { context: chart.context, events: {} as Event, emitted: {} as Event },
    guards: {
      expr: ({ context, event }, { id }: Params) => {
        const { when } = transitions[id]!;
        return when === null || evaluateCondition(when, run.at(context, event));
      },
    },
    actions: {
      set: assign(({ context, event }, { id }: Params) =>
        assignments(chart, transitions[id]!, run.at(context, event)),
      ),
      emit: emit(({ context, event }, { id, index }: Params & { readonly index: number }) =>
        emission(chart, transitions[id]!, index, run.at(context, event)),
      ),
    },
  });
  return machine.createMachine(chartJson(chart, true) as never) as unknown as AnyStateMachine;
}

/** A statechart of a flow as the runtime sees it: a plugin like any other, and what its conditions remember. */
export interface ChartPlugin {
  readonly plugin: AnyProcessor;
  readonly observe: GraphNode['observe'];
  /** The statechart and the parameters it reads, without docs: what the flow's hash is over. */
  readonly identity: unknown;
}

/** Returns the plugin of a statechart; its id is `flow:<flow>.<node>` and its version the flow's. */
export function chartPlugin(chart: Chart): ChartPlugin {
  const transitions: ChartTransition[] = [];
  for (const transition of statesOf(chart.root).flatMap(transitionsFrom))
    transitions[transition.id] = transition;
  // A node's environment stands for its machine: events are observed before the machine sees them.
  const runs = new WeakMap<NodeEnvironment, ChartRun>();
  const machine = ({ instrument, environment }: MachineArguments<never>): AnyStateMachine => {
    const run = new ChartRun(chart.params, instrument, environment);
    runs.set(environment, run);
    return buildMachine(chart, transitions, run);
  };
  const plugin = {
    id: `flow:${chart.flow}.${chart.node}`,
    version: chart.version as AnyProcessor['version'],
    api: 1,
    summary: chart.doc,
    config: z.object({}),
    in: chart.in,
    out: chart.out,
    examples: [],
    machine,
  } satisfies AnyProcessor;
  const identity = { machine: chartJson(chart, false), params: chart.params };
  if (chart.watch.isEmpty) return { plugin, identity, observe: undefined };
  return {
    plugin,
    identity,
    observe: (event, context, environment) => {
      const run = runs.get(environment);
      if (run) chart.watch.observe(event.type, run.at(context, event));
    },
  };
}
