// The whole flow on a real day: one journal hash in every time zone, from every log, on every runtime.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { flowFile, hasData, readRealDay, realDay, root, run } from '#engine/testing/whole-flow.ts';

const homes: string[] = [];
afterAll(() => homes.forEach((home) => rmSync(home, { recursive: true, force: true })));

/** Replays in a process of its own; returns its one JSON object. */
function replay(
  runtime: 'node' | 'deno',
  words: readonly string[],
  env: Record<string, string> = {},
): { journalHash: string; trades: number } {
  const home = mkdtempSync(join(tmpdir(), 'orderflow-golden-'));
  homes.push(home);
  const file = join(root, 'node_modules', '.bin', runtime);
  const args = [
    ...(runtime === 'deno' ? ['run', '-A'] : []),
    'orderflow.ts',
    'replay',
    flowFile,
    '--data',
    realDay,
    '--json',
    ...words,
  ];
  const text = execFileSync(file, args, {
    cwd: root,
    env: { ...process.env, ORDERFLOW_HOME: home, ...env },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(text) as { journalHash: string; trades: number };
}

describe.skipIf(!hasData)('2013-09-03, every ES print of a real day', async () => {
  const tape = await readRealDay();
  const expected = run(tape, true);

  it.each(['UTC', 'Asia/Tokyo', 'America/Los_Angeles'])(
    'has the same journal hash from the memory log in %s',
    (TZ) => {
      expect(replay('node', [], { TZ }).journalHash).toBe(expected.journal.hash);
    },
  );

  it('has the same journal hash from the local log', () => {
    expect(replay('node', ['--log', 'local']).journalHash).toBe(expected.journal.hash);
  });

  it('has the same journal hash on Deno', () => {
    expect(replay('deno', [], { TZ: 'Europe/London' }).journalHash).toBe(expected.journal.hash);
  });
});
