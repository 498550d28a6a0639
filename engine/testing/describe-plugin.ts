import { describe, expect, it } from 'vitest';
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { runPluginExample } from '../inspect/plugin-example.ts';
import type { AnyProcessor } from '../plugin/define-plugin.ts';
import { createRegistry } from '../plugin/registry.ts';
import { checkpointOf, restoreTask } from '../runtime/checkpoint.ts';
import type { MachineInstance } from '../runtime/machine.ts';
import { statePath } from '../runtime/transitions.ts';
import { lookAheadSeed, lookAheads } from './look-ahead.ts';
import { type DriveOptions, driveNode, type NodeRun } from './node-run.ts';

/** One way through a plugin. */
export interface PluginCase extends DriveOptions {
  readonly name: string;
  drive(run: NodeRun): void;
}

/** What `describePlugin` is told beside the plugin. */
export interface ContractOptions {
  readonly cases: readonly PluginCase[];
  /** Transitions no case can take, by id, each with the reason. */
  readonly untaken?: Readonly<Record<string, string>>;
  /** Largest size of the machine's context as JSON, in bytes. Default 64 KiB. */
  readonly mostContextBytes?: number;
}

const mostCuts = 40;

function runOf(plugin: object, plan: PluginCase): NodeRun {
  const run = driveNode(plugin, plan);
  plan.drive(run);
  return run;
}

/** Repeats a run's inputs, and at `cut` saves the state, throws the task away and goes on from the saved text. */
function runWithRestart(plugin: object, plan: PluginCase, whole: NodeRun, cut: number): NodeRun {
  const first = driveNode(plugin, plan);
  for (const record of whole.inputs.slice(0, cut)) first.feed(record);
  const saved = new Map(checkpointOf(first.task).map(({ key, value }) => [key, String(value)]));
  const second = driveNode(plugin, plan);
  restoreTask(second.task, saved);
  for (const record of whole.inputs.slice(cut)) second.feed(record);
  return second;
}

function cutsOf(count: number): number[] {
  if (count <= mostCuts) return Array.from({ length: count }, (_, i) => i + 1);
  return Array.from({ length: mostCuts }, (_, i) => Math.round(((i + 1) * count) / mostCuts));
}

function statesOf(machine: AnyStateMachine): AnyStateNode[] {
  const all: AnyStateNode[] = [];
  const walk = (node: AnyStateNode): void => {
    for (const child of Object.values(node.states) as AnyStateNode[]) {
      if (child.type !== 'history') all.push(child);
      walk(child);
    }
  };
  walk(machine.root);
  return all;
}

function describeCase(plugin: object, plan: PluginCase): void {
  it(`gives the same records for the same records: ${plan.name}`, () => {
    const [a, b] = [runOf(plugin, plan), runOf(plugin, plan)];
    expect(b.task.journal.hash).toBe(a.task.journal.hash);
    expect(b.outputs).toEqual(a.outputs);
  });

  it(`writes only what its contracts allow and never throws: ${plan.name}`, () => {
    expect(runOf(plugin, plan).errors).toEqual([]);
  });

  it(`stopped at any record and restored equals never stopped: ${plan.name}`, () => {
    const whole = runOf(plugin, plan);
    for (const cut of cutsOf(whole.inputs.length)) {
      const resumed = runWithRestart(plugin, plan, whole, cut);
      expect(resumed.task.journal.hash, `restored after record ${cut}`).toBe(
        whole.task.journal.hash,
      );
      expect(checkpointOf(resumed.task), `restored after record ${cut}`).toEqual(
        checkpointOf(whole.task),
      );
    }
  });

  it(`knows nothing of what comes later: ${plan.name}`, () => {
    const all = lookAheads(plugin, plan, runOf(plugin, plan), lookAheadSeed());
    for (const { after, expected, was } of all) expect(was, after).toEqual(expected);
  });

  it(`ignores a record it has had before: ${plan.name}`, () => {
    const once = runOf(plugin, plan);
    const twice = driveNode(plugin, plan);
    for (const record of once.inputs) {
      twice.feed(record);
      twice.feed(record);
    }
    expect(twice.task.journal.hash).toBe(once.task.journal.hash);
  });

  it(`journals the same with explanations off: ${plan.name}`, () => {
    const off = driveNode(plugin, { ...plan, explain: false });
    plan.drive(off);
    expect(off.task.journal.hash).toBe(runOf(plugin, plan).task.journal.hash);
  });
}

