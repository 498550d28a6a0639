// The promise that a killed process loses no row and doubles none, kept with real processes.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Log } from '../runtime/ports.ts';
import type { StoreStatus, StoreTarget } from '../runtime/store-port.ts';
import { storeDoor } from './index.ts';
import { appendDays, madePartitions } from './store-fixture.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const kafka = new URL('../../kafka/index.ts', import.meta.url).href;
/** Enough for several transactions. */
const days = 90;

/** Follows the log in a process of its own, until it is at its end or has lived so long. */
async function follow(home: string, mostMs: number): Promise<'current' | 'killed'> {
  const args = ['orderflow.ts', 'store', 'follow', '--json', '--home', home];
  const env = { ...process.env, DATABASE_URL: '' };
  const child = spawn(process.execPath, args, { cwd: root, env });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  let isCurrent = false;
  let isBehind = (): void => {};
  const begun = new Promise<void>((resolve) => {
    isBehind = resolve;
  });
  child.stdout.on('data', (bytes) => {
    for (const line of String(bytes).trim().split('\n')) {
      const { state } = JSON.parse(line) as StoreStatus;
      if (state === 'behind') isBehind();
      if (state !== 'current' || isCurrent) continue;
      isCurrent = true;
      isBehind();
      child.kill('SIGTERM');
    }
  });
  await Promise.race([begun, ended]);
  await Promise.race([ended, sleep(mostMs)]);
  if (!isCurrent) child.kill('SIGKILL');
  await ended;
  return isCurrent ? 'current' : 'killed';
}

async function exported(target: StoreTarget, table: string): Promise<string> {
  const rows: string[] = [];
  await storeDoor.export(
    target,
    table,
    'jsonl',
    (text) => rows.push(text),
    () => {},
  );
  return rows.join('');
}

describe('a killed process', () => {
  const home = mkdtempSync(join(tmpdir(), 'orderflow-killed-'));
  let log: Log;

  beforeAll(async () => {
    const door = (await import(kafka)) as { openLocalLog(options: object): Log };
    log = door.openLocalLog({ directory: join(home, 'log') });
    await appendDays(log, 0, days);
  });
  afterAll(async () => {
    await log.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('leaves a store that goes on where its rows end', async () => {
    expect(await follow(home, 60)).toBe('killed');
    expect(await follow(home, 120_000)).toBe('current');
    const [killed, whole]: StoreTarget[] = ['store', 'whole'].map((name) => ({
      kind: 'embedded',
      directory: join(home, name),
    }));
    await storeDoor.rebuild(whole!, log, madePartitions, () => {});
    for (const table of ['bars', 'near_misses', 'topic_offsets'])
      expect(await exported(killed!, table)).toBe(await exported(whole!, table));
  }, 180_000);
});
