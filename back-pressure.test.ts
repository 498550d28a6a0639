// A source is faster than the task or the log: it waits, on every log, and what waits in memory stays small.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import { HostDouble } from '#engine/cli/host-double.ts';
import { runFlow } from '#engine/cli/run-flow.ts';
import { watchAppends, watchTasks } from '#engine/cli/watched-log.ts';
import type { Log } from '#engine/runtime/ports.ts';
import { madeFlow, madeSource, writeBatches } from '#engine/testing/made-flow.ts';
import { openKafkaLog, openLocalLog, openMemoryLog } from '#kafka';

const brokers = process.env['TEST_KAFKA_BROKERS'] ?? '';
if (brokers === '') {
  const said = 'skipped: back-pressure of Kafka; TEST_KAFKA_BROKERS names no broker';
  if (process.env['CI'] === 'true') throw new Error(`${said}, and CI skips nothing`);
  process.stderr.write(`${said}\n`);
}
const folder = mkdtempSync(join(tmpdir(), 'orderflow-pressure-'));
const cluster = {
  brokers: brokers.split(','),
  clientId: 'test',
  prefix: `p${Date.now().toString(36)}.`,
};
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  if (brokers === '') return;
  const log = await openKafkaLog(cluster);
  await log.topicAdmin.remove(await log.topicAdmin.list());
  await log.close();
});

const logs: readonly (readonly [name: string, open: () => Promise<Log>])[] = [
  ['memory', async () => openMemoryLog()],
  ['a folder', async () => openLocalLog({ directory: join(folder, 'log') })],
  ...(brokers === '' ? [] : [['Kafka', () => openKafkaLog(cluster)] as const]),
];
const batches = 1_500;
/** Batches that may wait for the task, and one that is on its way; on Kafka more, for each read and commit takes longer. */
const mostAheadOf = (name: string): number => (name === 'Kafka' ? 512 : 64) + 1;
const slowEveryBatches = 20;
const slowMs = 4;
const slowCommitMs = 30;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(logs)('a source over %s', (name, open) => {
  it.each([
    ['a slow task', slowMs, 0],
    ['a log that is slow to commit', 0, slowCommitMs],
  ])('waits for %s', async (_, stepMs, commitMs) => {
    const opened = await open();
    const mostAhead = mostAheadOf(name);
    const graph = { ...madeFlow(madeSource((a) => writeBatches(a, batches))), name: `p${stepMs}` };
    const partition = stepMs > 0 ? 0 : 1;
    const instruments = graph.instruments.map((one) => ({ ...one, number: partition }));
    let appended = 0;
    let taken = 0;
    let most = 0;
    let commits = 0;
    let isCommitting = false;
    const slow = watchTasks(opened, (__, task) => ({
      state: task.state,
      read: async (positions, limit, waitMs) => {
        if (stepMs > 0) await sleep(stepMs);
        return task.read(positions, Math.min(limit, slowEveryBatches), waitMs);
      },
      commit: async (commit) => {
        // A task works on meanwhile, but one commit waits for another.
        expect(isCommitting).toBe(false);
        isCommitting = true;
        commits += 1;
        if (commitMs > 0) await sleep(commitMs);
        await task.commit(commit);
        isCommitting = false;
      },
      close: () => task.close(),
    }));
    const log = watchAppends(slow, () => {
      appended += 1;
      most = Math.max(most, appended - taken);
    });
    // Time goes ten times as fast, so that there are many commits in a short test.
    const host = Object.assign(new HostDouble([]), { wallClock: () => performance.now() * 10 });
    const end = await runFlow({
      host,
      log,
      graph: { ...graph, instruments },
      explain: true,
      keep: true,
      signal: new AbortController().signal,
      stepped: ({ task }) => {
        taken = Math.round(task.clock.trades / 4);
      },
    });
    expect(end.sourceErrors).toEqual([]);
    expect(end.runners[0]?.task.clock.trades).toBe(batches * 4);
    expect([name, most <= mostAhead]).toEqual([name, true]);
    // The source did run ahead: what is held here is the limit, not a source that is slow itself.
    expect(most).toBeGreaterThan(mostAhead / 2);
    expect(commits).toBeGreaterThan(3);
    await opened.close();
  });
});
