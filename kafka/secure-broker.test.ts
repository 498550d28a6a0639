// Listeners with a password or TLS, on a broker of its own: what a cluster that others share asks for.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { isOrderflowError } from '#engine';

import { requireJava, runTool } from './broker-jars.ts';
import { type KafkaLog, kafkaOptionsFrom, openKafkaLog } from './index.ts';
import { freshOptions, testBrokers } from './kafka.conformance.ts';
import { type RunningBroker, startBroker, stopBroker } from './local-broker.ts';
import { input, market, output, readAll, replay, seqsOf } from './records.conformance.ts';

const address = '127.0.0.1';
const password = 'not-to-be-told';

/** Whether this machine can start a broker with certificates of its own. */
async function canStart(): Promise<boolean> {
  if (testBrokers === null) return false;
  try {
    await requireJava();
    const { code } = await runTool('openssl', ['version']);
    if (code !== 0) throw new Error('openssl is not installed');
    return true;
  } catch (error) {
    const said = `skipped: Kafka with passwords and TLS; ${(error as Error).message}`;
    if (process.env['CI'] === 'true')
      throw new Error(`${said}, and CI skips nothing`, { cause: error });
    process.stderr.write(`${said}\n`);
    return false;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = once(server.listen(port, address), 'listening').then(
    () => true,
    () => false,
  );
  const isOurs = await listening;
  if (isOurs) await new Promise((resolve) => server.close(resolve));
  return isOurs;
}

/** Returns the first of so many free ports in a row. */
async function freePorts(count: number): Promise<number> {
  for (let first = 21_000 + (process.pid % 1_000) * 10; ; first += count) {
    const free = await Promise.all(Array.from({ length: count }, (_, i) => isFree(first + i)));
    if (free.every(Boolean)) return first;
  }
}

/** Makes an authority, and certificates that it has signed: of the broker and of one client. */
function makeCertificates(folder: string): void {
  const openssl = (...words: string[]): void => {
    execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' });
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const authority = ['-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=authority'];
  openssl('req', '-x509', ...key, ...authority, '-days', '2');
  writeFileSync(join(folder, 'names'), `subjectAltName=IP:${address}\n`);
  for (const name of ['broker', 'client']) {
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const signed = ['-in', `${name}.csr`, '-out', `${name}.pem`, '-days', '2', '-extfile', 'names'];
    openssl('x509', '-req', ...signed, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial');
  }
  const both = ['key', 'pem'].map((kind) => readFileSync(join(folder, `broker.${kind}`), 'utf8'));
  writeFileSync(join(folder, 'broker.both'), both.join(''));
}

/** Settings of a broker that listens in four ways; the usual one is for itself. */
function settingsOf(folder: string, port: number): Record<string, string> {
  const module = 'org.apache.kafka.common.security';
  const places = { PLAINTEXT: 0, SASL_PLAINTEXT: 2, SASL_SSL: 3, SSL: 4 };
  const listeners = Object.entries(places).map(([name, at]) => `${name}://${address}:${port + at}`);
  const scram = `${module}.scram.ScramLoginModule required;`;
  return {
    listeners: [...listeners, `CONTROLLER://${address}:${port + 1}`].join(','),
    'advertised.listeners': listeners.join(','),
    'listener.security.protocol.map': ['CONTROLLER:PLAINTEXT']
      .concat(Object.keys(places).map((name) => `${name}:${name}`))
      .join(','),
    'listener.name.sasl_plaintext.sasl.enabled.mechanisms': 'SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.sasl_plaintext.scram-sha-256.sasl.jaas.config': scram,
    'listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config': scram,
    'listener.name.sasl_ssl.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.sasl_ssl.plain.sasl.jaas.config': `${module}.plain.PlainLoginModule required user_trader="${password}";`,
    'listener.name.ssl.ssl.client.auth': 'required',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': join(folder, 'broker.both'),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': join(folder, 'ca.pem'),
  };
}

type Environment = Readonly<Record<string, string>>;

describe.runIf(await canStart())('a cluster that asks who comes', { timeout: 30_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'orderflow-secure-'));
  const file = (name: string): string => join(folder, name);
  let port = 0;
  let broker: RunningBroker;
  beforeAll(async () => {
    makeCertificates(folder);
    writeFileSync(file('password'), `${password}\n`);
    writeFileSync(file('wrong'), 'another\n');
    port = await freePorts(5);
    broker = await startBroker({
      directory: file('kafka'),
      port,
      settings: settingsOf(folder, port),
      users: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
        (mechanism) => `${mechanism}=[name=trader,password=${password}]`,
      ),
    });
  }, 120_000);
  afterAll(async () => {
    await stopBroker(broker);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a log as the environment says, at one of the listeners. */
  function open(at: number, env: Environment): Promise<KafkaLog> {
    const { prefix = '' } = freshOptions();
    const KAFKA_BROKERS = `${address}:${port + at}`;
    const options = kafkaOptionsFrom({ KAFKA_BROKERS, KAFKA_PREFIX: prefix, ...env });
    return openKafkaLog({ ...options, partitions: 1, startPatienceMs: 1_500 });
  }

  const login = (mechanism: string, from = 'password'): Environment => ({
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: 'trader',
    KAFKA_SASL_PASSWORD_FILE: file(from),
  });
  const authority = (): Environment => ({ KAFKA_SSL_CA_FILE: file('ca.pem') });
  const certificate = (): Environment => ({
    ...authority(),
    KAFKA_SSL_CERT_FILE: file('client.pem'),
    KAFKA_SSL_KEY_FILE: file('client.key'),
  });

  test.each([
    ['a password by SCRAM-SHA-256', 2, () => login('scram-sha-256')],
    ['a password by SCRAM-SHA-512', 2, () => login('scram-sha-512')],
    ['a password in plain words over TLS', 3, () => ({ ...login('plain'), ...authority() })],
    ['a certificate of its own', 4, certificate],
  ] as const)('takes %s', async (_, at, env) => {
    const log = await open(at, env());
    await log.append(0, [input(market, 1)], { source: 'replay', value: '1' });
    const task = await log.openTask('one.ES', 0, [market]);
    expect(seqsOf(await replay(task, {}, 10))).toEqual([1]);
    await task.commit({ outputs: [output(2)], state: [{ key: 'n', value: '1' }] });
    expect((await log.openTask('one.ES', 0, [market])).state.get('n')).toBe('1');
    expect(seqsOf(await readAll(log, output(2).topic, 0))).toEqual([2]);
    await log.close();
  });

  test.each([
    ['a wrong password', 2, () => login('scram-sha-512', 'wrong'), 'OF_KAFKA_REFUSED'],
    [
      'a wrong password over TLS',
      3,
      () => ({ ...login('plain', 'wrong'), ...authority() }),
      'OF_KAFKA_REFUSED',
    ],
    ['nobody who has no certificate', 4, authority, 'OF_KAFKA_UNREACHABLE'],
    [
      'one that trusts another authority',
      3,
      () => ({ ...login('plain'), KAFKA_SSL: 'true' }),
      'OF_KAFKA_UNREACHABLE',
    ],
  ] as const)('refuses %s, and tells no secret', async (_, at, env, code) => {
    const error: unknown = await open(at, env()).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(isOrderflowError(error) ? error.code : error).toBe(code);
    expect(String(error)).not.toMatch(/not-to-be-told|another/);
  });
});
