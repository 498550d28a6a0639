#!/usr/bin/env node
// The composition root: the one place that knows engine, plugins and logs. It parses nothing itself; it hands a Host to
// the command line.
import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { discoverPlugins } from '#engine/cli/discover-plugins.ts';
import type { Host, Output } from '#engine/cli/host.ts';
import { resolveKitFrom } from '#engine/cli/kit-resolution.ts';
import { runCommandLine } from '#engine/cli/main.ts';
import { OrderflowError } from '#engine/errors.ts';
import {
  joinKafkaGroup,
  kafkaOptionsFrom,
  openKafkaLog,
  openLocalLog,
  openMemoryLog,
} from '#kafka';

// V8 takes records for objects that live long, since those of a backlog do, and makes them beside such: twice the memory,
// and a collector that works three times as long (DECISIONS 90).
setFlagsFromString('--no-allocation-site-pretenuring');

const root = fileURLToPath(new URL('.', import.meta.url)).replace(/[/\\]$/, '');
const cwd = process.cwd();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A terminal and the bootstrap may hand on one and the same Ctrl-C. */
const sameStopMs = 400;
/** What shells report for a program that Ctrl-C ended. */
const forcedExitCode = 130;

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    isTerminal: stream.isTTY ?? false,
    get columns() {
      return stream.columns ?? 80;
    },
    get rows() {
      return stream.rows ?? 24;
    },
    write: (text) => {
      stream.write(text);
    },
  };
}

/** A reader such as `head` that has seen enough is no error. */
function endQuietlyWithoutReader(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    if (stream === process.stdout) {
      const facts = { file: 'standard output', cause: error.message };
      process.stderr.write(`${new OrderflowError('OF_CLI_WRITE', facts).message}\n`);
    }
    process.exit(3);
  });
}

function onStop(callback: (isForced: boolean) => void): () => void {
  let firstAt: number | null = null;
  const stop = (): void => {
    const now = performance.now();
    if (firstAt !== null && now - firstAt < sameStopMs) return;
    const isForced = firstAt !== null;
    firstAt ??= now;
    callback(isForced);
    if (isForced) process.exit(forcedExitCode);
  };
  for (const signal of signals) process.on(signal, stop);
  return () => {
    for (const signal of signals) process.removeListener(signal, stop);
  };
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

const host: Host = {
  args: process.argv.slice(2),
  env: process.env,
  cwd,
  version: (JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as { version: string })
    .version,
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  wallClock: () => performance.now(),
  turn: () => nextTurn(),
  every: (ms, callback) => {
    const timer = setInterval(callback, ms);
    return () => clearInterval(timer);
  },
  onStop,
  readText: (path) => orNull(() => readFileSync(resolve(cwd, path), 'utf8')),
  listFolder: (path) => orNull(() => readdirSync(resolve(cwd, path)).sort()) ?? [],
  renameFolder: (from, to) => renameSync(resolve(cwd, from), resolve(cwd, to)),
  removeFolder: (path) => rmSync(resolve(cwd, path), { recursive: true, force: true }),
  loadPlugins: () =>
    discoverPlugins({ root, cwd, folders: process.env['ORDERFLOW_PLUGINS'] ?? '' }),
  openMemoryLog,
  openLocalLog: (directory, access) => openLocalLog({ directory: resolve(cwd, directory), access }),
  openKafkaLog: (part = '') => {
    const options = kafkaOptionsFrom(process.env);
    return openKafkaLog({ ...options, prefix: `${options.prefix ?? ''}${part}` });
  },
  joinKafkaGroup: (group, handlers) =>
    joinKafkaGroup(kafkaOptionsFrom(process.env), group, handlers),
  logAddress: (directory) => ({
    module: import.meta.resolve('#kafka'),
    ...(directory === null
      ? { open: 'openKafkaLog', options: kafkaOptionsFrom(process.env) }
      : {
          open: 'openLocalLog',
          options: { directory: resolve(cwd, directory), access: 'guest' },
        }),
  }),
  // Loaded when they are asked for: most commands have no use for a store or a web server.
  loadStore: async () => (await import('#engine/store/index.ts')).storeDoor,
  openWeb: async (options) => (await import('./web/server.ts')).openWeb({ ...options, host, root }),
};

endQuietlyWithoutReader(process.stdout);
endQuietlyWithoutReader(process.stderr);
resolveKitFrom(root);
process.exitCode = await runCommandLine(host);
