import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { OrderflowError } from '#engine';

const made: string[] = [];
const path = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.endsWith('node_modules/.bin'));
/** The host's own Node; where it is old, everything below runs as on the host that the README promises. */
const hostNode =
  path.map((folder) => join(folder, 'node')).find((file) => existsSync(file)) ?? process.execPath;
const isOld =
  Number.parseInt(spawnSync(hostNode, ['--version'], { encoding: 'utf8' }).stdout.slice(1), 10) <
  24;
if (!isOld)
  console.warn('skipped: hand-over to the installed Node: no Node older than 24 on this machine');

const lock = (version: string): string =>
  JSON.stringify({ packages: { '': {}, 'node_modules/x': { version, integrity: 'sha512-x' } } });

const fakeNpm = `#!/bin/sh
echo "$@" >> npm-calls
case "$NPM" in
  fail) echo 'npm error code ENOTFOUND' >&2; echo 'npm error network request to x failed' >&2; exit 1;;
  gate) while [ -e npm-calls ] && [ ! -e gate ]; do sleep 0.02; done;;
  hang) echo > hanging; while [ -e hanging ]; do sleep 0.02; done;;
esac
rm -rf node_modules
mkdir -p node_modules/.bin
[ "$NPM" = without-node ] || ln -s '${process.execPath}' node_modules/.bin/node
cp package-lock.json node_modules/.package-lock.json
`;

const program = `
const word: string = process.argv[2] ?? '';
if (word === 'wait') {
  const stay = setInterval(() => {}, 1000);
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { console.log(signal); clearInterval(stay); process.exitCode = 5; });
  console.log('ready');
} else if (word === 'seven') process.exitCode = 7;
else console.log(JSON.stringify({ major: Number.parseInt(process.versions.node, 10), args: process.argv.slice(2) }));
`;

function makeProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'orderflow-start-'));
  made.push(folder);
  cpSync(join(import.meta.dirname, 'bootstrap.mjs'), join(folder, 'bootstrap.mjs'));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'npm'), fakeNpm);
  chmodSync(join(folder, 'bin', 'npm'), 0o755);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'package-lock.json'), lock('1.0.0'));
  writeFileSync(join(folder, 'orderflow.ts'), program);
  return folder;
}

function environment(folder: string, npm: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NPM: npm,
    PATH: [join(folder, 'bin'), ...path].join(delimiter),
  };
  for (const name of Object.keys(env)) if (name.startsWith('npm_')) delete env[name];
  return env;
}

function run(folder: string, args: readonly string[] = [], npm = 'work') {
  return spawnSync(hostNode, [join(folder, 'bootstrap.mjs'), ...args], {
    env: environment(folder, npm),
    encoding: 'utf8',
  });
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** Resolves once the process has written a text. */
  readonly said: (text: string) => Promise<void>;
}

function begin(folder: string, args: readonly string[], npm = 'work'): Running {
  const child = spawn(hostNode, [join(folder, 'bootstrap.mjs'), ...args], {
    env: environment(folder, npm),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let all = '';
  const look = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      all += String(chunk);
      for (const each of look) each();
    });
  }
  const said = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const each = (): void => {
        if (all.includes(text)) resolve();
      };
      look.add(each);
      each();
    });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  return { child, ended, said };
}

const calls = (folder: string): number =>
  existsSync(join(folder, 'npm-calls'))
    ? readFileSync(join(folder, 'npm-calls'), 'utf8').trim().split('\n').length
    : 0;

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

