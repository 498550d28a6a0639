import { describe, expect, it } from 'vitest';
import { OrderflowError } from '../errors.ts';
import { FaultyLog } from '../faults/faulty-log.ts';
import { MadeRun } from '../inspect/inspect-fixture.ts';
import type { NewRecord, StoredRecord } from '../runtime/ports.ts';
import { largeLot } from '../testing/large-lot.ts';
import { lastWritten, readHistory } from './log-history.ts';

/** A log whose oldest records of each topic are gone. */
class TrimmedLog extends FaultyLog {
  first = 0;

  override async read(
    topic: string,
    partition: number,
    from: number,
    limit: number,
  ): Promise<readonly StoredRecord[]> {
    const { first } = this;
    if (from < first) throw new OrderflowError('OF_LOG_TRIMMED', { topic, partition, from, first });
    return super.read(topic, partition, from, limit);
  }
}

const run = new MadeRun([
  { id: 'lots', plugin: largeLot },
  { id: 'rare', plugin: largeLot },
]);

/** A journal of `count` macrosteps of one node, one a second from 10:00; the other has spoken once before. */
async function logOf(count: number): Promise<TrimmedLog> {
  const log = new TrimmedLog();
  const step = (node: string, seq: number, ts: number): NewRecord => ({
    topic: 'made.journal',
    key: 'ES',
    ts,
    schema: 'journal/1',
    seq,
    value: JSON.stringify({ seq, ts, node, to: `state${seq}`, taken: [] }),
  });
  const start = run.at('10:00');
  const steps = Array.from({ length: count }, (_, i) => step('lots', i + 2, start + i * 1_000_000));
  await log.append(0, [step('rare', 1, start - 1), ...steps]);
  return log;
}

const at = (time: string): number => run.at(time);

async function seqs(log: FaultyLog, from: string, to: string, node = 'lots'): Promise<number[]> {
  const history = await readHistory(log, run.task, { from: at(from), to: at(to) });
  return history
    .data(false)
    .journal(node)
    .map(({ seq }) => seq);
}

describe('the history of a log', () => {
  it('is read in the range, with the macrostep before it', async () => {
    const log = await logOf(2_000);
    expect(await seqs(log, '10:20:00', '10:20:02')).toEqual([1_201, 1_202, 1_203, 1_204]);
    expect(await seqs(log, '10:00:00', '10:00:01')).toEqual([2, 3]);
    expect(await seqs(log, '11:00:00', '12:00:00')).toEqual([2_001]);
  });

  it('finds the last macrostep of a node that has long been silent', async () => {
    expect(await seqs(await logOf(2_000), '10:20:00', '10:20:02', 'rare')).toEqual([1]);
  });

  it('begins where a trimmed log begins', async () => {
    const log = await logOf(100);
    log.first = 60;
    expect(await seqs(log, '09:30:00', '10:01:00')).toEqual([61, 62]);
    expect(await seqs(log, '10:01:30', '10:01:31')).toEqual([91, 92, 93]);
  });

  it('is empty for a task that never ran', async () => {
    expect(await lastWritten(new FaultyLog(), run.task)).toBeNull();
    expect(await seqs(new FaultyLog(), '10:00:00', '11:00:00')).toEqual([]);
    expect(await lastWritten(await logOf(3), run.task)).toBe(at('10:00:02'));
  });
});
