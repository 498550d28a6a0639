// Two flows in two processes meet over topics, on every log that two processes can share: what one publishes is what the
// other reads.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import { StartedProgram } from '#engine/cli/started-program.ts';
import type { Log } from '#engine/runtime/ports.ts';
import { openKafkaLog, openLocalLog } from '#kafka';

const folder = mkdtempSync(join(tmpdir(), 'orderflow-meet-'));
const home = join(folder, 'home');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const maker = write(
  'maker.flow.yaml',
  `flow: maker
version: 1.0.0
doc: Profiles of a made market, for whoever wants them.
instruments: [ES]
params:
  days: { type: integer, default: 1 }
sources:
  market: { use: simulator@^1, with: { seed: 3, depth: false, tradesPerDay: 20000, days: "\${param.days}" } }
nodes:
  profile: { use: volume-profile@^1, in: { market: market } }
`,
);
const ideas = write(
  'ideas.flow.yaml',
  `flow: ideas
version: 1.0.0
doc: An idea at each half hour of another flow in which something traded.
instruments: [ES]
sources:
  periods: { topic: maker.profile.period, contract: period }
nodes:
  strategy:
    in: { period: periods }
    out: { idea: tradeIdea }
    machine:
      initial: waiting
      states:
        waiting:
          description: Waits for the next half hour.
          on:
            period:
              - when: { expr: ev.volume > 0, why: something traded }
                emit:
                  idea:
                    side: { text: long }
                    entry: ev.high
                    stop: ev.low
                    target: ev.high + 8
                    reason: { text: a half hour ended }
`,
);

const beside = write(
  'beside.flow.yaml',
  `flow: beside
version: 1.0.0
doc: VWAP of the market that another flow brings.
instruments: [ES]
sources:
  market: { use: simulator@^1, with: { seed: 3, depth: false, tradesPerDay: 20000, days: 3 } }
nodes:
  vwap: { use: vwap@^1, in: { market: market } }
`,
);

/** A log that two processes share. */
interface Place {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  open(): Promise<Log>;
}

const brokers = process.env['TEST_KAFKA_BROKERS'] ?? '';
if (brokers === '') {
  const said = 'skipped: flows over Kafka; TEST_KAFKA_BROKERS names no broker';
  if (process.env['CI'] === 'true') throw new Error(`${said}, and CI skips nothing`);
  process.stderr.write(`${said}\n`);
}
const prefix = `m${Date.now().toString(36)}.`;
const places: Readonly<Record<string, Place>> = {
  'a folder': {
    words: ['--home', home],
    env: {},
    open: async () => openLocalLog({ directory: join(home, 'log'), access: 'guest' }),
  },
  ...(brokers === ''
    ? {}
    : {
        Kafka: {
          words: ['--log', 'kafka'],
          env: { KAFKA_BROKERS: brokers, KAFKA_PREFIX: prefix },
          open: () => openKafkaLog({ brokers: brokers.split(','), clientId: 'test', prefix }),
        },
      }),
};
afterAll(async () => {
  if (brokers === '') return;
  const log = await openKafkaLog({ brokers: brokers.split(','), clientId: 'test', prefix });
  await log.topicAdmin.remove(await log.topicAdmin.list());
  await log.close();
});

async function payloadsOf(place: Place, topic: string): Promise<Record<string, unknown>[]> {
  const log = await place.open();
  try {
    const records = await log.read(topic, 0, 0, 1_000);
    return records.map(({ value }) => JSON.parse(String(value)) as Record<string, unknown>);
  } finally {
    await log.close();
  }
}

const made = 'maker.profile.period';
const read = 'ideas.strategy.idea';

describe.each(Object.entries(places))('two flows in two processes, over %s', (_, place) => {
  const run = (...words: string[]): StartedProgram =>
    new StartedProgram([...words, ...place.words], place.env);
  const makeDays = async (days: number): Promise<void> => {
    const ended = await run('run', maker, '--no-store', '--param', `days=${days}`).ended;
    expect(ended).toMatchObject({ code: 0, err: '' });
  };
  const isRead = async (): Promise<boolean> => {
    const [source, target] = [await payloadsOf(place, made), await payloadsOf(place, read)];
    return source.length > 0 && target.length === source.length;
  };

  it('meet over a topic: each record comes through once, also across a stop of the reader', async () => {
    const reader = run('run', ideas, '--no-store');
    await makeDays(2);
    await reader.until('the reader at the end', isRead);
    const first = await reader.stop();
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^ideas 1\.0\.0 on ES, market from other processes\n/);
    await makeDays(3);
    const second = run('run', ideas, '--no-store');
    await second.until('the second reader at the end', isRead);
    expect(await second.stop('SIGINT')).toMatchObject({ code: 0, err: '' });
    const source = await payloadsOf(place, made);
    const target = await payloadsOf(place, read);
    expect(source.length).toBeGreaterThan(30);
    expect(target.map(({ entry, stop }) => [entry, stop])).toEqual(
      source.map(({ high, low }) => [high, low]),
    );
    expect(await run('verify', ideas).ended).toMatchObject({ code: 0, err: '' });
  }, 90_000);

  it('share a market: a flow that brings none has the journal that it has alone', async () => {
    await makeDays(3);
    const second = run('run', beside, '--no-sources', '--no-store', '--ops', '0');
    await second.until('the end of the market', () => hasReadAll(second));
    expect(await second.stop()).toMatchObject({ code: 0, err: '' });
    const shared = await run('verify', beside, '--json').ended;
    const alone = ['--home', join(folder, 'alone')];
    await new StartedProgram(['run', beside, '--no-store', ...alone]).ended;
    const own = await new StartedProgram(['verify', beside, '--json', ...alone]).ended;
    const [task] = (JSON.parse(own.out) as { tasks: { hash: string; macrosteps: number }[] }).tasks;
    expect(task?.macrosteps).toBeGreaterThan(50);
    expect(JSON.parse(shared.out)).toMatchObject({ ok: true, tasks: [{ hash: task?.hash }] });
  }, 90_000);
});

/** Whether a run that serves its readiness has taken everything that is there. */
async function hasReadAll(program: StartedProgram): Promise<boolean> {
  const url = /Metrics and health are at (\S+)/.exec(program.out)?.[1];
  if (url === undefined) return false;
  const answer = await (await fetch(`${url}/ready`)).json();
  const [task] = (answer as { tasks: { eventTime: number | null; lag: { records: number }[] }[] })
    .tasks;
  const eventTime = task?.eventTime ?? null;
  return eventTime !== null && task !== undefined && task.lag.every(({ records }) => records === 0);
}

describe('a run that brings no market', () => {
  it('does not set the log of another process aside', async () => {
    const { code, err } = await new StartedProgram(['run', ideas, '--fresh', '--home', home]).ended;
    expect(code).toBe(2);
    expect(err).toMatch(/^OF_CLI_VALUE '--fresh' expected a run with sources of its own/);
  });
});