describe('set-up', () => {
  test('the first start installs, says so in one line beside the output, and goes on under Node 24', () => {
    const folder = makeProject();
    const { status, stdout, stderr } = run(folder, ['list', '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      major: Number.parseInt(process.versions.node, 10),
      args: ['list', '--json'],
    });
    expect(stderr).toMatch(
      /^Setting up: npm ci, because node_modules is absent … done in \d+ s\.\n$/,
    );
    expect(readFileSync(join(folder, 'npm-calls'), 'utf8')).toMatch(/^ci --include=dev /);
    expect(existsSync(join(folder, '.setup.lock'))).toBe(false);
  });

  test('a later start does nothing, a lock file that only looks newer too, a changed one installs anew', () => {
    const folder = makeProject();
    run(folder);
    expect(run(folder).stderr).toBe('');
    const later = new Date(Date.now() + 10_000);
    utimesSync(join(folder, 'package-lock.json'), later, later);
    expect(run(folder).stderr).toBe('');
    expect(calls(folder)).toBe(1);
    writeFileSync(join(folder, 'package-lock.json'), lock('1.0.1'));
    utimesSync(join(folder, 'package-lock.json'), later, later);
    expect(run(folder).stderr).toContain('because node_modules is older than package-lock.json');
    expect(calls(folder)).toBe(2);
  });

  test('an npm ci that cannot finish is a coded line with the reason of npm', () => {
    const folder = makeProject();
    const { status, stdout, stderr } = run(folder, [], 'fail');
    const facts = { code: 1, reason: 'network request to x failed' };
    expect(stderr.split('\n')[1]).toBe(new OrderflowError('OF_SETUP_FAILED', facts).message);
    expect([status, stdout]).toEqual([1, '']);
    expect(existsSync(join(folder, '.setup.lock'))).toBe(false);
  });

  test('of three starts at once one installs and the others wait for it', async () => {
    const folder = makeProject();
    const starts = Array.from({ length: 3 }, () => begin(folder, ['seven'], 'gate'));
    const waits = starts.map(({ said }, index) =>
      said('Waiting for the set-up of another start').then(() => index),
    );
    const first = await Promise.race(waits);
    await Promise.race(waits.filter((_, index) => index !== first));
    writeFileSync(join(folder, 'gate'), '');
    const ends = await Promise.all(starts.map(({ ended }) => ended));
    expect(ends.map(({ code }) => code)).toEqual([7, 7, 7]);
    expect(calls(folder)).toBe(1);
  });

  test('a turn whose holder has died is taken over', () => {
    const folder = makeProject();
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(join(folder, '.setup.lock'), `${pid} ${pid}`);
    expect(run(folder).status).toBe(0);
    expect(existsSync(join(folder, '.setup.lock'))).toBe(false);
  });

  test('a stop during npm ci stops npm as well and gives the turn back', async () => {
    const folder = makeProject();
    const { child, ended, said } = begin(folder, [], 'hang');
    await said('Setting up');
    while (!existsSync(join(folder, 'hanging')))
      await new Promise((resolve) => setImmediate(resolve));
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: null, signal: 'SIGTERM' });
    expect(existsSync(join(folder, '.setup.lock'))).toBe(false);
  });

  test('a script of the project and a command of node_modules/.bin are run by name', () => {
    const folder = makeProject();
    writeFileSync(join(folder, 'tool.ts'), program);
    expect(JSON.parse(run(folder, [':./tool.ts', 'a']).stdout)).toMatchObject({ args: ['a'] });
  });
});

describe.runIf(isOld)('hand-over to the installed Node', () => {
  test('the exit code is that of the program', () => {
    expect(run(makeProject(), ['seven']).status).toBe(7);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s is handed on and the program ends in its own way',
    async (signal) => {
      const { child, ended, said } = begin(makeProject(), ['wait']);
      await said('ready');
      child.kill(signal);
      await said(signal);
      expect(await ended).toEqual({ code: 5, signal: null });
    },
  );

  test('a program whose bootstrap was killed stops as well', async () => {
    const { child, ended, said } = begin(makeProject(), ['wait']);
    await said('ready');
    child.kill('SIGKILL');
    await said('SIGTERM');
    await ended;
  });

  test('without the installed Node it says what is missing', () => {
    const { status, stderr } = run(makeProject(), [], 'without-node');
    expect(status).toBe(1);
    expect(stderr.split('\n')[1]).toBe(
      new OrderflowError('OF_SETUP_NODE', { was: 'absent' }).message,
    );
  });
});
