// The program as a person runs it: each case is a process of its own in the project's folder.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'orderflow-cli-'));
const home = join(folder, 'home');
const flow = 'flows/pro-course.flow.yaml';
const env = { ...process.env, ORDERFLOW_HOME: home, NODE_COMPILE_CACHE: join(folder, 'cache') };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], more: Readonly<Record<string, string>> = {}): Ended {
  const options = { cwd: root, env: { ...env, ...more }, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['orderflow.ts', ...args],
    options,
  );
  return { code: status, out: stdout, err: stderr };
}

function write(path: string, content: string | Uint8Array): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** Two hours of trades on 2025-11-19 from 09:30, one every two seconds. */
function tradesText(): string {
  const open = Date.UTC(2025, 10, 19, 14, 30);
  const rows = Array.from({ length: 3_600 }, (_, i) => {
    const price = 6_000 + ((i * 7) % 41) / 4;
    return `${open + i * 2_000}000000,${price},${1 + (i % 5)},${i % 2 === 0 ? 'B' : 'S'},,`;
  });
  return `ts_ns,price,size,side,bid,ask\n${rows.join('\n')}\n`;
}

const trades = write('day.csv', tradesText());

describe('orderflow', () => {
  it('lists plugins with the flows that use them', () => {
    const { code, out } = run(['list', '--json']);
    expect(code).toBe(0);
    const { plugins } = JSON.parse(out) as { plugins: { id: string; usedBy: string[] }[] };
    expect(plugins.find(({ id }) => id === 'vwap')?.usedBy).toContain(flow);
    expect(run(['list', '--ports']).out).toMatch(
      /volume-profile[\s\S]* out +completed +event +completed-profile\/1/,
    );
  });

  it('finds plugins outside of the project, and hands them its own kit', () => {
    const text = `
      import { compare, definePlugin } from 'orderflow';
      import { setup } from 'xstate';
      import { z } from 'zod';
      if (typeof compare !== 'function' || typeof setup !== 'function') throw new Error('another kit');
      const config: z.ZodObject = z.object({});
      export const plugin = definePlugin({ id: 'outsider', version: '1.0.0', api: 1, summary: 'From elsewhere', config, in: {}, out: {}, examples: [] });\n`;
    write('elsewhere/outsider/plugin.ts', text);
    const { code, out, err } = run(['list'], { ORDERFLOW_PLUGINS: join(folder, 'elsewhere') });
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(/^outsider +1\.0\.0 +processor +0 +From elsewhere$/m);
  });

  it('lints: exit code 0 for a good flow, 1 and the place for a bad one', () => {
    expect(run(['lint', flow])).toMatchObject({ code: 0, out: '1 file: 0 errors, 0 warnings\n' });
    const bad = run(['lint', 'flows/invalid/unknown-plugin.flow.yaml']);
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(/^flows\/invalid\/unknown-plugin\.flow\.yaml:\d+:\d+ error WF001 /);
    expect(JSON.parse(run(['lint', flow, '--json']).out)).toEqual({ files: 1, lints: [] });
  });

  it('draws the flow and the statechart of a node', () => {
    expect(run(['graph', flow]).out).toMatch(
      /^flowchart LR\n[\s\S]*n_market ==> n_profile[\s\S]*n_profile -->\|"completed"\| n_cva/,
    );
    expect(run(['graph', flow, '--format', 'dot']).out).toMatch(
      /^digraph "pro-course" \{[\s\S]*"profile" -> "cva" \[style=solid, label="completed"\];/,
    );
    expect(run(['graph', flow, '--node', 'rotational']).out).toMatch(/^stateDiagram-v2/);
    expect(run(['graph', flow, '--node', 'rotational', '--format', 'dot']).out).toMatch(
      /"atEdge" -> "seeking" \[label="edge\\n\[the edge gave way\]"/,
    );
    expect(run(['graph', flow, '--node', 'nobody'])).toMatchObject({ code: 3, out: '' });
  });

  it('replays a file and prints one object of the documented shape', () => {
    const { code, out, err } = run([
      'replay',
      flow,
      '--data',
      trades,
      '--instrument',
      'ES',
      '--json',
    ]);
    expect(err).toBe('');
    expect(code).toBe(0);
    const report = JSON.parse(out) as { sessions: Record<string, unknown>[] };
    const fields = [
      'flow',
      'flowHash',
      'journalHash',
      'trades',
      'records',
      'elapsedMs',
      'tradesPerSecond',
      'sessions',
    ];
    expect(Object.keys(report)).toEqual(fields);
    expect(report).toMatchObject({ flow: 'pro-course', trades: 3_600, records: 3_600 });
    expect(report.sessions).toHaveLength(1);
    const [session = {}] = report.sessions;
    expect(Object.keys(session)).toEqual([
      'tradeDate',
      'short',
      'approximate',
      // The file ends before regular hours do.
      'gap',
      'rth',
      'cva',
      'signals',
      'machines',
    ]);
    expect(session).toMatchObject({
      tradeDate: '2025-11-19',
      rth: {
        open: 6_000,
        high: 6_010,
        low: 6_000,
        volume: 10_800,
        initialBalance: { high: 6_010, low: 6_000 },
        openingType: null,
      },
      cva: null,
      machines: { rotational: 'closed', bullish: 'closed', bearish: 'closed' },
    });
  });

  it('keeps a replay on disk, which verifies and goes on in the named home', () => {
    const kept = join(folder, 'kept');
    const args = ['replay', flow, '--data', trades, '--log', 'local', '--home', kept];
    const first = run(args);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(
      /Wed 2025-11-19[\s\S]*RTH +open 6000\.00 {2}high 6010\.00[\s\S]*problems +none/,
    );
    expect(run(['verify', flow, '--home', kept])).toMatchObject({ code: 0, err: '' });
    const hashIn = (text: string): string | undefined => /macrosteps, hash (\w+)/.exec(text)?.[1];
    expect(hashIn(run(args).out)).toBe(hashIn(first.out));
    expect(run(['verify', flow, '--home', kept, '--param', 'costTicks=3'])).toMatchObject({
      code: 3,
      out: '',
    });
  });

  it('says what is wrong with its input, with an exit code that is not 0', () => {
    const cut = write('cut.csv.gz', gzipSync(tradesText()).subarray(0, 9_000));
    const truncated = run(['replay', flow, '--data', cut, '--json']);
    expect(truncated.code).toBe(1);
    expect(truncated.err).toMatch(/^OF_REPLAY_GZIP /m);
    expect((JSON.parse(truncated.out) as { problems: string[] }).problems[0]).toMatch(
      /^OF_REPLAY_GZIP /,
    );
    expect(run(['replay', flow, '--data', 'nowhere.csv']).err).toMatch(
      /^OF_REPLAY_FILE_UNREADABLE /m,
    );
    expect(run(['replay', flow, '--data', trades, '--instrument', 'EX']).code).not.toBe(0);
    expect(run(['replay', flow, '--data', trades, '--param', 'costTicks=99']).err).toMatch(
      /WF\d{3}/,
    );
    expect(run(['verify', flow, '--home', join(folder, 'empty')])).toMatchObject({
      code: 3,
      out: '',
    });
  });

  it('starts, stops cleanly and goes on where it was', async () => {
    const first = await startAndStop();
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^pro-course [\d.]+ on ES, market from simulator\nA new log: /);
    const stopped = /^Stopped at (.*)\. The log/m.exec(first.out)?.[1] ?? 'never';
    const second = await startAndStop();
    expect(second.out).toContain(`Resumed at ${stopped}: nothing to run again, journal verified`);
    expect(run(['verify']).code).toBe(0);
    const fresh = await startAndStop(['--fresh']);
    expect(fresh.out).toContain('The log was set aside as ');
    expect(fresh.out).toContain('A new log: ');
  }, 60_000);
});

/** Starts, waits until the market runs, and stops as Ctrl-C does. */
function startAndStop(options: readonly string[] = []): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['orderflow.ts', 'start', '--no-web', '--no-store', ...options],
      {
        cwd: root,
        env,
      },
    );
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      if (!out.includes('market from') && String(chunk).includes('market from'))
        child.kill('SIGINT');
      out += String(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => (err += String(chunk)));
    child.on('exit', (code) => resolve({ code, out, err }));
  });
}
