import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { FlowGraph, GraphNode } from '../flow/graph.ts';
import { definePlugin } from '../plugin/define-plugin.ts';
import { madeFlow, madeSource, writeBatches } from '../testing/made-flow.ts';
import { checkpointOf, restoreTask } from './checkpoint.ts';
import { Task } from './task.ts';

const place = { file: 'x', line: 1, col: 1 };
const hourUs = 3_600_000_000;

/** A plugin with a clock of its own period, and a view. */
const ticker = (minutes: number) =>
  definePlugin({
    id: `ticker-${minutes}`,
    version: '1.0.0',
    api: 1,
    summary: 'Ticks',
    config: z.object({}),
    in: { market: { kind: 'market', takes: ['trade'] } },
    out: { seen: { kind: 'table', schema: z.object({ count: z.number() }), every: '5s' } },
    sensor: {
      slots: ['count'],
      clocks: () => ({ beat: { everyUs: minutes * 60_000_000, from: 'session' } }),
      init: () => {},
      clock: (s) => {
        s.f[0] = (s.f[0] ?? 0) + 1;
      },
      views: { seen: (s) => ({ count: s.f[0] ?? 0 }) },
    },
    examples: [],
  });

const node = (id: string, minutes: number): GraphNode => ({
  id,
  use: 'ticker',
  plugin: ticker(minutes),
  config: {},
  wires: [],
  tables: {},
  onError: 'quarantine',
  place,
});

const flow = madeFlow(madeSource((a) => writeBatches(a, 0)));
const [instrument] = flow.instruments;
const withNodes = (nodes: readonly GraphNode[], moved: FlowGraph['moved'] = {}): FlowGraph => ({
  ...flow,
  nodes,
  moved,
});

/** Lets a task begin and some time pass. */
function ran(graph: FlowGraph, untilUs: number): Task {
  const task = new Task(graph, instrument!);
  task.advance(begin, 0);
  task.advance(begin + untilUs, 0);
  return task;
}

const begin = Date.UTC(2025, 10, 19, 15, 0) * 1_000;

function restored(from: Task, graph: FlowGraph): Task {
  const task = new Task(graph, instrument!);
  const state = new Map(checkpointOf(from).map(({ key, value }) => [key, value ?? '']));
  restoreTask(task, state);
  task.startNewNodes();
  return task;
}

const countOf = (task: Task, id: string): number => task.node(id).slots?.f[0] ?? Number.NaN;

describe('a cut put into a changed flow', () => {
  it('goes on as if nothing had changed for the nodes that stay', () => {
    const before = ran(withNodes([node('slow', 30), node('quick', 1)]), 2 * hourUs);
    const same = ran(withNodes([node('slow', 30), node('quick', 1)]), 3 * hourUs);
    const after = restored(before, withNodes([node('quick', 1), node('new', 7), node('slow', 30)]));
    after.advance(begin + 3 * hourUs, 0);
    expect(countOf(after, 'quick')).toBe(countOf(same, 'quick'));
    expect(countOf(after, 'slow')).toBe(countOf(same, 'slow'));
  });

  it('lets a new clock begin in the period the day is in, not with all those that are over', () => {
    const before = ran(withNodes([node('slow', 30)]), 2 * hourUs);
    const after = restored(before, withNodes([node('slow', 30), node('new', 30)]));
    after.advance(begin + 3 * hourUs, 0);
    expect(countOf(after, 'new')).toBe(2);
  });

  it('publishes the view of a new node', () => {
    const before = ran(withNodes([node('slow', 30)]), hourUs);
    const after = restored(before, withNodes([node('new', 30), node('slow', 30)]));
    expect(Number.isFinite(after.views.nextAt)).toBe(true);
    after.advance(begin + 2 * hourUs, 0);
    expect(after.readTable('new', 'seen')).toEqual({ count: 2 });
    const published = after.output.take().filter(({ topic }) => topic === 'made.new.seen');
    expect(published.length).toBeGreaterThan(0);
  });

  it('finds the clock of a renamed node', () => {
    const before = ran(withNodes([node('old', 30)]), 2 * hourUs);
    const after = restored(before, withNodes([node('now', 30)], { old: 'now' }));
    expect(countOf(after, 'now')).toBe(countOf(before, 'old'));
    after.advance(begin + 3 * hourUs, 0);
    expect(countOf(after, 'now')).toBe(countOf(before, 'old') + 2);
  });

  it('reads a cut of an older build by position', () => {
    const before = ran(withNodes([node('slow', 30)]), 2 * hourUs);
    const writes = checkpointOf(before).map(({ key, value }) => {
      const { layout: _, ...cut } = JSON.parse(value ?? '') as Record<string, unknown>;
      return [key, JSON.stringify(cut)] as const;
    });
    const task = new Task(withNodes([node('slow', 30)]), instrument!);
    restoreTask(task, new Map(writes));
    task.advance(begin + 3 * hourUs, 0);
    expect(countOf(task, 'slow')).toBe(countOf(before, 'slow') + 2);
  });
});
