import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test } from 'vitest';

import { isOrderflowError } from '#engine';
import type { Log, NewRecord, StoredRecord } from '#engine/runtime/ports.ts';

import { openLocalLog, openMemoryLog } from './index.ts';
import { logFailure } from './local-database.ts';
import { describeDurableLog, describeLog } from './log.conformance.ts';

const directories: string[] = [];
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'orderflow-log-'));
  directories.push(directory);
  return directory;
}

async function makeLog() {
  const directory = newDirectory();
  let log = openLocalLog({ directory });
  return {
    log,
    reopen: async () => {
      await log.close();
      log = openLocalLog({ directory });
      return log;
    },
    dispose: () => log.close(),
  };
}

describeLog('local', makeLog);
describeDurableLog('local', makeLog);

test('says how many bytes its files take, of all topics together', async () => {
  const directory = newDirectory();
  const log = openLocalLog({ directory });
  const value = 'x'.repeat(100_000);
  await log.append(0, [{ topic: 'market.data', key: 'ES', ts: 1, schema: 'a/1', value }]);
  const sizes = await log.sizes?.(['market.data']);
  expect(sizes).toMatchObject({ topics: {}, reason: 'one file holds all topics of a folder' });
  expect(sizes?.files).toBeGreaterThan(100_000);
  expect(sizes?.files).toBeLessThan(400_000);
  expect((await openMemoryLog().sizes?.([]))?.files).toBeNull();
  await log.close();
});

describe('a killed process', () => {
  test('SIGKILL at 20 random moments: every commit and append is there whole or not at all', async () => {
    const directory = newDirectory();
    let seed = 20_251_119;
    let last = 0;
    for (let round = 0; round < 20; round += 1) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      await runUntil(writer, directory, 2 + ((seed >>> 8) % 16), seed >>> 10);
      const log = openLocalLog({ directory });
      const committed = await checkWhole(log);
      expect(committed).toBeGreaterThan(last);
      last = committed;
      await log.close();
    }
  });

  test('the directory of a living process is refused with its pid, that of a killed one is taken over', async () => {
    const directory = newDirectory();
    const owner = start(holder, directory);
    await once(owner.stdout!, 'data');
    expect(messageOf(() => openLocalLog({ directory }))).toMatch(
      new RegExp(
        `^OF_LOG_LOCKED log '${directory}' is in use: .* was owned by process ${owner.pid};`,
      ),
    );
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const log = openLocalLog({ directory });
    expect(await log.topics()).toEqual([]);
    expect(messageOf(() => openLocalLog({ directory }))).toContain(
      `was owned by process ${process.pid};`,
    );
    await log.close();
  });
});

