import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, emit, raise, setup } from 'xstate';
import { z } from 'zod';
import type { AnyProcessor, NodeSnapshot } from '../plugin/define-plugin.ts';
import { largeLot } from '../testing/large-lot.ts';
import { driveNode } from '../testing.ts';
import { checkpointOf, nodeKey, restoreTask } from './checkpoint.ts';
import { MachineInstance } from './machine.ts';
import { migrateSnapshot } from './migrate.ts';
import type { AnySensor } from './node.ts';
import { Tables } from './tables.ts';

const day = { tradeDate: '2025-11-19' };

function withSensor(sensor: Partial<AnySensor>): AnyProcessor {
  return { ...largeLot, sensor: { ...largeLot.sensor, ...sensor } as never };
}

function withMachine(machine: () => AnyStateMachine): AnyProcessor {
  return { ...largeLot, machine };
}

/** A machine that answers each large lot by what `actions` says. */
function answering(actions: object): () => AnyStateMachine {
  return () =>
    setup({ actions: { answer: actions as never } }).createMachine({
      id: 'answering',
      initial: 'idle',
      states: { idle: { on: { 'lot.traded': { actions: 'answer' } } } },
    });
}

describe('a node that breaks', () => {
  it('is taken out of the flow and leaves a dead letter with its input, when its sensor throws', () => {
    const run = driveNode(
      withSensor({
        trade: (_s, _c, _ts, price) => {
          if (price === 24_004) throw new Error('cannot read 24004');
        },
      }),
      day,
    );
    run.trade('10:00:00', 6000, 1);
    run.trade('10:00:01', 6001, 1);
    run.trade('10:00:02', 6000, 500);
    expect(run.errors).toEqual(['cannot read 24004']);
    expect(run.task.nodes[0]?.quarantined).toBe(true);
    expect(run.emits.filter((e) => e.port === 'signal')).toEqual([]);
    const letter = run.outputs.find((r) => r.schema === 'dead-letter/1');
    expect(JSON.parse(String(letter?.value))).toMatchObject({
      node: 'large-lot',
      input: { topic: 'market.data', o: 1, i: 0 },
    });
  });

  it('stays out after a restart', () => {
    const broken = withSensor({
      trade: () => {
        throw new Error('always');
      },
    });
    const run = driveNode(broken, day);
    run.trade('10:00:00', 6000, 1);
    const saved = new Map(checkpointOf(run.task).map(({ key, value }) => [key, String(value)]));
    const again = driveNode(broken, day);
    restoreTask(again.task, saved);
    again.feed({ ...(run.inputs[0] as never as object), offset: 1 } as never);
    expect(again.errors).toEqual([]);
  });

  it('can be put aside although its context holds itself', () => {
    const holdsItself = () => {
      const circle: Record<string, unknown> = {};
      circle['self'] = circle;
      return { circle };
    };
    const run = driveNode(withMachine(answering(assign(holdsItself))), day);
    run.trade('10:00:00', 6000, 500);
    expect(run.errors[0]).toContain('OF_JSON_VALUE');
    const saved = checkpointOf(run.task).find(({ key }) => key === nodeKey('large-lot'));
    expect(JSON.parse(String(saved?.value))).toMatchObject({ machine: null });
  });

  it('may not sense what it does not declare', () => {
    const told = withSensor({ trade: (_s, _c, _ts, _p, _n, _d, _f, out) => out('nothing', {}) });
    const run = driveNode(told, day);
    run.trade('10:00:00', 6000, 1);
    expect(run.errors[0]).toContain('OF_EMIT_PORT');
  });

  it('may not emit on a port it does not have', () => {
    const run = driveNode(withMachine(answering(emit({ type: 'noPort', price: 1, size: 1 }))), day);
    run.trade('10:00:00', 6000, 500);
    expect(run.errors[0]).toContain('OF_EMIT_PORT');
  });

  it('may not emit what its contract refuses', () => {
    const run = driveNode(
      withMachine(answering(emit({ type: 'signal', price: 'high', size: 1 }))),
      day,
    );
    run.trade('10:00:00', 6000, 500);
    expect(run.errors[0]).toContain('OF_EMIT_PAYLOAD');
  });

  it('may not answer itself without end inside a machine', () => {
    const run = driveNode(withMachine(answering(raise({ type: 'lot.traded' }))), day);
    run.trade('10:00:00', 6000, 500);
    expect(run.errors[0]).toContain('Infinite loop');
  });

  it('may not cause events without end', () => {
    const run = driveNode(
      withSensor({
        trade: (_s, _c, _ts, price, size, _side, _flags, out) => {
          for (let i = 0; i < 20_000; i += 1) out('lot.traded', { price, size });
        },
      }),
      day,
    );
    run.trade('10:00:00', 6000, 1);
    expect(run.errors[0]).toContain('OF_EMIT_UNBOUNDED');
  });

  it('that breaks its own invariant is taken out', () => {
    const run = driveNode({ ...largeLot, invariants: { isSmall: 'ctx.size < 200' } }, day);
    run.trade('10:00:00', 6000, 150);
    expect(run.errors).toEqual([]);
    run.trade('10:00:01', 6000, 300);
    expect(run.errors[0]).toContain(
      "OF_INVARIANT plugin 'large-lot' broke its own invariant 'isSmall'",
    );
  });

  it('with an invariant that is no condition is refused', () => {
    expect(() => driveNode({ ...largeLot, invariants: { isBroken: 'ctx.size <' } }, day)).toThrow(
      'OF_INVARIANT_TEXT',
    );
  });

  it('must name its peaks among its slots', () => {
    expect(() => driveNode(withSensor({ peaks: ['noSlot'] }), day)).toThrow('OF_SENSOR_SLOT');
  });

  it('is not found under a name the flow does not have', () => {
    expect(() => driveNode(largeLot, day).task.node('nobody')).toThrow('OF_NODE_UNKNOWN');
  });
});

