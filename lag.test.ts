// A task that begins a million rows late: it catches up on every log in little memory, and tells what one that was never late tells.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import {
  MarketBatchBuilder,
  marketSchema,
  marketTopic,
  maxBatchRows,
} from '#engine/contracts/market-batch.ts';
import { crashFlow, crashInstrument, runCrashFlow } from '#engine/faults/crash-flow.ts';
import { zonedToUtc } from '#engine/market/time.ts';
import type { Log, NewRecord } from '#engine/runtime/ports.ts';
import { type KafkaLogOptions, openKafkaLog, openLocalLog, openMemoryLog } from '#kafka';
import { freshOptions, removeLog, testBrokers } from './kafka/kafka.conformance.ts';

const rows = 1_000_000;
const appendedAtOnce = 50;
const heapMb = 64;
const mostRssMb = 300;
const timeout = 180_000;
const folder = mkdtempSync(join(tmpdir(), 'orderflow-lag-'));
const onKafka = freshOptions();
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  if (testBrokers) await removeLog(onKafka);
});

async function fill(log: Log): Promise<void> {
  const batches: NewRecord[] = [];
  let ts = zonedToUtc('America/New_York', 20251119, '09:30');
  for (let row = 0; row < rows; ) {
    const builder = new MarketBatchBuilder('ES');
    for (; builder.count < maxBatchRows && row < rows; row += 1) {
      ts += 20_000;
      builder.trade(ts, 24_000 + (row % 7), row % 5_000 === 0 ? 150 : 1, 0, 0);
    }
    const record = { topic: marketTopic, key: 'ES', ts, schema: marketSchema };
    batches.push({ ...record, value: builder.finish() });
    if (batches.length === appendedAtOnce || row === rows)
      await log.append(crashInstrument.number, batches.splice(0));
  }
}

const url = (path: string): string => new URL(path, import.meta.url).href;

/** Works the log off in a process with a small heap, and says what came of it. */
const late = `
  import { openKafkaLog, openLocalLog } from '${url('./kafka/index.ts')}';
  import { crashFlow, runCrashFlow } from '${url('./engine/faults/crash-flow.ts')}';
  const { kafka, directory } = JSON.parse(process.argv.at(-1));
  const log = kafka ? await openKafkaLog(kafka) : await openLocalLog({ directory });
  const { task } = await runCrashFlow(log, crashFlow('late'));
  await log.close();
  const { trades } = task.clock;
  const rssMb = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ trades, hash: task.journal.hash, rssMb }));
  process.exit(0);`;

interface Place {
  readonly kafka?: KafkaLogOptions;
  readonly directory?: string;
}

async function runLate(place: Place): Promise<{ trades: number; hash: string; rssMb: number }> {
  const words = [`--max-old-space-size=${heapMb}`, '--input-type=module', '-'];
  const child = spawn(process.execPath, [...words, JSON.stringify(place)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(late);
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  await once(child, 'close');
  return JSON.parse(said);
}

describe('a task that is a million rows late', { timeout }, () => {
  const directory = join(folder, 'log');
  const places: [name: string, open: () => Promise<Log>, place: Place][] = [
    ['a folder', async () => openLocalLog({ directory }), { directory }],
  ];
  if (testBrokers) places.push(['Kafka', () => openKafkaLog(onKafka), { kafka: onKafka }]);

  it.each(places)('catches up over %s in little memory', async (_, open, place) => {
    const memory = openMemoryLog();
    await fill(memory);
    const { task } = await runCrashFlow(memory, crashFlow('late'));
    const log = await open();
    await fill(log);
    await log.close();
    const { trades, hash, rssMb } = await runLate(place);
    expect([trades, hash]).toEqual([rows, task.journal.hash]);
    expect(task.journal.seq).toBeGreaterThan(200);
    expect(rssMb).toBeLessThan(mostRssMb);
  });
});
