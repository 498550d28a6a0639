// What is wrong with input is told, as the program tells it: each case is a process of its own.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { HostDouble } from './host-double.ts';
import { lintPlugins } from './lint-plugins.ts';
import { runCommandLine } from './main.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'orderflow-bad-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function replay(flow: string, data: string, plugins = ''): { code: number | null; json: unknown } {
  const args = ['orderflow.ts', 'replay', flow, '--data', data, '--json'];
  const env = { ...process.env, ORDERFLOW_HOME: join(folder, 'home'), ORDERFLOW_PLUGINS: plugins };
  const { status, stdout } = spawnSync(process.execPath, args, {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  return { code: status, json: JSON.parse(stdout) };
}

/** A trade each ten seconds of RTH of 2025-11-19, an hour left out, two rows swapped. */
function holedTrades(): string {
  const open = Date.UTC(2025, 10, 19, 14, 30);
  const rows = Array.from({ length: 2_340 }, (_, i) => `${open + i * 10_000}000000,6000,2,B,,`);
  const [a = '', b = ''] = [rows[100], rows[110]];
  rows[100] = b;
  rows[110] = a;
  return ['ts_ns,price,size,side,bid,ask', ...rows.slice(0, 800), ...rows.slice(1_160)].join('\n');
}

const holed = write('holed.csv', holedTrades());

function pluginText(id: string, trade: string): string {
  return `import { definePlugin } from 'orderflow';
import { emit, setup } from 'xstate';
import { z } from 'zod';
const event = { kind: 'event', schema: z.object({ n: z.number() }), doc: 'A number' };
export const plugin = definePlugin({
  id: '${id}', version: '1.0.0', api: 1, summary: 'A test', config: z.object({}),
  in: { market: { kind: 'market', takes: ['trade'] } },
  senses: { tick: event }, out: { said: event }, examples: [],
  sensor: { slots: ['n'], init: ({ f }) => { f.fill(0); }, trade: (s, c, ts, price, size, side, flags, out) => { ${trade} } },
  machine: () => setup({}).createMachine({ id: 'x', initial: 'a', states: { a: { on: { tick: { actions: emit({ type: 'said', n: 'text' }) } } } } }),
});
`;
}

function flowOf(id: string): string {
  return write(
    `${id}.flow.yaml`,
    `flow: t\nversion: 1.0.0\ninstruments: [ES]\nnodes:\n  bad:\n    use: ${id}@^1\n    in: { market: market }\n` +
      'sources:\n  market: { use: simulator@^1, with: { seed: 7 } }\n',
  );
}

describe('input that is wrong but can be worked through', () => {
  it('is counted and marked: late rows, and a gap in regular hours', () => {
    const { code, json } = replay('flows/pro-course.flow.yaml', holed);
    expect(code).toBe(0);
    expect(json).toMatchObject({
      trades: 1_980,
      lateRows: 10,
      sessions: [{ tradeDate: '2025-11-19', gap: true, rth: { volume: 3_960 } }],
    });
  });
});

describe('a plugin that breaks its word', () => {
  it.each([
    ['off-contract', "out('tick', { n: 1 });", "OF_EMIT_PAYLOAD node 'bad' port 'said'"],
    ['off-sense', "out('nothing', { n: 1 });", "OF_EMIT_PORT node 'bad' emitted on 'nothing'"],
  ])('is quarantined: %s', (id, trade, said) => {
    write(`${id}/plugin.ts`, pluginText(id, trade));
    const { code, json } = replay(flowOf(id), holed, join(folder, id));
    expect(code).toBe(1);
    expect(json).toMatchObject({ problems: [expect.stringContaining(said)] });
  });
});

describe('orderflow lint', () => {
  const [processor, source] = [
    { id: 'one', in: {}, out: {} },
    { id: 'two', kind: 'source' },
  ] as never[];

  it('reads the sources of processors, not their tests, and not those of sources', async () => {
    const host = new HostDouble(['lint']);
    host.plugins = [
      { plugin: processor!, file: '/elsewhere/one/plugin.ts' },
      { plugin: source!, file: '/project/plugins/two/plugin.ts' },
    ];
    const clock = 'const t = Date.now();\n';
    host.files.set('/elsewhere/one/parts/a.ts', clock);
    host.files.set('/elsewhere/one/plugin.test.ts', clock);
    host.files.set('/elsewhere/one/node_modules/x/index.js', clock);
    host.files.set('/project/plugins/two/plugin.ts', clock);
    const lints = await lintPlugins(host);
    expect(lints.map(({ code, file, line }) => [code, file, line])).toEqual([
      ['WF050', '/elsewhere/one/parts/a.ts', 1],
    ]);
  });
});

describe('instruments.yaml', () => {
  const row = (symbol: string, number: number): string =>
    `- { symbol: ${symbol}, number: ${number}, description: x, tickSize: { num: 1, den: 4 }, multiplierUsd: 50, tickValueCents: 1250, kind: future, calendar: cme-equity, months: HMUZ }\n`;

  it.each([
    [row('ZZ', 98) + row('ZZ', 99), "'ZZ': 'symbol' expected a symbol that no row before it has"],
    [row('ZZ', 99) + row('ZY', 99), "'ZY': 'number' expected a number of its own (ZZ has it)"],
    ['&a [*a]', "'row' expected a mapping of fields, was something that holds itself"],
    ['[', "file 'instruments.yaml': expected a file that can be read, was not YAML"],
  ])('is refused with what is wrong: %j', async (text, said) => {
    const host = new HostDouble(['lint', 'a.flow.yaml']);
    host.files.set('instruments.yaml', text);
    host.files.set('a.flow.yaml', 'flow: a\n');
    expect(await runCommandLine(host)).not.toBe(0);
    expect(host.errors).toContain(said);
  });
});
