import { readFileSync } from 'node:fs';

import type { SASLOptions } from 'kafkajs';

import { OrderflowError } from '#engine';

import type { ClusterOptions } from './kafka-client.ts';
import type { KafkaLogOptions } from './kafka-log.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const defaultBrokers = '127.0.0.1:9092';
const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

function refuse(name: string, expected: string, was: string): never {
  throw new OrderflowError('OF_KAFKA_OPTION', { name, expected, was });
}

function textOf(env: Environment, name: string): string | undefined {
  const text = env[name]?.trim();
  return text === '' ? undefined : text;
}

/** Reads a file that a variable names; what it says never reaches a message. */
function fileOf(env: Environment, name: string): string | undefined {
  const file = textOf(env, name);
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return refuse(name, 'a file that can be read', file);
  }
}

function countOf(env: Environment, name: string, least: number): number | undefined {
  const text = textOf(env, name);
  if (text === undefined) return undefined;
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= least) return count;
  return refuse(name, `a whole number from ${least} on`, text);
}

function brokersOf(env: Environment): readonly string[] {
  const brokers = (textOf(env, 'KAFKA_BROKERS') ?? defaultBrokers).split(',').map((b) => b.trim());
  for (const broker of brokers)
    if (!/^(\[[0-9a-fA-F:]+\]|[^\s:,@/]+):\d{1,5}$/.test(broker))
      refuse('KAFKA_BROKERS', 'host:port, several with commas between', broker);
  return brokers;
}

function sslOf(env: Environment): ClusterOptions['ssl'] {
  const ca = fileOf(env, 'KAFKA_SSL_CA_FILE');
  const cert = fileOf(env, 'KAFKA_SSL_CERT_FILE');
  const key = fileOf(env, 'KAFKA_SSL_KEY_FILE');
  const wanted = textOf(env, 'KAFKA_SSL');
  if (wanted !== undefined && wanted !== 'true' && wanted !== 'false')
    refuse('KAFKA_SSL', 'true or false', wanted);
  const given = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
  if (wanted === 'false') return false;
  if (Object.keys(given).length > 0) return given;
  return wanted === 'true';
}

function saslOf(env: Environment): SASLOptions | null {
  const username = textOf(env, 'KAFKA_SASL_USERNAME');
  const password = fileOf(env, 'KAFKA_SASL_PASSWORD_FILE')?.trim() ?? env['KAFKA_SASL_PASSWORD'];
  const named = textOf(env, 'KAFKA_SASL_MECHANISM');
  if (username === undefined && named === undefined) return null;
  const mechanism = mechanisms.find((one) => one === (named ?? 'plain').toLowerCase());
  if (!mechanism) return refuse('KAFKA_SASL_MECHANISM', mechanisms.join(', '), named ?? '');
  if (username === undefined) return refuse('KAFKA_SASL_USERNAME', 'a name', '');
  if (password === undefined || password === '')
    return refuse('KAFKA_SASL_PASSWORD_FILE', 'a file with the password', '');
  // Literals, because each mechanism is a type of its own in kafkajs.
  if (mechanism === 'plain') return { mechanism, username, password };
  if (mechanism === 'scram-sha-256') return { mechanism, username, password };
  return { mechanism, username, password };
}

/**
 * Returns how to open the Kafka log that the environment describes; README.md lists the variables. Secrets come from the
 * environment or from files that it names, and from nowhere else.
 *
 * @throws {OF_KAFKA_OPTION} when a variable cannot be read.
 */
export function kafkaOptionsFrom(env: Environment): KafkaLogOptions {
  const sasl = saslOf(env);
  const partitions = countOf(env, 'KAFKA_PARTITIONS', 1);
  const replicas = countOf(env, 'KAFKA_REPLICAS', 1);
  const patience = countOf(env, 'KAFKA_PATIENCE_SECONDS', 1);
  const transaction = countOf(env, 'KAFKA_TRANSACTION_SECONDS', 1);
  return {
    brokers: brokersOf(env),
    clientId: textOf(env, 'KAFKA_CLIENT_ID') ?? 'orderflow',
    prefix: textOf(env, 'KAFKA_PREFIX') ?? '',
    ssl: sslOf(env) ?? false,
    ...(sasl ? { sasl } : {}),
    ...(partitions === undefined ? {} : { partitions }),
    ...(replicas === undefined ? {} : { replicas }),
    ...(patience === undefined ? {} : { patienceMs: patience * 1000 }),
    ...(transaction === undefined ? {} : { transactionMs: transaction * 1000 }),
  };
}
