import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { CaseResult, TestRun } from './desk.ts';
import type { Host } from './host.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const longestMs = 180_000;
const instrumentFile = 'instruments.yaml';

/** What `orderflow test --json` prints, as far as it is read here. */
interface Report {
  readonly files: readonly {
    readonly file: string;
    readonly cases: readonly {
      readonly name: string;
      readonly line: number;
      readonly failures: readonly { readonly line: number; readonly text: string }[];
    }[];
    readonly lints: readonly {
      readonly file: string;
      readonly line: number;
      readonly message: string;
    }[];
  }[];
}

/** Returns the test files beside a flow that name it, ascending. */
export function testsOf(host: Host, flowFile: string): string[] {
  const folder = dirname(flowFile);
  return host
    .listFolder(folder)
    .filter((name) => /\.test\.ya?ml$/.test(name))
    .map((name) => join(folder, name))
    .filter((file) => {
      try {
        const read: unknown = parse(host.readText(file) ?? '');
        const flow = (read as { flow?: unknown } | null)?.flow;
        return typeof flow === 'string' && basename(flow) === basename(flowFile);
      } catch {
        return false;
      }
    });
}

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
}

function run(host: Host, cwd: string, words: readonly string[]): Promise<Ended> {
  const own = join(host.cwd, 'plugins');
  const folders = [host.env['ORDERFLOW_PLUGINS'] ?? '', own === join(root, 'plugins') ? '' : own];
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(root, 'orderflow.ts'), ...words], {
      cwd,
      env: {
        ...process.env,
        ...host.env,
        NO_COLOR: '1',
        ORDERFLOW_PLUGINS: folders.filter(Boolean).join(delimiter),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: longestMs,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (stderr = (stderr + String(chunk)).slice(-4_000)));
    child.on('error', (error) => done({ stdout: '', stderr: error.message }));
    child.on('close', () => done({ stdout, stderr }));
    // The market goes first.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  });
}

function readReport({ stdout, stderr }: Ended): Omit<TestRun, 'files' | 'seconds'> {
  let report: Report;
  try {
    report = JSON.parse(stdout) as Report;
  } catch {
    return { cases: [], problems: [stderr.trim() || 'the tests ended without a report'] };
  }
  const cases: CaseResult[] = report.files.flatMap(({ file, cases: all }) =>
    all.map(({ name, line, failures }) => ({
      file,
      name,
      line,
      failures: failures.map((failure) => `line ${failure.line}: ${failure.text}`),
    })),
  );
  const problems = report.files.flatMap(({ lints }) =>
    lints.map(({ file, line, message }) => `${file}:${line} ${message}`),
  );
  return { cases, problems };
}

/**
 * Runs the tests of a flow on a text that is not in its file: in a copy of its folder and a process of its own, so that
 * neither the file nor the run is touched.
 */
export async function testDraft(host: Host, flowFile: string, text: string): Promise<TestRun> {
  const files = testsOf(host, flowFile);
  if (files.length === 0) return { files, cases: [], problems: [], seconds: 0 };
  const begun = host.wallClock();
  const copy = mkdtempSync(join(tmpdir(), 'orderflow-draft-'));
  try {
    const folder = join(copy, 'flows');
    cpSync(resolve(host.cwd, dirname(flowFile)), folder, { recursive: true });
    writeFileSync(join(folder, basename(flowFile)), text);
    const instruments = resolve(host.cwd, instrumentFile);
    if (existsSync(instruments)) cpSync(instruments, join(copy, instrumentFile));
    const names = files.map((file) => join('flows', basename(file)));
    const ended = await run(host, copy, ['test', ...names, '--json']);
    return { files, ...readReport(ended), seconds: (host.wallClock() - begun) / 1_000 };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
