// Two flows in two processes meet over topics: what one publishes is what the other reads.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { StartedProgram } from '#engine/cli/started-program.ts';
import type { Log, StoredRecord } from '#engine/runtime/ports.ts';
import { openLocalLog } from '#kafka';

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
sources:
  market: { use: simulator@^1, with: { seed: 3, depth: false } }
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

function makeDays(days: number): Promise<unknown> {
  return new StartedProgram(['start', maker, '--speed', 'max', '--days', `${days}`, '--home', home])
    .ended;
}

async function looking<T>(look: (log: Log) => Promise<T>): Promise<T> {
  const log = openLocalLog({ directory: join(home, 'log'), access: 'guest' });
  try {
    return await look(log);
  } finally {
    await log.close();
  }
}

const payloads = (records: readonly StoredRecord[]): Record<string, unknown>[] =>
  records.map(({ value }) => JSON.parse(String(value)) as Record<string, unknown>);

describe('two flows in two processes', () => {
  it('meet over a topic: each record comes through once, also across a stop of the reader', async () => {
    const reader = new StartedProgram(['run', ideas, '--home', home]);
    await makeDays(2);
    await reader.until('the reader at the end', () =>
      looking(async (log) => {
        const made = await log.end('maker.profile.period', 0);
        return made > 0 && (await log.end('ideas.strategy.idea', 0)) === made;
      }),
    );
    const first = await reader.stop();
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^ideas 1\.0\.0 on ES, market from other processes\n/);
    await makeDays(3);
    const second = new StartedProgram(['run', ideas, '--home', home]);
    await second.until('the second reader at the end', () =>
      looking(async (log) => {
        const made = await log.end('maker.profile.period', 0);
        return (await log.end('ideas.strategy.idea', 0)) === made;
      }),
    );
    expect(await second.stop('SIGINT')).toMatchObject({ code: 0, err: '' });
    await looking(async (log) => {
      const made = payloads(await log.read('maker.profile.period', 0, 0, 1_000));
      const read = payloads(await log.read('ideas.strategy.idea', 0, 0, 1_000));
      expect(made.length).toBeGreaterThan(30);
      expect(read.map(({ entry, stop }) => [entry, stop])).toEqual(
        made.map(({ high, low }) => [high, low]),
      );
    });
    const verify = await new StartedProgram(['verify', ideas, '--home', home]).ended;
    expect(verify).toMatchObject({ code: 0, err: '' });
  }, 60_000);

  it('do not let a run that brings no market set the log of another aside', async () => {
    const { code, err } = await new StartedProgram(['run', ideas, '--fresh', '--home', home]).ended;
    expect(code).toBe(2);
    expect(err).toMatch(/^OF_CLI_VALUE '--fresh' expected a run with sources of its own/);
  });
});
