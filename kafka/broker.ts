// `npm run kafka`: a real Apache Kafka on this machine, for development, tests and CI.
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { isOrderflowError } from '#engine';

import { kafkaVersion } from './broker-jars.ts';
import {
  answers,
  cleanBroker,
  findBroker,
  logFileOf,
  type RunningBroker,
  startBroker,
  stopBroker,
} from './local-broker.ts';

const help = `Runs one node of Apache Kafka ${kafkaVersion} (KRaft) on 127.0.0.1, without Docker. Java 17 has to be there, and Maven the first time.

  npm run kafka [start|stop|status|clean] [-- options]

  start       Start it and stay until Ctrl-C (the default)
  stop        End it cleanly
  status      Say whether it runs; exit code 1 when not
  clean       Stop it and delete everything it holds

  --port N    Port (default 9092; N + 1 is taken as well)
  --dir DIR   Folder of its data (default: ORDERFLOW_HOME, else ./data, with /kafka below)
  --detach    Return when it is ready and leave it running
  --help      Show this help

The log finds it by itself: npx orderflow start --log kafka. For another port set KAFKA_BROKERS=127.0.0.1:N.
`;
const firstPort = 1024;
const lastPort = 65_534;
const watchMs = 500;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Ends the program for wrong words. */
function refuse(what: string): never {
  process.stderr.write(`${what}\n\n${help}`);
  process.exit(2);
}

function wordsOf(): ReturnType<typeof parse> {
  try {
    return parse();
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function parse() {
  return parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '9092' },
      dir: {
        type: 'string',
        default: join(process.env['ORDERFLOW_HOME'] ?? 'data', 'kafka'),
      },
      detach: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= firstPort && port <= lastPort) return port;
  return refuse(`--port expected a number from ${firstPort} to ${lastPort}, was '${text}'`);
}

/** Stays until the broker ends, and ends it when somebody asks for that. */
async function stay(broker: RunningBroker, directory: string): Promise<void> {
  say('Ctrl-C stops it.');
  const stopping: Promise<void>[] = [];
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (stopping.length === 0) stopping.push(stopBroker(broker));
    });
  while ((await findBroker(directory)) !== null) await sleep(watchMs);
  await Promise.all(stopping);
  say('Kafka has stopped.');
}

async function start(directory: string, port: number, isDetached: boolean): Promise<void> {
  const running = await findBroker(directory);
  if (running) {
    say(`Kafka runs already on 127.0.0.1:${running.port}, process ${running.pid}`);
    return;
  }
  const broker = await startBroker({ directory, port, told: say });
  say(
    `Kafka ${kafkaVersion} is ready on 127.0.0.1:${port}, process ${broker.pid}; its data is in ${directory}`,
  );
  if (!isDetached) await stay(broker, directory);
}

async function stop(directory: string): Promise<void> {
  const running = await findBroker(directory);
  if (running) await stopBroker(running);
  say(running ? `Kafka has stopped (process ${running.pid}).` : 'Kafka does not run.');
}

async function status(directory: string): Promise<void> {
  const running = await findBroker(directory);
  if (running && (await answers(running.port)))
    say(`Kafka answers on 127.0.0.1:${running.port}, process ${running.pid}`);
  else {
    say(
      running
        ? `Kafka runs and does not answer; see ${logFileOf(directory)}`
        : 'Kafka does not run.',
    );
    process.exitCode = 1;
  }
}

const { values, positionals } = wordsOf();
const [action = 'start', ...rest] = positionals;
const directory = values.dir;
try {
  if (values.help) process.stdout.write(help);
  else if (rest.length > 0) refuse(`expected one word, was '${positionals.join(' ')}'`);
  else if (action === 'start') await start(directory, portOf(values.port), values.detach);
  else if (action === 'stop') await stop(directory);
  else if (action === 'status') await status(directory);
  else if (action === 'clean') {
    await stop(directory);
    cleanBroker(directory);
    say(`${directory} is empty.`);
  } else refuse(`expected start, stop, status or clean, was '${action}'`);
} catch (error) {
  if (!isOrderflowError(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 3;
}
