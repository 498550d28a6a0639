import { describe, expect, it } from 'vitest';
import { FaultyLog } from '../faults/faulty-log.ts';
import type { Plugin } from '../plugin/define-plugin.ts';
import { largeLot } from '../testing/large-lot.ts';
import { madeSource, writeBatches } from '../testing/made-flow.ts';
import { readArguments } from './arguments.ts';
import type { ExitCode } from './host.ts';
import { HostDouble } from './host-double.ts';
import { loadFlow } from './load-flow.ts';
import { runCommandLine } from './main.ts';
import { runFlow } from './run-flow.ts';

const file = 'lots.flow.yaml';
const text = `flow: lots
version: 1.0.0
doc: Large lots.
instruments: [ES]
sources: { market: { use: made-source } }
nodes:
  lots: { use: large-lot, in: { market: market }, onError: quarantine }
  others: { use: large-lot, in: { market: market }, onError: quarantine }
`;
const source = madeSource((a) => writeBatches(a, 40));

/** The plugin as somebody broke it: it cannot bear a lot of more than 150. */
const broken = {
  ...largeLot,
  sensor: {
    ...largeLot.sensor,
    trade(...args: Parameters<NonNullable<NonNullable<typeof largeLot.sensor>['trade']>>) {
      if (args[4] > 150) throw new Error(`a lot of ${args[4]} is too large`);
      largeLot.sensor?.trade?.(...args);
    },
  },
};

function hostWith(plugin: unknown, log: FaultyLog, ...args: string[]): HostDouble {
  const host = new HostDouble(args);
  host.plugins = [plugin, source].map((p) => ({
    plugin: p as Plugin,
    file: `/project/plugins/${(p as Plugin).id}/plugin.ts`,
  }));
  host.files.set(file, text);
  host.files.set('data/log/log.sqlite', '');
  host.log = log;
  return host;
}

/** A log that a run with the broken plugin has left. */
async function brokenRun(): Promise<FaultyLog> {
  const log = new FaultyLog();
  const host = hostWith(broken, log);
  const args = readArguments({ name: 'run', words: [], options: [] }, []);
  const graph = await loadFlow(host, file, args);
  const signal = new AbortController().signal;
  await runFlow({ host, log, graph, explain: true, keep: true, signal });
  return log;
}

async function say(
  plugin: unknown,
  log: FaultyLog,
  ...words: string[]
): Promise<{ readonly code: ExitCode; readonly out: string; readonly err: string }> {
  const host = hostWith(plugin, log, 'dead-letters', ...words);
  const code = await runCommandLine(host);
  return { code, out: host.written, err: host.errors };
}

describe('orderflow dead-letters', async () => {
  const log = await brokenRun();

  it('lists letters with their place, by node and time', async () => {
    const { code, out } = await say(broken, log, 'list', file);
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      'letter  time                 node    input                error',
      'ES@0    2025-11-19 10:04:05  lots    market.data@8 row 3  a lot of 155 is too large',
      'ES@1    2025-11-19 10:04:05  others  market.data@8 row 3  a lot of 155 is too large',
      '',
    ]);
    const names = async (...more: string[]): Promise<string[]> => {
      const answer = await say(broken, log, file, '--json', ...more);
      return (JSON.parse(answer.out) as { letters: { name: string }[] }).letters.map(
        (letter) => letter.name,
      );
    };
    expect(await names('--node', 'others')).toEqual(['ES@1']);
    expect(await names('--from', '10:05')).toEqual([]);
    expect(await names('--to', '10:04')).toEqual(['ES@0', 'ES@1']);
    expect(await names('--instrument', 'NQ')).toEqual([]);
  });

  it('shows a letter with the record it is about and how to run it again', async () => {
    const { out } = await say(broken, log, 'show', file, 'ES@0');
    expect(out).toContain('error   a lot of 155 is too large\n');
    expect(out).toMatch(/^record {2}\{"kind":"trade","ts":\d+,"price":6002,"size":155,/m);
    expect(out).toContain('event   none: a sensor was at work\n');
    expect(out).toContain(`replay  orderflow dead-letters replay ${file} ES@0\n`);
    const elsewhere = await say(
      broken,
      log,
      'show',
      file,
      'ES@0',
      '--home',
      'data',
      '--log',
      'local',
    );
    expect(elsewhere.out).toContain(`replay ${file} ES@0 --home data --log local\n`);
    const json = JSON.parse((await say(broken, log, 'show', file, '--json')).out) as object;
    expect(json).toMatchObject({ name: 'ES@0', node: 'lots', record: { size: 155 } });
  });

  it('runs the input again and says whether it still fails', async () => {
    const before = await log.end('lots.dead-letters', 0);
    const again = await say(broken, log, 'replay', file, 'ES@0');
    expect(again.code).toBe(1);
    expect(again.out).toMatch(/^Ran 9 input records again with the plugins of now\.\n/);
    expect(again.out).toContain('ES@0 fails again: a lot of 155 is too large\n');
    expect(again.out).toContain("Also fails: 'others' at market.data@8 row 3");
    const mended = await say(largeLot, log, 'replay', file, 'ES@0');
    expect(mended.code).toBe(0);
    expect(mended.out).toContain("ES@0 no longer fails: 'lots' takes the record.\n");
    expect(mended.out).not.toContain('Also fails');
    expect(await log.end('lots.dead-letters', 0)).toBe(before);
  });

  it('shows a record from outside that is no JSON as it is', async () => {
    const outside = new FaultyLog();
    const place = { topic: 'elsewhere.a.b', key: 'ES', ts: 1, schema: 'x/1' };
    await outside.append(0, [{ ...place, value: '{"half": ' }]);
    await outside.append(0, [{ ...place, value: new Uint8Array([1, 255]) }]);
    const letter = JSON.parse(String((await log.read('lots.dead-letters', 0, 0, 1))[0]?.value));
    for (const o of [0, 1])
      await outside.append(0, [
        {
          ...{ topic: 'lots.dead-letters', key: 'ES', ts: 1, schema: 'dead-letter/1' },
          value: JSON.stringify({ ...letter, input: { topic: 'elsewhere.a.b', p: 0, o, i: 0 } }),
        },
      ]);
    const cut = await say(broken, outside, 'show', file, 'ES@0');
    expect(cut.err).toBe('');
    expect(cut.out).toMatch(/^record {2}"\{\\"half\\": "$/m);
    expect((await say(broken, outside, 'show', file, 'ES@1')).out).toMatch(/^record {2}"01ff"$/m);
  });

  it('says what it cannot do', async () => {
    const unknown = await say(broken, log, 'show', file, 'ES@9');
    expect(unknown.code).toBe(3);
    expect(unknown.err).toMatch(/^OF_LETTER_UNKNOWN dead letter 'ES@9' .* one of ES@0, ES@1, /);
    expect((await say(broken, log, 'drop', file)).err).toMatch(/^OF_CLI_VALUE 'ACTION'/);
    const host = hostWith(broken, log, 'dead-letters', file);
    host.files.delete('data/log/log.sqlite');
    expect(await runCommandLine(host)).toBe(3);
    expect(host.errors).toMatch(/^OF_LOG_ABSENT log 'data\/log'/);
    expect((await say(broken, new FaultyLog(), file)).out).toBe('No such dead letter of lots.\n');
  });
});
