import { beforeAll, describe, expect, it } from 'vitest';
import type { LiveWatch } from '#engine/cli/live-state.ts';
import { LiveTask } from '#engine/cli/live-task.ts';
import { leafWords } from '#engine/inspect/say-why.ts';
import type { TaskRunner } from '#engine/runtime/runner.ts';
import type { MachineEvent } from '#engine/runtime/transitions.ts';
import { guardsNow } from './guards-now.ts';
import { graphOf, runOver, stage } from './staged-fixture.ts';

const { tape } = await stage({ seed: 5, days: 2, tradesPerDay: 20_000, stage: ['absorption'] });
const graph = graphOf();
// Ends in the middle of trading hours: at the end of a day most machines stand at rest.
const { task, log } = await runOver(graph, tape.slice(0, Math.floor(tape.length * 0.8)));
const live = new LiveTask(graph, log, { task } as TaskRunner, {} as LiveWatch);
const machines = task.nodes.filter(({ machine }) => machine?.started === true);
const words = { instrument: task.instrument, zone: graph.zone };

/** Everything of a task that a question could change. */
const stateOfAll = (): string =>
  JSON.stringify([
    task.journal.seq,
    task.nodes.map((node) => node.snapshot(task.timers)),
    task.queue.length,
  ]);

async function lastOf(node: string, type: string): Promise<MachineEvent> {
  const step = live.book.stepsOf(node).findLast(({ event }) => event === type);
  const [record] = await live.book.records(step?.seq ?? 0, step?.seq ?? 0);
  return record?.event as MachineEvent;
}

describe('guards that are asked between two events', () => {
  const before = stateOfAll();
  const found = new Map<string, Awaited<ReturnType<typeof guardsNow>>>();
  beforeAll(async () => {
    for (const { id } of machines) found.set(id, await guardsNow(live, id));
  });
  const answers = () =>
    [...found].flatMap(([node, now]) =>
      Object.entries(now?.asked ?? {}).map(([id, asked]) => ({ node, id, asked })),
    );

  it('answer for many machines, and say which event they were asked about', () => {
    const asked = answers().filter(({ asked: { leaves } }) => leaves.length > 0);
    expect(new Set(asked.map(({ node }) => node)).size).toBeGreaterThan(4);
    for (const { asked: one } of asked)
      if (one.event) expect(one.event.ts).toBeLessThanOrEqual(task.now());
  });

  it('leave the machine at work as it is', () => {
    expect(stateOfAll()).toBe(before);
  });

  it('answer nothing for a node without machine', async () => {
    const without = task.nodes.find(({ machine }) => machine === null);
    expect(await guardsNow(live, without?.id ?? '')).toBeNull();
    expect(await guardsNow(live, 'nobody')).toBeNull();
  });

  // Last: here the events really come.
  it('answer what the machine at work answers when the event comes', async () => {
    let compared = 0;
    for (const { id: node, machine } of machines) {
      const kept = machine?.persist() ?? {};
      for (const { id, asked } of answers().filter((one) => one.node === node)) {
        if (!asked.event || !machine) continue;
        machine.restore(kept);
        const real = machine
          .send(await lastOf(node, asked.event.type))
          .candidates.find(({ transition }) => transition === id);
        expect([node, id, asked.leaves]).toEqual([
          node,
          id,
          (real?.leaves ?? []).map((leaf) => leafWords(leaf, words)),
        ]);
        expect(asked.verdict).toBe(
          real === undefined ? 'unreached' : real.verdict === 'guard-blocked' ? 'refused' : 'held',
        );
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(20);
  });

  it('say what a guard throws instead of failing', () => {
    const chart = task.nodes.find(({ id }) => id === 'rotational');
    const asking = chart && live.askNow(chart, { type: 'regime' });
    expect(asking?.candidates).toEqual([]);
    expect(asking?.error).toMatch(/regime/);
  });
});