/** States entered and transitions taken over all cases; a state only passed through shows as a target. */
function coverageOf(
  plugin: object,
  cases: readonly PluginCase[],
): { taken: Set<string>; entered: Set<string> } {
  const taken = new Set<string>();
  const entered = new Set<string>();
  for (const plan of cases) {
    const run = runOf(plugin, plan);
    const targets = new Map(
      [...(instanceOf(run)?.transitions.values() ?? [])].map((t) => [t.id, t.target]),
    );
    for (const step of run.journal) {
      for (const part of `${step.from},${step.to}`.split(',')) entered.add(part);
      for (const id of step.taken) {
        taken.add(id);
        entered.add(targets.get(id) ?? '');
      }
    }
  }
  return { taken, entered };
}

function instanceOf(run: NodeRun): MachineInstance | null {
  return run.task.nodes[0]?.machine ?? null;
}

function describeMachine(plugin: object, options: ContractOptions): void {
  const { cases, untaken = {}, mostContextBytes = 65_536 } = options;
  const first = cases[0];
  const instance = first ? instanceOf(driveNode(plugin, first)) : null;
  if (!instance) return;
  const states = statesOf(instance.machine);

  it('ignores unknown events', () => {
    for (const plan of cases) {
      const machine = instanceOf(runOf(plugin, plan));
      const before = JSON.stringify(machine?.persist());
      expect(machine?.send({ type: 'no.such.event' }).emits).toEqual([]);
      expect(JSON.stringify(machine?.persist())).toBe(before);
    }
  });

  it('takes every transition and enters every state in some case', () => {
    const { taken, entered } = coverageOf(plugin, cases);
    const left = [...instance.transitions.values()]
      .map((t) => t.id)
      .filter((id) => !taken.has(id) && !(id in untaken));
    expect(left, 'transitions no case takes').toEqual([]);
    const isEntered = (path: string): boolean =>
      [...entered].some((e) => e === path || e.startsWith(`${path}.`));
    expect(
      states.map(statePath).filter((path) => !isEntered(path)),
      'states no case enters',
    ).toEqual([]);
  });

  it('describes every state in plain words', () => {
    expect(states.filter((state) => !state.description).map(statePath)).toEqual([]);
  });

  it('keeps its context bounded', () => {
    for (const plan of cases) {
      const size = JSON.stringify(runOf(plugin, plan).context).length;
      expect(size, plan.name).toBeLessThanOrEqual(mostContextBytes);
    }
  });
}

/** Registers the contract every processor passes, as tests of the calling file. */
export function describePlugin(plugin: AnyProcessor | object, options: ContractOptions): void {
  const { id } = plugin as AnyProcessor;
  describe(`${id}: the contract of every plugin`, () => {
    it('declares itself properly', () => {
      expect(createRegistry([plugin as AnyProcessor]).resolve(id).plugin?.id).toBe(id);
    });
    for (const plan of options.cases) describeCase(plugin, plan);
    describeMachine(plugin, options);
    for (const example of (plugin as AnyProcessor).examples) {
      it(`runs its example: ${example.title}`, () => {
        expect(runPluginExample(plugin as AnyProcessor, example)).toEqual([]);
      });
    }
    it('has evidence for every probe', () => {
      for (const plan of options.cases) {
        const run = runOf(plugin, plan);
        for (const name of Object.keys((plugin as AnyProcessor).sensor?.probes ?? {})) {
          const probe = run.probe(name);
          expect(
            Number.isFinite(probe.value) && Number.isFinite(probe.needed),
            `${plan.name}: ${name}`,
          ).toBe(true);
        }
      }
    });
  });
}