describe('a guest beside the owner', () => {
  test('both write, offsets have no hole, and both read the same', async () => {
    const directory = newDirectory();
    const owner = openLocalLog({ directory });
    const guest = openLocalLog({ directory, access: 'guest' });
    for (let i = 0; i < 20; i += 1) await (i % 3 ? owner : guest).append(0, [record(i)]);
    const all = await owner.read('market.data', 0, 0, 100);
    expect(all.map(({ offset }) => offset)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(await guest.read('market.data', 0, 0, 100)).toEqual(all);
    expect(guest.logId).toBe(owner.logId);
    await guest.trim('market.data', 0, 5);
    await expect(owner.read('market.data', 0, 0, 100)).rejects.toThrow('OF_LOG_TRIMMED');
    await guest.close();
    await owner.close();
  });

  test('a waiting reader of the owner sees what the guest appends', async () => {
    const directory = newDirectory();
    const owner = openLocalLog({ directory });
    const guest = openLocalLog({ directory, access: 'guest' });
    const task = await owner.openTask('pro-course.ES', 0, ['market.data']);
    const reading = task.read({}, 10, 30_000);
    await guest.append(0, [record(1)]);
    expect(await reading).toHaveLength(1);
    await guest.close();
    await owner.close();
  });

  test('processes that write at the same time wait for each other and lose nothing', async () => {
    const directory = newDirectory();
    const owner = openLocalLog({ directory });
    const guests = [start(appender, directory), start(appender, directory)];
    let ended = 0;
    for (const guest of guests) guest.once('exit', () => (ended += 1));
    const task = await owner.openTask('f.ES', 0, ['market.data']);
    for (let i = 0; ended < guests.length; i += 1) {
      await task.commit({ outputs: [{ ...record(i), topic: 'f.a.out' }], state: [] });
      await new Promise(setImmediate);
    }
    expect(guests.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const records = await readEverything(owner, 'market.data');
    for (const { pid } of guests) {
      const own = records.filter(({ key }) => key === `${pid}`).map(({ ts }) => ts);
      expect(own).toEqual(Array.from({ length: appends }, (_, i) => i));
    }
    await owner.close();
  });

  test('it fences the task of the owner when it opens the same', async () => {
    const directory = newDirectory();
    const owner = openLocalLog({ directory });
    const guest = openLocalLog({ directory, access: 'guest' });
    const task = await owner.openTask('pro-course.ES', 0, ['market.data']);
    const newer = await guest.openTask('pro-course.ES', 0, ['market.data']);
    await expect(task.commit({ outputs: [record(1)], state: [] })).rejects.toThrow(
      "OF_LOG_FENCED task 'pro-course.ES' was opened again: expected epoch 1 to be the newest, was 2",
    );
    await newer.commit({ outputs: [record(2)], state: [] });
    expect(await owner.end('market.data', 0)).toBe(1);
    await guest.close();
    await owner.close();
  });
});

describe('a directory that is no usable log', () => {
  test.each(['log.sqlite', 'owner.sqlite'])('a file %s that is no database is refused', (file) => {
    const directory = newDirectory();
    writeFileSync(join(directory, file), 'seed,of,a,spreadsheet\n'.repeat(100));
    expect(messageOf(() => openLocalLog({ directory }))).toContain('OF_LOG_FOREIGN');
  });

  test('the database of another program is refused and left as it was', () => {
    const directory = newDirectory();
    sqlite(directory, 'create table trades (price)');
    expect(messageOf(() => openLocalLog({ directory }))).toContain(
      'was a database of SQLite application id 0;',
    );
    sqlite(directory, 'insert into trades values (1)');
  });

  test('a log of a newer build is refused', async () => {
    const directory = newDirectory();
    await openLocalLog({ directory }).close();
    sqlite(directory, 'pragma user_version = 2');
    expect(messageOf(() => openLocalLog({ directory }))).toContain('OF_LOG_VERSION');
    expect(messageOf(() => openLocalLog({ directory }))).toContain('expected version 1, was 2');
  });

  test('pages overwritten on disk are refused when they are read', async () => {
    const directory = await filled(2_000);
    const path = join(directory, 'log.sqlite');
    const garbage = new Uint8Array(statSync(path).size - 8_192).fill(0xa5);
    const file = openSync(path, 'r+');
    writeSync(file, garbage, 0, garbage.length, 8_192);
    closeSync(file);
    expect(messageOf(() => openLocalLog({ directory }))).toContain('OF_LOG_CORRUPT');
  });

  test('a record that is missing in the middle is refused, not skipped', async () => {
    const directory = await filled(100);
    sqlite(directory, 'delete from records where "offset" = 40');
    const log = openLocalLog({ directory });
    expect(await log.read('market.data', 0, 41, 100)).toHaveLength(59);
    await expect(log.read('market.data', 0, 0, 100)).rejects.toThrow(
      "OF_LOG_CORRUPT log '" +
        directory +
        "' is damaged: topic 'market.data' partition 0 lacks the record of offset 40",
    );
    await log.close();
  });

  test('a path that is a file is refused', () => {
    const directory = join(newDirectory(), 'file');
    writeFileSync(directory, '');
    expect(messageOf(() => openLocalLog({ directory }))).toContain('OF_LOG_IO');
  });

  test('what SQLite says about read-only files and a lock that is not given becomes a code', () => {
    const directory = newDirectory();
    sqlite(directory, 'create table t (a)');
    const path = join(directory, 'log.sqlite');
    const readOnly = new DatabaseSync(path, { readOnly: true });
    const holding = new DatabaseSync(path);
    holding.exec('begin immediate');
    const waiting = new DatabaseSync(path, { timeout: 0 });
    const codeOf = (act: () => void): string =>
      messageOf(() => mapped(act, directory)).slice(0, 16);
    expect(codeOf(() => readOnly.exec('insert into t values (1)'))).toBe('OF_LOG_READ_ONLY');
    expect(codeOf(() => waiting.exec('begin immediate'))).toContain('OF_LOG_BUSY');
    for (const db of [readOnly, waiting, holding]) db.close();
  });

  test('a mistake in the program stays what it is', () => {
    const mistake = new TypeError('x is not a function');
    expect(logFailure(mistake, 'd')).toBe(mistake);
  });
});

const door = new URL('./index.ts', import.meta.url).href;
const perAppend = 8;
const perCommit = 40;

/** Appends and commits without end, with a dot between. */
const writer = `
  const { openLocalLog } = await import('${door}');
  const record = (topic, value) => ({ topic, key: 'ES', ts: 1, schema: 'x/1', value: JSON.stringify(value) + ' '.repeat(800) });
  const log = openLocalLog({ directory: process.argv.at(-1) });
  const task = await log.openTask('f.ES', 0, ['market.data']);
  let appended = Number(await log.resumeOf('s', 0) ?? 0);
  let committed = Number(task.state.get('n') ?? 0);
  for (;;) {
    for (let k = 0; k < 4; k += 1) {
      appended += 1;
      const inputs = Array.from({ length: ${perAppend} }, (_, i) => record('market.data', { n: appended, i }));
      await log.append(0, inputs, { source: 's', value: String(appended) });
    }
    process.stdout.write('.');
    committed += 1;
    const outputs = Array.from({ length: ${perCommit} }, (_, i) => record(i % 2 ? 'f.journal' : 'f.a.out', { n: committed, i }));
    await task.commit({ outputs, state: [{ key: 'first', value: String(committed) }, { key: 'n', value: String(committed) }] });
    process.stdout.write('.');
  }`;

const appends = 300;

/** Appends as a guest, one record at a time. */
const appender = `
  const { openLocalLog } = await import('${door}');
  const log = openLocalLog({ directory: process.argv.at(-1), access: 'guest' });
  for (let i = 0; i < ${appends}; i += 1) {
    await log.append(0, [{ topic: 'market.data', key: String(process.pid), ts: i, schema: 'x/1', value: '1' }]);
  }
  await log.close();`;

/** Owns the directory until it is killed. */
const holder = `
  const { openLocalLog } = await import('${door}');
  globalThis.log = openLocalLog({ directory: process.argv.at(-1) });
  process.stdout.write('.');
  setInterval(() => {}, 1e6);`;

/** Starts a program on a directory, with the runtime that runs this test: Node, or Deno. */
function start(program: string, directory: string): ChildProcess {
  const run = 'Deno' in globalThis ? ['run', '-A'] : ['--input-type=module'];
  const child = spawn(process.execPath, [...run, '-', directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(program);
  children.push(child);
  return child;
}

/** Kills the program when it has made so many dots and this process has counted to `spin`: in the middle of anything. */
async function runUntil(
  program: string,
  directory: string,
  dots: number,
  spin: number,
): Promise<void> {
  const child = start(program, directory);
  let seen = 0;
  child.stdout!.on('data', (chunk: Uint8Array) => {
    seen += chunk.length;
    if (seen < dots) return;
    for (let i = 0; i < spin; i += 1) seen += i & 1;
    child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
}

/** Checks that what a killed writer left is whole; returns the number of its commits. */
async function checkWhole(log: Log): Promise<number> {
  const { state } = await log.openTask('f.ES', 0, ['market.data']);
  const committed = Number(state.get('n'));
  const appended = Number(await log.resumeOf('s', 0));
  expect(state.get('first')).toBe(state.get('n'));
  expect(numbersOf(await readEverything(log, 'market.data'))).toEqual(
    numbers(appended, perAppend, () => true),
  );
  expect(numbersOf(await readEverything(log, 'f.a.out'))).toEqual(
    numbers(committed, perCommit, (i) => i % 2 === 0),
  );
  expect(numbersOf(await readEverything(log, 'f.journal'))).toEqual(
    numbers(committed, perCommit, (i) => i % 2 === 1),
  );
  return committed;
}

function numbers(upTo: number, each: number, keep: (i: number) => boolean): readonly string[] {
  const indices = Array.from({ length: each }, (_, i) => i).filter(keep);
  return Array.from({ length: upTo }, (_, n) => indices.map((i) => `${n + 1}.${i}`)).flat();
}

function numbersOf(records: readonly StoredRecord[]): readonly string[] {
  return records.map(({ value }) => {
    const { n, i } = JSON.parse(String(value)) as { n: number; i: number };
    return `${n}.${i}`;
  });
}

async function readEverything(log: Log, topic: string): Promise<readonly StoredRecord[]> {
  const records: StoredRecord[] = [];
  for (;;) {
    const more = await log.read(topic, 0, records.length, 1_000);
    if (more.length === 0) return records;
    records.push(...more);
  }
}

async function filled(count: number): Promise<string> {
  const directory = newDirectory();
  const log = openLocalLog({ directory });
  await log.append(
    0,
    Array.from({ length: count }, (_, i) => record(i)),
  );
  await log.close();
  return directory;
}

function record(n: number): NewRecord {
  return { topic: 'market.data', key: 'ES', ts: n, schema: 'command/1', value: `{"n":${n}}` };
}

function sqlite(directory: string, sql: string): void {
  const db = new DatabaseSync(join(directory, 'log.sqlite'));
  db.exec(sql);
  db.close();
}

function mapped(act: () => void, directory: string): void {
  try {
    act();
  } catch (error) {
    throw logFailure(error, directory);
  }
}

/** The message, with its code, of the error that an action throws. */
function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (isOrderflowError(error)) return error.message;
    throw error;
  }
  return 'nothing was refused';
}
