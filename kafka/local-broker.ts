import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

import { OrderflowError } from '#engine';

import { brokerJars, requireJava, runTool } from './broker-jars.ts';
import { Wire } from './kafka-wire.ts';

/** Where a broker of this machine keeps its data and listens. */
export interface BrokerOptions {
  /** Made when missing; everything the broker writes is in it. */
  readonly directory: string;
  /** Port on 127.0.0.1; the one above it is the controller's. */
  readonly port: number;
  /** Port that clients are told to use, where a proxy stands before the broker. */
  readonly advertisedPort?: number;
  /** More of Kafka's settings, such as listeners with TLS; they count before the usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Name of the cluster, where several brokers make one: 22 characters of base64url. */
  readonly cluster?: string;
  /** Users that log in by SCRAM, as Kafka's storage tool takes them: `SCRAM-SHA-512=[name=…,password=…]`. */
  readonly users?: readonly string[];
  /** Told before something takes long. */
  readonly told?: (line: string) => void;
}

/** A broker that runs on this machine. */
export interface RunningBroker {
  readonly pid: number;
  readonly port: number;
}

const address = '127.0.0.1';
const readyMs = 90_000;
const stopMs = 30_000;
const askMs = 2_000;
const memory = '512m';

function settingsOf(options: BrokerOptions): string {
  const { directory, port, advertisedPort = port, settings = {} } = options;
  const own = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${address}:${port + 1}`,
    listeners: `PLAINTEXT://${address}:${port},CONTROLLER://${address}:${port + 1}`,
    'advertised.listeners': `PLAINTEXT://${address}:${advertisedPort}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': storageOf(directory),
    // Topics are made by the log, with settings of their own.
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 8,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
    // What a dead writer left open is given up a second after its time, not ten.
    'transaction.abort.timed.out.transaction.cleanup.interval.ms': 1_000,
    'log.cleaner.dedupe.buffer.size': 16 * 2 ** 20,
    ...settings,
  };
  return Object.entries(own)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function storageOf(directory: string): string {
  return join(directory, 'storage');
}

function noteOf(directory: string): string {
  return join(directory, 'broker.json');
}

/** Returns the file with what the broker says. */
export function logFileOf(directory: string): string {
  return join(directory, 'broker.log');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, address, () => server.close(() => done(true)));
  });
}

async function isBroker(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // The number may be that of a later program.
  const { code, text } = await runTool('ps', ['-p', String(pid), '-o', 'args=']);
  return code === -1 || text.includes('kafka.Kafka');
}

/** Returns the broker of a folder; null when none runs. */
export async function findBroker(directory: string): Promise<RunningBroker | null> {
  if (!existsSync(noteOf(directory))) return null;
  const note = JSON.parse(readFileSync(noteOf(directory), 'utf8')) as RunningBroker;
  return (await isBroker(note.pid)) ? note : null;
}

/** Returns whether a broker answers on a port. */
export async function answers(port: number, patienceMs = askMs): Promise<boolean> {
  const wire = new Wire({ brokers: [`${address}:${port}`], clientId: 'orderflow', patienceMs });
  try {
    return await wire.any(async () => true);
  } catch {
    return false;
  } finally {
    await wire.close();
  }
}

/** Names the storage, once: a broker refuses a folder without a name. */
async function format(jars: string, options: BrokerOptions): Promise<void> {
  const { directory, users = [] } = options;
  if (existsSync(join(storageOf(directory), 'meta.properties'))) return;
  const made = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');
  const { cluster = made } = options;
  const { code, text } = await runTool('java', [
    '-cp',
    join(jars, '*'),
    'kafka.tools.StorageTool',
    'format',
    '-t',
    // A leading hyphen would be an option.
    cluster.replace(/^-/, 'a'),
    '-c',
    join(directory, 'server.properties'),
    ...users.flatMap((user) => ['--add-scram', user]),
  ]);
  if (code === 0) return;
  const cause = text.trim().split('\n').at(-1) ?? `exit code ${code}`;
  throw new OrderflowError('OF_KAFKA_START', { seconds: readyMs / 1000, cause, file: directory });
}

/**
 * Starts a broker and returns when it answers. It outlives this process; {@link stopBroker} ends it.
 *
 * @throws {OF_KAFKA_TOOL} when Java or Maven is absent.
 * @throws {OF_KAFKA_JARS} when the broker could not be fetched.
 * @throws {OF_KAFKA_PORT} when one of the two ports is taken.
 * @throws {OF_KAFKA_START} when it ended instead, or was not ready in time.
 */
export async function startBroker(options: BrokerOptions): Promise<RunningBroker> {
  const directory = resolve(options.directory);
  const { port, told = () => {} } = options;
  await requireJava();
  const jars = await brokerJars(told);
  for (const wanted of [port, port + 1])
    if (!(await isFree(wanted))) throw new OrderflowError('OF_KAFKA_PORT', { port: wanted });
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'server.properties'), settingsOf({ ...options, directory }));
  await format(jars, { ...options, directory });
  told(`Starting Kafka on ${address}:${port}`);
  const child = launch(directory, jars);
  const pid = child.pid ?? 0;
  writeFileSync(noteOf(directory), JSON.stringify({ pid, port }));
  await ready(child, { directory, port });
  return { pid, port };
}

function launch(directory: string, jars: string): ChildProcess {
  const log = openSync(logFileOf(directory), 'a');
  const child = spawn(
    'java',
    [
      `-Xmx${memory}`,
      `-Xms${memory}`,
      '-XX:+UseSerialGC',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-Dorg.slf4j.simpleLogger.showDateTime=true',
      '-cp',
      join(jars, '*'),
      'kafka.Kafka',
      join(directory, 'server.properties'),
    ],
    { detached: true, stdio: ['ignore', log, log] },
  );
  child.unref();
  closeSync(log);
  return child;
}

async function ready(child: ChildProcess, { directory, port }: BrokerOptions): Promise<void> {
  const until = performance.now() + readyMs;
  const file = logFileOf(directory);
  const facts = { seconds: readyMs / 1000, file };
  while (performance.now() < until) {
    if (child.exitCode !== null || child.signalCode !== null) {
      const cause = `ended with ${child.exitCode ?? child.signalCode}`;
      throw new OrderflowError('OF_KAFKA_START', { ...facts, cause });
    }
    if (!(await isFree(port)) && (await answers(port))) return;
    await sleep(100);
  }
  child.kill('SIGKILL');
  throw new OrderflowError('OF_KAFKA_START', { ...facts, cause: 'silent' });
}

/** Ends a broker cleanly, or after a while by force. Returns when its process is gone. */
export async function stopBroker({ pid }: RunningBroker): Promise<void> {
  const until = performance.now() + stopMs;
  for (let signal: NodeJS.Signals | 0 = 'SIGTERM'; ; signal = 0) {
    try {
      process.kill(pid, performance.now() > until ? 'SIGKILL' : signal);
    } catch {
      return;
    }
    await sleep(50);
  }
}

/** Deletes everything a stopped broker has written. */
export function cleanBroker(directory: string): void {
  for (const path of [storageOf(directory), noteOf(directory), logFileOf(directory)])
    rmSync(path, { recursive: true, force: true });
  rmSync(join(directory, 'server.properties'), { force: true });
}
