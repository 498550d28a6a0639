import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { OrderflowError } from '#engine';

/** The version that pom.xml names. */
export const kafkaVersion = '4.3.0';
const pom = fileURLToPath(new URL('./pom.xml', import.meta.url));
const copyJars = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const leastJava = 17;

interface Ended {
  readonly code: number;
  readonly text: string;
}

/** Runs a program and returns what it said; code -1 when it is not there. */
export function runTool(tool: string, words: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(tool, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (chunk) => (text += String(chunk)));
    child.stderr.on('data', (chunk) => (text += String(chunk)));
    child.on('error', () => resolve({ code: -1, text: 'not found' }));
    child.on('close', (code) => resolve({ code: code ?? 1, text }));
  });
}

/**
 * Makes sure that a Java runs here that the broker can use.
 *
 * @throws {OF_KAFKA_TOOL} when there is none.
 */
export async function requireJava(): Promise<void> {
  const { code, text } = await runTool('java', ['-version']);
  const [, version] = /version "(\d+)/.exec(text) ?? [];
  if (code === 0 && Number(version) >= leastJava) return;
  throw new OrderflowError('OF_KAFKA_TOOL', {
    tool: `Java ${leastJava} or newer`,
    was: code === 0 && version !== undefined ? `Java ${version}` : 'none',
    packages: 'openjdk-17-jre-headless',
  });
}

/** Returns the folder of this user's jars; XDG_CACHE_HOME moves it. */
function jarFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'];
  const base = cache === undefined || cache === '' ? join(homedir(), '.cache') : cache;
  return join(base, 'orderflow', `kafka-${kafkaVersion}`);
}

/**
 * Returns the folder with the broker's jars. The first time Maven fetches them, 43 MB.
 *
 * @param told - Told before something takes long.
 * @throws {OF_KAFKA_TOOL} when they are absent and Maven is as well.
 * @throws {OF_KAFKA_JARS} when Maven could not fetch them.
 */
export async function brokerJars(told: (line: string) => void): Promise<string> {
  const folder = jarFolder();
  if (existsSync(folder)) return folder;
  const { code: found } = await runTool('mvn', ['--version']);
  if (found !== 0)
    throw new OrderflowError('OF_KAFKA_TOOL', {
      tool: 'Maven, once, to fetch the broker',
      was: 'none',
      packages: 'maven',
    });
  told(`Fetching Apache Kafka ${kafkaVersion} into ${folder} (43 MB, once)`);
  // Named when it is whole, so that a fetch that was cut short is none.
  const part = `${folder}.${process.pid}`;
  mkdirSync(part, { recursive: true });
  const { code, text } = await runTool('mvn', [
    '--quiet',
    '--batch-mode',
    '--file',
    pom,
    copyJars,
    '-DincludeScope=runtime',
    `-DoutputDirectory=${part}`,
  ]);
  if (code !== 0) {
    rmSync(part, { recursive: true, force: true });
    const cause = text.split('\n').find((line) => line.includes('ERROR')) ?? `exit code ${code}`;
    throw new OrderflowError('OF_KAFKA_JARS', {
      version: kafkaVersion,
      cause: cause.slice(0, 300),
    });
  }
  if (existsSync(folder)) rmSync(part, { recursive: true, force: true });
  else renameSync(part, folder);
  return folder;
}
