#!/usr/bin/env node
// The door of every command (`npm start`, `npm test`, `npm run …`, `npx orderflow …`), and the one file that an old
// Node has to be able to read: it installs what the lock file names, then goes on under Node 24.
//   bootstrap.mjs ARGUMENTS…           runs orderflow.ts
//   bootstrap.mjs :TARGET ARGUMENTS…   runs a command of node_modules/.bin, or a script of this folder (with a `/`)
import { spawn } from 'node:child_process';
import {
  existsSync,
  linkSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const binaries = join(root, 'node_modules', '.bin');
const lockFile = join(root, 'package-lock.json');
const installedFile = join(root, 'node_modules', '.package-lock.json');
const turnFile = join(root, '.setup.lock');
const nodeMajor = 24;
const turnLimitMs = 20 * 60_000;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

// Messages of the `OF_SETUP_*` rows in engine/error-table.ts; a test holds the two together.
const say = {
  OF_SETUP_FAILED: (code, reason) =>
    `'npm ci' in the project's folder expected exit code 0, was ${code}: ${reason}; check the network and free disk space, then start again`,
  OF_SETUP_NODE: (was) =>
    `'node_modules/.bin/node' expected version >= ${nodeMajor}, was ${was}; npm's install scripts are probably switched off: run 'npm rebuild node --ignore-scripts=false'`,
};

/** Ends the process with one coded line. */
function stop(code, ...facts) {
  process.stderr.write(`${code} ${say[code](...facts)}\n`);
  process.exit(1);
}

/** Returns the version and hash of every package in a lock file, by folder. */
function packagesOf(file) {
  const { packages } = JSON.parse(readFileSync(file, 'utf8'));
  return Object.entries(packages).filter(([folder]) => folder !== '');
}

/** Returns whether both lock files name the same packages; those for other machines may be missing. */
function isSameTree() {
  const wanted = packagesOf(lockFile);
  const present = new Map(packagesOf(installedFile));
  const isPresent = ([folder, { version, integrity, optional }]) => {
    const found = present.get(folder);
    present.delete(folder);
    return found ? found.version === version && found.integrity === integrity : optional === true;
  };
  return wanted.every(isPresent) && present.size === 0;
}

/** Returns why `npm ci` has to run, or null when the installed packages are those of the lock file. */
function reasonToInstall() {
  const installed = statSync(installedFile, { throwIfNoEntry: false });
  if (!installed) return 'node_modules is absent';
  if (installed.mtimeMs >= statSync(lockFile).mtimeMs) return null;
  if (!isSameTree()) return 'node_modules is older than package-lock.json';
  const now = new Date();
  utimesSync(installedFile, now, now);
  return null;
}

/** Returns whether every process that shares the turn (a start and its npm) has ended without giving it back. */
function isAbandoned() {
  try {
    if (Date.now() - statSync(turnFile).mtimeMs > turnLimitMs) return true;
    return readFileSync(turnFile, 'utf8')
      .split(' ')
      .every((id) => !isAlive(Number(id)));
  } catch (error) {
    // It was given back a moment ago.
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

function isAlive(id) {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Removes an abandoned turn; of several starts that see it one does. */
function clearAbandonedTurn() {
  if (!isAbandoned()) return;
  const mark = `${turnFile}.clearing`;
  try {
    writeFileSync(mark, '', { flag: 'wx' });
  } catch {
    return;
  }
  if (isAbandoned()) rmSync(turnFile, { force: true });
  rmSync(mark);
}

/** Takes the turn to install; false while another start has it. The file appears whole or not at all. */
function takeTurn() {
  clearAbandonedTurn();
  const own = `${turnFile}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, turnFile);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own);
  }
}

/** Names npm as a holder of the turn too, so that an npm that outlives this process is not run into. */
function shareTurn(id) {
  const own = `${turnFile}.${process.pid}`;
  writeFileSync(own, `${process.pid} ${id}`);
  renameSync(own, turnFile);
}

/** The environment of `npm ci`: not what the outer npm command was told, and not a Node that is about to be replaced. */
function installEnvironment() {
  const outer =
    /^npm_(lifecycle|package|command|node|execpath)|^npm_config_(allow_scripts|local_prefix|package|call|yes)$/;
  const kept = Object.entries(process.env).filter(([name]) => !outer.test(name));
  const folders = (process.env.PATH ?? '').split(delimiter);
  const path = folders.filter((folder) => !folder.endsWith(join('node_modules', '.bin')));
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) };
}

/** Runs `npm ci` quietly in a process group of its own, which signals are handed to; resolves when it has ended. */
function npmCi() {
  return new Promise((resolve) => {
    let said = '';
    let stoppedBy = null;
    const listen = (chunk) => {
      said = (said + chunk).slice(0, 8000);
    };
    const handOn = (signal) => {
      stoppedBy = signal;
      process.kill(-child.pid, signal);
    };
    // Before npm is there: a signal that comes meanwhile waits until it is.
    for (const signal of signals) process.on(signal, handOn);
    const options = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    const child = spawn('npm', options, {
      cwd: root,
      env: installEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('spawn', () => shareTurn(child.pid));
    child.on('error', (error) => resolve({ code: error.code, said: 'npm could not be started' }));
    child.on('close', (code, signal) => {
      for (const name of signals) process.removeListener(name, handOn);
      resolve({ code: code ?? signal, said, stoppedBy });
    });
  });
}

/** Returns npm's own reason, in one line. */
function reasonOf(said) {
  const lines = said.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim());
  const telling = lines.filter(
    (line) => line !== '' && !/^(code |errno |syscall |A complete log|Clean install)/.test(line),
  );
  return telling.slice(0, 2).join(' ') || 'it gave no reason';
}

/** Runs `npm ci` and says so in one line. */
async function install(reason) {
  const begun = Date.now();
  process.stderr.write(`Setting up: npm ci, because ${reason} …`);
  const { code, said, stoppedBy } = await npmCi();
  process.stderr.write(
    code === 0 ? ` done in ${Math.round((Date.now() - begun) / 1000)} s.\n` : '\n',
  );
  if (stoppedBy) {
    giveTurnBack();
    process.kill(process.pid, stoppedBy);
  } else if (code !== 0) stop('OF_SETUP_FAILED', code, reasonOf(said));
}

function giveTurnBack() {
  rmSync(turnFile, { force: true });
}

/** Installs what the lock file names, unless it is there; of several starts at once one installs and the others wait. */
async function setUp() {
  if (reasonToInstall() === null) return;
  for (let waited = 0; !takeTurn(); waited++) {
    if (waited === 0) process.stderr.write('Waiting for the set-up of another start …\n');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  process.once('exit', giveTurnBack);
  const reason = reasonToInstall();
  if (reason !== null) await install(reason);
  process.removeListener('exit', giveTurnBack);
  giveTurnBack();
}

/** Returns the file to run and its arguments. */
function target() {
  const [first = '', ...rest] = process.argv.slice(2);
  if (!first.startsWith(':')) return [join(root, 'orderflow.ts'), ...process.argv.slice(2)];
  const name = first.slice(1);
  return [name.includes('/') ? join(root, name) : realpathSync(join(binaries, name)), ...rest];
}

/** Runs the target in this process. */
async function runHere() {
  const [file, ...rest] = target();
  process.argv = [process.execPath, file, ...rest];
  // Node keeps the stripped and compiled code between starts: a third of the time of a short command.
  const { enableCompileCache } = await import('node:module');
  enableCompileCache?.();
  await import(pathToFileURL(file).href);
}

/** Ends this process when the bootstrap or npm that started it is gone; their shells do not hand signals on. */
function endWithParent() {
  const parent =
    Number(process.env.ORDERFLOW_PARENT) || (process.env.npm_command ? process.ppid : 0);
  delete process.env.ORDERFLOW_PARENT;
  if (parent === 0) return;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  look.unref();
}

/** Starts this file again under the Node of node_modules, hands signals on and ends as it ends. */
function runUnderInstalledNode() {
  const node = join(binaries, 'node');
  if (!existsSync(node)) stop('OF_SETUP_NODE', 'absent');
  if (process.env.ORDERFLOW_PARENT) stop('OF_SETUP_NODE', process.versions.node);
  const env = { ...process.env, ORDERFLOW_PARENT: String(process.pid) };
  const handOn = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, handOn);
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env,
  });
  child.on('exit', (code, signal) => {
    for (const name of signals) process.removeListener(name, handOn);
    if (signal) process.kill(process.pid, signal);
    else process.exitCode = code;
  });
}

await setUp();
process.env.PATH = [binaries, process.env.PATH].join(delimiter);
if (Number.parseInt(process.versions.node, 10) >= nodeMajor) {
  endWithParent();
  await runHere();
} else {
  runUnderInstalledNode();
}
