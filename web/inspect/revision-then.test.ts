import { describe, expect, it } from 'vitest';
import type { DeploymentRecord, NodePlan } from '#engine/contracts/deployment.ts';
import { runTopic } from '#engine/contracts/run.ts';
import { FaultyLog } from '#engine/faults/faulty-log.ts';
import type { FlowGraph, GraphNode } from '#engine/flow/graph.ts';
import type { JournalBook } from '#engine/inspect/journal-book.ts';
import { PastDeployments } from '#engine/inspect/past-deployments.ts';
import type { Instrument } from '#engine/market/instrument.ts';
import type { Task } from '#engine/runtime/task.ts';
import { paramsThen, revisionThen } from './revision-then.ts';

const instrument = { symbol: 'ES', number: 0 } as Instrument;
const graph = { name: 'f', hash: 'c'.repeat(64), version: '3.0.0' } as FlowGraph;
const node = {
  id: 'a',
  config: { min: 250, band: { low: 1 }, fresh: true },
} as unknown as GraphNode;
const task = { graph, instrument } as unknown as Task;

const plan = (fate: NodePlan['fate'], changes: readonly string[]): NodePlan => ({
  ...{ node: 'a', fate, was: null, reason: '' },
  changes,
});
const deployment = (
  seq: number,
  [previous, hash]: readonly [string, string],
  nodes: readonly NodePlan[],
): DeploymentRecord => ({
  ...{ ts: seq * 10, flow: 'f', version: `${seq}.0.0`, seq, offsets: {}, nodes },
  previous: previous.repeat(64),
  hash: hash.repeat(64),
});

async function bookOf(records: readonly DeploymentRecord[], runs = '') {
  const log = new FaultyLog();
  const put = (topic: string, value: object) =>
    log.append(0, [{ topic, key: 'ES', ts: 0, schema: 's/1', value: JSON.stringify(value) }]);
  for (const record of records) await put('f.deployments', record);
  for (const hash of runs) await put(runTopic, { flow: 'f', flowHash: hash.repeat(64) });
  const past = new PastDeployments(log, 'f', instrument);
  await past.read();
  const book = {
    revisions: past.chain(graph.hash),
    deploymentsAround: (seq: number) => ({
      before: past.lastBefore(seq),
      after: past.between(seq, Number.POSITIVE_INFINITY),
    }),
  } as unknown as JournalBook;
  return { log, book };
}

const twice = [
  deployment(5, ['a', 'b'], [plan('kept', ['min 100 → 300', 'band.low none → 1'])]),
  deployment(9, ['b', 'c'], [plan('kept', ['min 300 → 250', 'fresh none → true', 'its wires'])]),
];

describe('the flow of a moment', () => {
  it('is the one between two deployments, with when and under which version it took over', async () => {
    const { log, book } = await bookOf(twice, 'ac');
    const of = (seq: number) => revisionThen(log, task, book, seq);
    expect(await of(5)).toEqual({
      ...{ hash: 'a'.repeat(12), version: null, since: null, isNow: false, doubt: null },
      until: { ts: 50, version: '5.0.0' },
    });
    expect(await of(6)).toMatchObject({ hash: 'b'.repeat(12), version: '5.0.0', since: 50 });
    expect(await of(10)).toMatchObject({ hash: 'c'.repeat(12), isNow: true, until: null });
  });

  it('is that of now where none was deployed, and doubted where another one ran without a record', async () => {
    const { log, book } = await bookOf([], 'c');
    expect(await revisionThen(log, task, book, 4)).toMatchObject({
      ...{ version: '3.0.0', isNow: true, doubt: null },
    });
    const changed = await bookOf([], 'dc');
    const { doubt } = await revisionThen(changed.log, task, changed.book, 4);
    expect(doubt).toContain('dddddddddddd ran, too');
    expect(doubt).toContain('does not tell at which macrostep');
    const torn = await bookOf(twice.slice(0, 1), 'ab');
    expect((await revisionThen(torn.log, task, torn.book, 9)).doubt).toContain('between two runs');
  });
});

describe('the parameters of a moment', () => {
  const of = async (records: readonly DeploymentRecord[], seq: number) => {
    const { fields, unknown } = paramsThen((await bookOf(records)).book, graph, node, seq);
    return [fields.map(({ name, was, now }) => `${name} ${was} ${now}`), unknown];
  };

  it('are those of now with what came later taken back', async () => {
    expect(await of(twice, 10)).toEqual([
      ['min 250 null', 'band.low 1 null', 'fresh true null'],
      null,
    ]);
    const wires = 'version 9.0.0 changed its wires: what it was before is not kept';
    expect(await of(twice, 6)).toEqual([
      ['min 300 250', 'band.low 1 null', 'fresh none true'],
      wires,
    ]);
    expect(await of(twice, 2)).toEqual([
      ['min 100 250', 'band.low none 1', 'fresh none true'],
      wires,
    ]);
  });

  it('are none before the node was there, which is said', async () => {
    const [fields, unknown] = await of([deployment(9, ['b', 'c'], [plan('new', [])])], 2);
    expect(fields).toEqual([]);
    expect(unknown).toContain('no such node before version 9.0.0');
  });
});