describe('a machine', () => {
  const machineOf = (config: object, guards: object = {}): AnyStateMachine =>
    setup({ guards: guards }).createMachine({
      id: 'm',
      initial: 'a',
      states: { a: {} },
      ...config,
    } as never) as unknown as AnyStateMachine;

  it('is refused when a guard is not implemented', () => {
    const machine = machineOf({
      states: { a: { on: { go: { target: 'a', guard: 'isMissing' } } } },
    });
    expect(() => new MachineInstance(machine)).toThrow('OF_MACHINE_GUARD_MISSING');
  });

  it('is refused when a guard has no name', () => {
    const machine = machineOf({
      states: { a: { on: { go: { target: 'a', guard: () => true } } } },
    });
    expect(() => new MachineInstance(machine)).toThrow('OF_MACHINE_GUARD_INLINE');
  });

  it('says when it cannot reach its initial state', () => {
    const machine = machineOf({
      context: () => {
        throw new Error('no context');
      },
    });
    expect(() => new MachineInstance(machine).start()).toThrow('OF_MACHINE_START');
  });
});

describe('a snapshot', () => {
  const snapshot = (version: string): NodeSnapshot => ({
    plugin: 'large-lot',
    version,
    machineHash: 'old',
    machine: { value: 'quiet', context: { price: 0, size: 0 } },
    timers: [],
    sensor: null,
  });

  it('of another plugin or version is refused rather than guessed', () => {
    expect(() =>
      migrateSnapshot({ ...snapshot('1.0.0'), plugin: 'other' }, largeLot, 'old'),
    ).toThrow('OF_SNAPSHOT_VERSION');
    expect(() => migrateSnapshot(snapshot('0.9.0'), largeLot, 'new')).toThrow(
      'OF_SNAPSHOT_VERSION',
    );
  });

  it('of an older version goes through the migrate steps in ascending order', () => {
    const trace: string[] = [];
    const step = (name: string) => (s: NodeSnapshot) => {
      trace.push(name);
      return s;
    };
    const plugin: AnyProcessor = {
      ...largeLot,
      version: '3.0.0',
      migrate: { '<3.0': step('to 3'), '<2.0': step('to 2') },
    };
    migrateSnapshot(snapshot('1.5.0'), plugin, 'new');
    expect(trace).toEqual(['to 2', 'to 3']);
    trace.length = 0;
    migrateSnapshot(snapshot('2.1.0'), plugin, 'new');
    expect(trace).toEqual(['to 3']);
  });

  it('whose arrays have another length is refused', () => {
    const run = driveNode(largeLot, day);
    run.trade('10:00:00', 6000, 1);
    const longer = withSensor({ slots: ['peak', 'price', 'size', 'more'] });
    const saved = new Map(checkpointOf(run.task).map(({ key, value }) => [key, String(value)]));
    expect(saved.has(nodeKey('large-lot'))).toBe(true);
    expect(() => restoreTask(driveNode(longer, day).task, saved)).toThrow('OF_SNAPSHOT_SHAPE');
  });

  it('whose table names are damaged is refused', () => {
    expect(() => new Tables().restore([['noDot', []]], (node) => node)).toThrow(
      'OF_SNAPSHOT_TABLE',
    );
  });
});

it('a plugin without a machine hands what its sensor says straight to the port of that name', () => {
  const plugin: AnyProcessor = {
    ...largeLot,
    machine: undefined as never,
    out: {
      'lot.traded': { kind: 'event', schema: z.object({ price: z.number(), size: z.number() }) },
    },
  };
  const run = driveNode(plugin, day);
  run.trade('10:00:00', 6000, 500);
  expect(run.emits.map((e) => e.port)).toContain('lot.traded');
});
