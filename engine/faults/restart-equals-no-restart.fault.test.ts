// The promise: a flow that is killed at any moment, again and again, ends as if it had never been killed. Each run is a
// process of its own over a log on disk, killed by SIGKILL; `orderflow verify` then runs all inputs through a fresh task
// and compares journal and outputs record by record.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'orderflow-restart-'));
const environment = join(folder, 'short.yaml');
const kills = process.env['CI'] === 'true' ? 20 : 6;
const seed = Number(process.env['ORDERFLOW_SEED'] ?? 1);
/** Twenty starts of the program compile it once. */
const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'cache') };
/** Longest time a run is given between its first word and its end by SIGKILL. */
const longestLifeMs = 400;

writeFileSync(
  environment,
  'sources:\n  market: { use: simulator@^1, with: { seed: 11, days: 10, tradesPerDay: 20000, depth: false } }\n',
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Verified {
  readonly ok: boolean;
  readonly tasks: readonly {
    readonly rows: number;
    readonly macrosteps: number;
    readonly hash: string;
  }[];
}

function words(command: string, home: string): string[] {
  return [
    'orderflow.ts',
    command,
    'flows/pro-course.flow.yaml',
    '--home',
    join(folder, home),
    '--environment',
    environment,
  ];
}

function start(home: string): ChildProcess {
  return spawn(process.execPath, [...words('run', home), '--no-store'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function exitOf(child: ChildProcess): Promise<number | string | null> {
  return new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal)));
}

/** Runs to the end; returns what the process said. */
async function runToEnd(home: string): Promise<string> {
  const child = start(home);
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += String(chunk)));
  child.stderr?.on('data', (chunk: Buffer) => (said += String(chunk)));
  expect(await exitOf(child), said).toBe(0);
  return said;
}

/** Starts, waits for the first word and `lifeMs` more, and kills. A run may have ended before. */
async function runAndKill(
  home: string,
  lifeMs: number,
): Promise<{ readonly isKilled: boolean; readonly hasResumed: boolean }> {
  const child = start(home);
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += String(chunk)));
  const exit = exitOf(child);
  let failure = '';
  child.stderr?.on('data', (chunk: Buffer) => (failure += String(chunk)));
  child.stdout?.once('data', () => setTimeout(() => child.kill('SIGKILL'), lifeMs));
  const end = await exit;
  expect([0, 'SIGKILL'], `seed ${seed}: ${failure}`).toContain(end);
  return { isKilled: end === 'SIGKILL', hasResumed: said.includes('journal verified') };
}

function verify(home: string): Verified {
  const { stdout, stderr } = spawnSync(process.execPath, [...words('verify', home), '--json'], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Verified;
}

/** Numbers from 0 to 1, the same for the same seed. */
function* chances(from: number): Generator<number, never> {
  for (let state = from; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

describe('a flow killed again and again', () => {
  it(`ends as if it had never been killed (${kills} kills, seed ${seed})`, async () => {
    await runToEnd('whole');
    const chance = chances(seed);
    let killed = 0;
    let resumed = 0;
    for (let i = 0; i < kills; i += 1) {
      const run = await runAndKill('killed', chance.next().value * longestLifeMs);
      if (run.isKilled) killed += 1;
      if (run.hasResumed) resumed += 1;
    }
    expect(resumed, 'starts that recovered what an earlier one had committed').toBeGreaterThan(0);
    await runToEnd('killed');
    const [whole, mended] = [verify('whole'), verify('killed')];
    expect(whole.ok && mended.ok, JSON.stringify({ whole, mended })).toBe(true);
    expect(mended.tasks[0]).toMatchObject({
      rows: whole.tasks[0]?.rows,
      macrosteps: whole.tasks[0]?.macrosteps,
      hash: whole.tasks[0]?.hash,
    });
    expect(killed, 'runs that were killed before their end').toBeGreaterThanOrEqual(
      Math.ceil(kills / 2),
    );
    // Twenty starts of the whole flow: the time is theirs, not a promise.
  }, 240_000);
});
