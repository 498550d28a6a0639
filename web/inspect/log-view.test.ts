import { describe, expect, it } from 'vitest';
import { JournalBook } from '#engine/inspect/journal-book.ts';
import { logView } from './log-view.ts';
import { graphOf, runOver, stage } from './staged-fixture.ts';

const graph = graphOf();
const { tape } = await stage({ seed: 5, days: 1, tradesPerDay: 20_000 });
const { task, log } = await runOver(graph, tape);
const book = new JournalBook(log, graph, task.instrument);
await book.advance(async () => {});
const until = task.journal.seq;
const all = { node: null, until, only: 'all', filter: '' } as const;

describe('the log of a machine', () => {
  it('shows every macrostep once, those alike in a row as one with their number', () => {
    for (const node of ['vwap', 'eighty', 'rotational', 'session']) {
      let seen = 0;
      for (let to: number | null = until; to !== null; ) {
        const { rows, older, hidden } = logView(book, graph, { ...all, node, until: to });
        expect(hidden).toBe(0);
        expect(rows.map(({ seq }) => seq)).toEqual(
          rows.map(({ seq }) => seq).toSorted((a, b) => b - a),
        );
        seen += rows.reduce((sum, { count }) => sum + count, 0);
        to = older;
      }
      expect([node, seen]).toEqual([node, book.stepsOf(node).length]);
    }
    const { rows } = logView(book, graph, { ...all, node: 'rotational' });
    expect(Math.max(...rows.map(({ count }) => count))).toBeGreaterThan(1);
  });

  it('never merges a change of state, and says how many are hidden', () => {
    const { rows, hidden, looked } = logView(book, graph, {
      ...all,
      node: 'session',
      only: 'transitions',
    });
    expect(rows.length).toBeGreaterThan(3);
    for (const { from, to, count } of rows) {
      expect(from).not.toBe(to);
      expect(count).toBe(1);
    }
    expect(rows.length + hidden).toBe(looked);
  });

  it('filters by event, state and transition, and ends at the moment asked for', () => {
    const { rows } = logView(book, graph, { ...all, filter: 'periodClosed', node: 'profile' });
    expect(new Set(rows.map(({ event }) => event))).toEqual(new Set(['periodClosed']));
    const past = logView(book, graph, { ...all, until: 50 });
    expect(past.rows[0]?.seq).toBe(50);
  });

  it('says where an event came from, as the flow is wired', () => {
    const { rows } = logView(book, graph, { ...all, until });
    const causes = new Map(rows.map(({ node, event, cause }) => [`${node}.${event}`, cause]));
    const wired = [...causes].filter(([, { kind }]) => kind === 'port');
    expect(wired.length).toBeGreaterThan(0);
    for (const [name, { text }] of wired) {
      const [node = '', port = ''] = name.split('.');
      const wire = graph.nodes.find(({ id }) => id === node)?.wires.find((w) => w.port === port);
      const origin = wire?.origin;
      expect(origin?.kind === 'node' ? `${origin.node}.${origin.port}` : null).toBe(text);
    }
    const start = logView(book, graph, { ...all, node: 'session', until: 30 }).rows.at(-1);
    expect(start).toMatchObject({ event: '@init', cause: { kind: 'start' } });
  });
});
