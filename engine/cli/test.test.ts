import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MarketBatchBuilder } from '../contracts/market-batch.ts';
import { FaultyLog } from '../faults/faulty-log.ts';
import { parseTradeDate, zonedToUtc } from '../market/time.ts';
import { definePlugin, type Plugin, type PluginExample } from '../plugin/define-plugin.ts';
import { largeLot } from '../testing/large-lot.ts';
import { FolderHost } from './folder-host.ts';
import { runCommandLine } from './main.ts';

const replay = definePlugin({
  id: 'replay',
  kind: 'source',
  version: '1.0.0',
  api: 1,
  summary: 'A lot of the size its first file is named after, then small trades for ten minutes',
  needs: [],
  in: {},
  config: z.object({ files: z.array(z.string()) }),
  out: { market: { kind: 'market', takes: ['trade'] } },
  examples: [],
  open: async (a) => {
    const size = Number(/(\d+)\.csv$/.exec(a.config.files[0] ?? '')?.[1]);
    if (!Number.isFinite(size)) throw new Error('there is no such file');
    const batch = new MarketBatchBuilder(a.instrument.symbol);
    const start = zonedToUtc('America/New_York', parseTradeDate('2025-11-19'), '10:00');
    for (let i = 0; i < 60; i += 1)
      batch.trade(start + i * 10_000_000, 20_000, i === 0 ? size : 1, 1, 0);
    await a.write(batch.finish(), '1');
  },
});

const example: PluginExample = {
  title: 'A lot of 100 is large',
  yaml: 'use: large-lot@^1\nin: { market: market }\n',
  feed: '- { at: "10:00", trade: { price: 5000, size: 101 } }\n',
  expect: 'states: { example: waiting }\n',
};

const flow = `
flow: lots
version: 1.0.0
instruments: [ES]
sources:
  market: { use: replay@^1, with: { files: [0.csv] } }
nodes:
  lots:
    use: large-lot@^1
    in: { market: market }
  talk:
    in: { lot: lots.signal }
    out: { said: { fields: { price: { type: integer, unit: price }, side: { type: string }, reason: { type: string } } } }
    machine:
      initial: quiet
      states:
        quiet:
          on:
            lot:
              - { when: ev.size > 200, emit: { said: { price: ev.price, side: { text: long }, reason: { text: very large } } }, to: loud, why: a very large one }
        loud:
          after: { 10m: { to: quiet } }
`;

const good = `
flow: lots.flow.yaml
cases:
  - name: a large lot is told
    feed: [ { at: "10:00", trade: { price: 5000, size: 250 } }, { advance: 2m } ]
    expect:
      emits: [ { port: talk.said, payload: { price: 5000 } } ]
  - name: a smaller one is not
    feed: [ { at: "10:00", trade: { price: 5000, size: 150 } }, { advance: 2m } ]
    expect:
      never: [ talk.said ]
      why: { node: talk, event: lot, verdict: guard-blocked, margin: -50 }
`;

let host: FolderHost | null = null;
afterEach(() => host?.remove());

async function run(
  words: readonly string[],
  files: Readonly<Record<string, string>>,
  examples: readonly PluginExample[] = [],
) {
  host?.remove();
  host = new FolderHost(['test', ...words], { 'flows/lots.flow.yaml': flow, ...files });
  const lots = { ...largeLot, examples } as unknown as Plugin;
  host.plugins = [
    { plugin: lots, file: '/plugins/large-lot/plugin.ts' },
    { plugin: replay, file: '/plugins/replay/plugin.ts' },
  ];
  host.log = new FaultyLog();
  const code = await runCommandLine(host);
  const text = host.written;
  return { code, text, flat: text.replace(/\s+/g, ' '), errors: host.errors, host };
}

