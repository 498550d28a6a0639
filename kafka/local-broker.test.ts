import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { brokerJars, kafkaVersion } from './broker-jars.ts';
import { cleanBroker, findBroker, startBroker } from './local-broker.ts';

const { PATH, XDG_CACHE_HOME } = process.env;
const java17 = 'echo \'openjdk version "17.0.15"\' >&2';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orderflow-broker-'));
  process.env['XDG_CACHE_HOME'] = join(folder, 'cache');
  process.env['PATH'] = join(folder, 'bin');
  mkdirSync(join(folder, 'bin'));
});
afterEach(() => {
  process.env['PATH'] = PATH;
  if (XDG_CACHE_HOME === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = XDG_CACHE_HOME;
  rmSync(folder, { recursive: true });
});

/** Puts a program on the path that runs these lines of shell. */
function tool(name: string, script: string): void {
  const file = join(folder, 'bin', name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

const start = (port: number): Promise<unknown> =>
  startBroker({ directory: join(folder, 'kafka'), port });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

describe('a broker of this machine', () => {
  test('needs Java 17, and says what to install', async () => {
    await expect(start(9092)).rejects.toThrow(
      /^OF_KAFKA_TOOL `npm run kafka` expected Java 17 or newer, was none; .*openjdk-17-jre-headless/,
    );
    tool('java', 'echo \'openjdk version "11.0.2"\' >&2');
    await expect(start(9092)).rejects.toThrow(/expected Java 17 or newer, was Java 11;/);
  });

  test('needs Maven the first time', async () => {
    tool('java', java17);
    await expect(start(9092)).rejects.toThrow(/^OF_KAFKA_TOOL .* expected Maven, once/);
  });

  test('says why Maven could not fetch it, and keeps no half of it', async () => {
    tool('mvn', 'case "$1" in --version) ;; *) echo "[ERROR] no route to host"; exit 1;; esac');
    const told: string[] = [];
    await expect(brokerJars((line) => told.push(line))).rejects.toThrow(
      /^OF_KAFKA_JARS Apache Kafka 4\.3\.0 could not be fetched: .*no route to host/,
    );
    expect(told).toEqual([expect.stringContaining('43 MB, once')]);
    expect(existsSync(join(folder, 'cache', 'orderflow', `kafka-${kafkaVersion}`))).toBe(false);
  });

  test('is fetched once', async () => {
    tool('mvn', 'exit 0');
    const jars = await brokerJars(() => {});
    expect(jars).toBe(join(folder, 'cache', 'orderflow', `kafka-${kafkaVersion}`));
    tool('mvn', 'exit 1');
    expect(await brokerJars(() => {})).toBe(jars);
  });

  test('is refused a port that is taken', async () => {
    tool('java', java17);
    tool('mvn', 'exit 0');
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await expect(start(port)).rejects.toThrow(
      new RegExp(`^OF_KAFKA_PORT port ${port} of 127\\.0\\.0\\.1 expected to be free, was taken`),
    );
    await expect(start(port - 1)).rejects.toThrow(/^OF_KAFKA_PORT/);
    server.close();
  });

  test('that ends at its start is reported with the file that says why', async () => {
    tool('mvn', 'exit 0');
    tool('java', `case "$*" in -version) ${java17} ;; *format*) ;; *) exit 7 ;; esac`);
    await expect(start(await freePort())).rejects.toThrow(
      /^OF_KAFKA_START Kafka expected to answer within 90 s, was ended with 7; .*broker\.log/,
    );
    expect(await findBroker(join(folder, 'kafka'))).toBe(null);
    cleanBroker(join(folder, 'kafka'));
    expect(existsSync(join(folder, 'kafka', 'broker.log'))).toBe(false);
  });
});

test('what Kafka writes under `docker compose` lies in its volume', () => {
  const text = readFileSync(new URL('../compose.yaml', import.meta.url), 'utf8');
  const [, volume = 'none'] = /^ {4}volumes: \["kafka:(.+)"\]$/m.exec(text) ?? [];
  expect(text).toContain(`      KAFKA_LOG_DIRS: ${volume}\n`);
});
