import { beforeEach, describe, expect, it } from 'vitest';
import type { JournalRecord } from '../contracts/journal.ts';
import { FaultyLog } from '../faults/faulty-log.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { madeFlow, madeSource, writeBatches } from '../testing/made-flow.ts';
import { chainHash, emptyJournalHash, hashedPart } from './journal.ts';
import type { StoredRecord } from './ports.ts';
import { TaskRunner } from './runner.ts';
import { Backlog, runSource } from './source-host.ts';
import { type Verification, verifyJournal } from './verify-journal.ts';

const graph = madeFlow(madeSource((a) => writeBatches(a, 30)));
const [instrument] = graph.instruments;
const [source] = graph.sources;
if (!instrument || !source) throw new Error('the made flow has a source and an instrument');
const partition = instrument.number;
let log = new FaultyLog();

async function runFlow(): Promise<void> {
  const signal = new AbortController().signal;
  await runSource({
    log,
    source: source!,
    instrument: instrument!,
    backlog: new Backlog(0, 0, Infinity),
    signal,
  });
  const runner = await TaskRunner.open(log, graph, instrument!, { wallClock: () => 0 });
  while ((await runner.runOnce(0)) > 0);
  await runner.close();
}

function verify(of: FlowGraph = graph, isOwner = true): Promise<Verification> {
  return verifyJournal({ log, directory: 'data/log', graph: of, instrument: instrument!, isOwner });
}

/** Changes records of a topic behind the log's back. */
function tamper(topic: string, change: (records: StoredRecord[]) => StoredRecord[]): void {
  const read = log.read.bind(log);
  const end = log.end.bind(log);
  let changed: StoredRecord[] | null = null;
  const recordsOf = async (): Promise<StoredRecord[]> =>
    (changed ??= change([...(await read(topic, partition, 0, Infinity))]));
  log.read = async (name, p, from, limit) =>
    name === topic ? (await recordsOf()).slice(from, from + limit) : read(name, p, from, limit);
  log.end = async (name, p) => (name === topic ? (await recordsOf()).length : end(name, p));
}

function rewrite(
  record: StoredRecord,
  change: (step: JournalRecord) => Partial<JournalRecord>,
): StoredRecord {
  const step = JSON.parse(String(record.value)) as JournalRecord;
  return { ...record, value: JSON.stringify({ ...step, ...change(step) }) };
}

beforeEach(async () => {
  log = new FaultyLog();
  await runFlow();
});

describe('verifying a log', () => {
  it('finds nothing in a log as it was written', async () => {
    const found = await verify();
    expect(found.difference).toBeNull();
    expect(found.records).toBe(30);
    expect(found.macrosteps).toBeGreaterThan(10);
    expect((await verify(graph, false)).difference).toBeNull();
  });

  it('names the field of a record that was changed after it was written', async () => {
    tamper('made.journal', (records) =>
      records.map((r, i) => (i === 6 ? rewrite(r, ({ to }) => ({ to: `${to}!` })) : r)),
    );
    const { difference } = await verify();
    expect(difference).toMatchObject({
      kind: 'changed-after-writing',
      at: 7,
      node: 'lots',
      fields: [{ path: 'to' }],
    });
  });

  it.each(['garbage', '', '7'])('finds a record that is no JSON object: %j', async (value) => {
    tamper('made.journal', (records) => records.map((r, i) => (i === 6 ? { ...r, value } : r)));
    const { difference } = await verify();
    expect(difference).toMatchObject({
      kind: 'changed-after-writing',
      at: 7,
      fields: [{ path: 'value', stored: value }],
    });
  });

  it('finds a record whose hash was made to fit again', async () => {
    let hash = emptyJournalHash;
    tamper('made.journal', (records) =>
      records.map((record, i) => {
        const changed = i === 6 ? rewrite(record, () => ({ guards: '0101' })) : record;
        const step = JSON.parse(String(changed.value)) as JournalRecord;
        hash = chainHash(hash, hashedPart(step));
        return rewrite(changed, () => ({ hash }));
      }),
    );
    expect((await verify()).difference).toMatchObject({
      kind: 'computed-otherwise',
      at: 7,
      fields: [{ path: 'guards', stored: '0101' }],
    });
  });

  it('finds what is not covered by the hash as well', async () => {
    const change = (step: JournalRecord): Partial<JournalRecord> => ({ in: { ...step.in, o: 99 } });
    tamper('made.journal', (records) => records.map((r, i) => (i === 3 ? rewrite(r, change) : r)));
    expect((await verify()).difference).toMatchObject({
      at: 4,
      fields: [{ path: 'in.o', stored: 99 }],
    });
  });

  it('finds a record that is missing, doubled or at the end too many', async () => {
    tamper('made.journal', (records) => records.slice(0, -1));
    expect((await verify()).difference?.kind).toBe('missing');
    log = new FaultyLog();
    await runFlow();
    tamper('made.journal', (records) => [...records.slice(0, 5), ...records.slice(4)]);
    expect((await verify()).difference).toMatchObject({ kind: 'changed-after-writing' });
    log = new FaultyLog();
    await runFlow();
    tamper('made.journal', (records) => [...records, ...records.slice(-1)]);
    expect((await verify()).difference?.kind).toBe('surplus');
  });

  it('compares the records of out-ports too', async () => {
    tamper('made.lots.last', (records) =>
      records.map((r) => ({ ...r, value: String(r.value).replace('"size":', '"size":1') })),
    );
    expect((await verify()).difference).toMatchObject({
      kind: 'computed-otherwise',
      topic: 'made.lots.last',
      fields: [{ path: 'size' }],
    });
  });

  it('refuses a log of another flow, and one that holds nothing', async () => {
    await expect(verify({ ...graph, hash: 'other' })).rejects.toThrow(
      /^OF_VERIFY_FLOW the journal of 'made.ES' was written by flow made/,
    );
    log = new FaultyLog();
    await expect(verify()).rejects.toThrow(
      /^OF_VERIFY_EMPTY log 'data\/log' has nothing of 'made.ES'/,
    );
  });
});
