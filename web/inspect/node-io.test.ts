import { describe, expect, it } from 'vitest';
import { LiveTask } from '#engine/cli/live-task.ts';
import { JournalBook } from '#engine/inspect/journal-book.ts';
import { nodeIo } from './node-io.ts';
import { graphOf, runOver, stage } from './staged-fixture.ts';
import { whenCounts } from './when-counts.ts';

const graph = graphOf();
const { tape } = await stage({ seed: 5, days: 1, tradesPerDay: 20_000 });
const { task, log } = await runOver(graph, tape);
const book = new JournalBook(log, graph, task.instrument);
await book.advance(async () => {});
const live = new LiveTask(graph, log, { task } as never, {} as never);
await live.book.advance(async () => {});

describe('what a node heard and said last', () => {
  it('is read from the log, with event time and prices as decimals', async () => {
    const io = await nodeIo(live, 'eighty');
    expect(io?.hasMachine).toBe(true);
    const portOf = (name: string) => io?.ins.find(({ port }) => port === name);
    expect(portOf('market')?.value?.['last']).toBeGreaterThan(5_000);
    const period = portOf('period');
    expect(period).toMatchObject({ from: 'profile.period', kind: 'event', note: null });
    expect(period?.value?.['close']).toBeGreaterThan(5_000);
    expect(period?.ts).toBeGreaterThan(1_700_000_000_000_000);
    expect(io?.outs.map(({ port }) => port)).toEqual(['signal', 'outcome']);
  });

  it('says what is missing and why, and knows no node that does not run', async () => {
    expect(await nodeIo(live, 'nobody')).toBeNull();
    const all = await Promise.all(graph.nodes.map(({ id }) => nodeIo(live, id)));
    const ports = all.flatMap((io) => [...(io?.ins ?? []), ...(io?.outs ?? [])]);
    expect(ports.length).toBeGreaterThan(50);
    for (const { value, note } of ports) expect(value === null ? note : '').not.toBeNull();
    const looks = ports.filter(({ from }) => from?.startsWith('calendar'));
    expect(looks.every(({ note }) => note?.startsWith('the calendar calls it at'))).toBe(true);
  });
});

describe('a case of what a machine heard last', () => {
  it('can be made of every in-port of the strategies that brought something, and holds when it is run', async () => {
    const made: string[] = [];
    for (const { id, use, wires } of graph.nodes)
      for (const { port } of use === null ? wires : []) {
        const pinned = await live.pinCase(id, port);
        if (typeof pinned === 'string') continue;
        made.push(port);
        expect(pinned.failures, `${id}.${port}`).toEqual([]);
      }
    expect(made.length).toBeGreaterThan(5);
  });
});

describe('how often conditions held today', () => {
  it('is what the journal of the day says, and nothing of a node that a changed flow took over', () => {
    const counts = whenCounts(live);
    const asked = Object.values(counts).flatMap((node) => Object.values(node));
    expect(asked.some((one) => one.asked > 0)).toBe(true);
    for (const { passed, asked: all } of asked) expect(passed).toBeLessThanOrEqual(all);
    const [node = ''] = Object.keys(counts);
    const changed = Object.assign(Object.create(book) as JournalBook, {
      changeAfter: (id: string) => (id === node ? {} : null),
    });
    const other = { book: changed, runner: live.runner } as unknown as LiveTask;
    expect(Object.keys(whenCounts(other))).not.toContain(node);
    expect(Object.keys(whenCounts(other)).length).toBe(Object.keys(counts).length - 1);
  });
});
