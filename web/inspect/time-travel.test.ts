import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveTask } from '#engine/cli/live-task.ts';
import { JournalBook } from '#engine/inspect/journal-book.ts';
import { PageRefusal } from './inspector.ts';
import { graphOf, runOver, stage } from './staged-fixture.ts';
import { stepAsked } from './step-asked.ts';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const pause = async (): Promise<void> => {};

/** What every machine was right after each of some macrosteps, as the task itself had it. */
type Truth = ReadonlyMap<number, Readonly<Record<string, unknown>>>;

const { tape } = await stage({ seed: 5, days: 3, tradesPerDay: 20_000, stage: ['absorption'] });
const graph = graphOf();
const truth = new Map<number, Readonly<Record<string, unknown>>>();
const every = 7;
const { task, log } = await runOver(graph, tape, (fresh) => {
  const { journal, nodes } = fresh;
  const add = journal.add.bind(journal);
  journal.add = (...of) => {
    const text = add(...of);
    if (journal.seq % every === 0)
      truth.set(
        journal.seq,
        plain(
          Object.fromEntries(
            nodes.flatMap(({ id, machine }) =>
              machine?.started ? [[id, [machine.state, machine.context]]] : [],
            ),
          ),
        ) as Truth extends ReadonlyMap<number, infer V> ? V : never,
      );
    return text;
  };
});
const book = new JournalBook(log, graph, task.instrument);
await book.advance(pause);

async function folded(seq: number): Promise<unknown> {
  const { machines } = await book.moment(seq);
  return plain(
    Object.fromEntries(
      [...machines].flatMap(([id, { state, context }]) =>
        state === '' ? [] : [[id, [state, context]]],
      ),
    ),
  );
}

describe('time travel over the course', () => {
  it('knows every macrostep', () => {
    expect(book.last?.seq).toBe(task.journal.seq);
    expect(book.first?.seq).toBe(1);
    expect(task.journal.seq).toBeGreaterThan(2_000);
  });

  it('shows states and contexts as the task itself had them, at any macrostep', async () => {
    const seqs = [...truth.keys()];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...seqs), async (seq) => {
        expect(await folded(seq)).toEqual(truth.get(seq));
      }),
      { numRuns: 150 },
    );
  });

  it('ends where the task stands', async () => {
    const { machines } = await book.moment(task.journal.seq);
    for (const { id, machine } of task.nodes) {
      if (!machine) continue;
      expect([id, machines.get(id)?.state]).toEqual([id, machine.state]);
      expect([id, plain(machines.get(id)?.context)]).toEqual([id, plain(machine.context)]);
    }
  });

  it('finds the macrostep of a time, which is the last one at or before it', () => {
    const steps = book.stepsOf(null);
    fc.assert(
      fc.property(fc.nat({ max: steps.length - 1 }), fc.integer({ min: 0, max: 1 }), (i, off) => {
        const ts = (steps[i]?.ts ?? 0) + off;
        const seq = book.seqAt(ts) ?? 0;
        expect(steps[seq - 1]?.ts).toBeLessThanOrEqual(ts);
        expect(steps[seq]?.ts ?? Number.POSITIVE_INFINITY).toBeGreaterThan(ts);
      }),
    );
  });
});

describe('a step that is asked for', () => {
  const live = { log, runner: { task }, book } as unknown as LiveTask;
  const step = (text: string, node: string | null = null) =>
    stepAsked(live, node, new URLSearchParams(text));
  const last = task.journal.seq;

  it('back from now leads to the newest macrostep there is, not to one of when the page was made', async () => {
    expect(await step('step=previous')).toBe(last);
    const own = book.stepsOf('eighty').at(-1)?.seq;
    expect(await step('step=previous', 'eighty')).toBe(own);
    expect(await step(`at=${last}&step=previous`)).toBe(last - 1);
  });

  it('leads nowhere at an end, and is not taken for granted', async () => {
    expect(await step(`at=${last}&step=next`)).toBe(last);
    expect(await step('step=next')).toBeNull();
    expect(await step('at=4')).toBeUndefined();
    await expect(step('step=up')).rejects.toBeInstanceOf(PageRefusal);
  });
});