describe('orderflow test', () => {
  it('says each case in a line, then what was taken and what would take the rest', async () => {
    const { code, text } = await run([], { 'flows/lots.test.yaml': good }, [example]);
    expect(text).toMatchInlineSnapshot(`
      "flows/lots.test.yaml
        ok    a large lot is told
        ok    a smaller one is not

      Transitions taken in lots.flow.yaml
        lots  2 of 4
        talk  1 of 2
              not taken  loud:after 600000:0: let 10 min pass in loud

      Examples of plugins
        ok    large-lot: A lot of 100 is large

      3 passed, 0 failed
      "
    `);
    expect(code).toBe(0);
  });

  it('says what did not hold with file, line and column, and ends with 1', async () => {
    const wrong = good
      .replace('margin: -50', 'margin: -51')
      .replace('price: 5000 } } ]', 'price: 5001 } } ]');
    const { code, text } = await run(['flows/lots.test.yaml'], { 'flows/lots.test.yaml': wrong });
    expect(text.split('\n').slice(0, 9).join('\n')).toMatchInlineSnapshot(`
      "flows/lots.test.yaml
        FAIL  a large lot is told
              flows/lots.test.yaml:7:16 emits: 'talk.said' expected {"price":5001};
                the nearest differs in price expected 5001, was 5000
        FAIL  a smaller one is not
              flows/lots.test.yaml:12:7 why: 'talk' lot: margin expected -51, was
                -50

      Transitions taken in lots.flow.yaml"
    `);
    expect(code).toBe(1);
  });

  it('fails an example of a plugin that does not hold', async () => {
    const { code, text } = await run(['large-lot'], {}, [
      { ...example, expect: 'states: { example: quiet }\n' },
    ]);
    expect(text).toMatchInlineSnapshot(`
      "Examples of plugins
        FAIL  large-lot: A lot of 100 is large
              /plugins/large-lot/plugin.ts
              states: 'example' expected quiet, was waiting

      0 passed, 1 failed
      "
    `);
    expect(code).toBe(1);
  });

  it('runs the cases whose name holds a text', async () => {
    const { text } = await run(['--only', 'smaller'], { 'flows/lots.test.yaml': good }, [example]);
    expect(text).toContain('1 passed, 0 failed');
    expect(text).not.toContain('a large lot is told');
  });

  it('prints one JSON object', async () => {
    const { text } = await run(['--json'], { 'flows/lots.test.yaml': good }, [example]);
    expect(JSON.parse(text)).toMatchObject({
      ok: true,
      passed: 3,
      failed: 0,
      files: [
        {
          file: 'flows/lots.test.yaml',
          cases: [{ name: 'a large lot is told', line: 4, ok: true, failures: [] }, { ok: true }],
          coverage: [
            { node: 'lots', taken: 2, all: 4 },
            {
              node: 'talk',
              taken: 1,
              all: 2,
              untaken: [{ id: 'loud:after 600000:0', state: 'loud', event: 'after 600000' }],
            },
          ],
        },
      ],
      examples: [{ plugin: 'large-lot', ok: true }],
    });
  });

  it.each([
    [
      'a test file with a mistake',
      { 'flows/lots.test.yaml': 'flow: lots.flow.yaml\ncases: 1\n' },
      "flows/lots.test.yaml:2:1 error WF090 'cases' expected a list, was 1",
    ],
    [
      'a name the flow has not',
      { 'flows/lots.test.yaml': good.replace('[ talk.said ]', '[ talk.sad ]') },
      /lots\.test\.yaml:11:16 error WF090 'talk\.sad' is no out-port of flow 'lots'/,
    ],
    [
      'a flow with a mistake',
      { 'flows/lots.test.yaml': good, 'flows/lots.flow.yaml': flow.replace('ev.size', 'ev.sise') },
      /flows\/lots\.flow\.yaml:\d+:\d+ error WF001/,
    ],
    [
      'a flow that is not there',
      { 'flows/lots.test.yaml': good.replace('lots.flow.yaml', 'lot.flow.yaml') },
      /lots\.test\.yaml:2:1 error WF090 flow 'lot\.flow\.yaml' cannot be read: /,
    ],
  ])('tells of %s with its place, and ends with 1', async (_, files, expected) => {
    const { code, text } = await run([], files);
    expect(text).toMatch(expected);
    expect(text).toContain('1 failed');
    expect(code).toBe(1);
  });

  it('refuses words that name nothing', async () => {
    expect(await run(['absent.test.yaml'], {})).toMatchObject({
      code: 2,
      errors: expect.stringContaining("OF_CLI_FILE file 'absent.test.yaml'") as string,
    });
    expect(await run(['large-lt'], {})).toMatchObject({
      code: 2,
      errors: expect.stringContaining("such as 'large-lot'") as string,
    });
  });
});

describe('a case that replays data', () => {
  const golden = `
flow: lots.flow.yaml
cases:
  - name: a morning
    given: { tradeDate: 2025-11-19 }
    replay: data/250.csv
    expect:
      journalHash: golden/morning.sha256
      signals: golden/morning.yaml
      states: { talk: loud }
      why: { node: talk, event: lot, verdict: fired, from: "10:01" }
`;
  const file = 'flows/lots.test.yaml';

  it('writes its goldens on --update and holds against them from then on', async () => {
    const absent = await run([file], { [file]: golden });
    expect(absent.code).toBe(1);
    expect(absent.flat).toContain(
      "golden file 'golden/morning.sha256' is absent: `--update` writes it",
    );

    const updated = await run([file, '--update'], { [file]: golden });
    expect(updated.code).toBe(0);
    const hash = updated.host.readText('flows/golden/morning.sha256') ?? '';
    const signals = updated.host.readText('flows/golden/morning.yaml') ?? '';
    expect(hash).toMatch(/^[0-9a-f]{64}\n$/);
    expect(signals).toContain('node: talk');

    const goldens = { 'flows/golden/morning.sha256': hash, 'flows/golden/morning.yaml': signals };
    expect((await run([file], { [file]: golden, ...goldens })).code).toBe(0);
    expect(
      (
        await run([file], {
          [file]: golden.replace('golden/morning.sha256', hash.trim()),
          ...goldens,
        })
      ).code,
    ).toBe(0);

    const changed = await run([file], { [file]: golden.replace('250.csv', '251.csv'), ...goldens });
    expect(changed.flat).toMatch(
      /journalHash: 'golden\/morning\.sha256' expected [0-9a-f]{64}, was/,
    );
    const moved = await run([file], {
      [file]: golden,
      ...goldens,
      'flows/golden/morning.yaml': signals.replace('side: long', 'side: short'),
    });
    expect(moved.flat).toContain("signals: 'golden/morning.yaml': signal 1.side expected");
    const fewer = await run([file], {
      [file]: golden,
      ...goldens,
      'flows/golden/morning.yaml': '[]\n',
    });
    expect(fewer.flat).toContain('signal 1 expected none, was');
    expect([changed.code, moved.code, fewer.code]).toEqual([1, 1, 1]);
  });

  it('compares with JSON as well as with YAML', async () => {
    const json = golden.replace('golden/morning.yaml', 'golden/morning.json');
    const updated = await run([file, '--update'], { [file]: json });
    const signals: unknown = JSON.parse(updated.host.readText('flows/golden/morning.json') ?? '');
    expect(signals).toMatchObject([{ node: 'talk', port: 'said', side: 'long' }]);
  });

  it('fails with the reason when the data cannot be replayed', async () => {
    const { code, flat } = await run([file], { [file]: golden.replace('250.csv', 'none.csv') });
    expect(flat).toContain(
      "lots.test.yaml:6:5 replay: OF_SOURCE_FAILED source 'market' stopped: there is no such file",
    );
    expect(code).toBe(1);
  });
});
