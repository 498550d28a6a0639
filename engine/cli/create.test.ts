import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { level } from '../contracts/value-area.ts';
import { compileFlow } from '../flow/compile-flow.ts';
import { definePlugin, type Plugin } from '../plugin/define-plugin.ts';
import { createRegistry } from '../plugin/registry.ts';
import { largeLot } from '../testing/large-lot.ts';
import { madeSource } from '../testing/made-flow.ts';
import { FolderHost } from './folder-host.ts';
import { runCommandLine } from './main.ts';

const root = resolve(import.meta.dirname, '../..');

const levels = definePlugin({
  id: 'levels',
  version: '2.1.0',
  api: 1,
  summary: 'Levels of the day',
  config: z.object({ count: z.number().int().min(1), note: z.string().optional() }),
  in: {},
  out: { level: { kind: 'table', schema: level, key: 'kind' } },
  examples: [],
});

const touches = definePlugin({
  id: 'touches',
  version: '1.0.0',
  api: 1,
  summary: 'A level is touched',
  config: z.object({
    near: z
      .number()
      .min(0)
      .default(2)
      .meta({ unit: 'tick', description: 'How near counts. More.' }),
  }),
  in: {
    market: { kind: 'market', takes: ['trade'] },
    at: { kind: 'table', schema: level, key: 'kind' },
    lot: { kind: 'event', schema: largeLot.out.signal.schema, optional: true },
    phantom: { kind: 'event', schema: z.object({ ghost: z.boolean() }), optional: true },
  },
  out: { touched: { kind: 'event', schema: z.object({ side: z.enum(['buy', 'sell']) }) } },
  examples: [],
});

const plugins = [
  largeLot,
  levels,
  touches,
  madeSource(async () => {}, 'simulator'),
] as unknown as Plugin[];

let host: FolderHost | null = null;
afterEach(() => host?.remove());

async function create(words: readonly string[], files: Readonly<Record<string, string>> = {}) {
  host?.remove();
  host = new FolderHost(['create', ...words], files);
  host.plugins = plugins.map((plugin) => ({ plugin, file: `/plugins/${plugin.id}/plugin.ts` }));
  const code = await runCommandLine(host);
  return { code, text: host.written, errors: host.errors, host };
}

function lintsOf(text: string): readonly string[] {
  const registry = createRegistry(plugins);
  const { lints } = compileFlow({ file: 'made.flow.yaml', text, registry, readFile: () => null });
  return lints.map(({ line, code, message }) => `${line} ${code} ${message}`);
}

describe('orderflow create flow', () => {
  it('prints a commented flow wired by contracts, with what its nodes need', async () => {
    const { code, text } = await create(['flow', 'touches', '--name', 'mine']);
    expect(text).toMatchInlineSnapshot(`
      "# yaml-language-server: $schema=./flow.schema.json
      # Made by \`orderflow create flow\`. Check it with \`npx orderflow lint\`, watch it with \`npx orderflow start\`.
      flow: mine
      version: 0.1.0
      doc: "Wires touches, levels."

      instruments: [ES]   # one task per instrument
      time: { zone: America/New_York }

      sources:
        # Made. \`orderflow replay --data FILE\` puts files here
        market:
          use: simulator@^1

      nodes:
        touches:
          # A level is touched
          use: touches@^1
          in:
            market: market
            at: levels.level
            # lot: large-lot.signal   # optional; needs node large-lot
            # phantom: no plugin that is installed gives it
          # with:   # uncomment what you change
          #   near: 2  # How near counts; a number >= 0 (tick)

        levels:
          # Levels of the day. Added because touches.at needs it
          use: levels@^2
          with:
            count: 1  # a whole number >= 1

        strategy:
          # A statechart in plain YAML: change states, conditions and what it emits. \`orderflow test\`
          # tries it out
          in:
            touchesTouched: touches.touched
          machine:
            initial: watching
            states:
              watching:
                description: Nothing has happened yet.
                on:
                  touchesTouched:
                    # A condition would be  when: { expr: "ev.…", why: … }
                    - { to: alert, why: touches.touched spoke }
              alert:
                description: Something happened within the last half hour.
                after:
                  30m: { to: watching, why: half an hour has passed }
      "
    `);
    expect(code).toBe(0);
  });

  it.each([['large-lot'], ['levels'], ['touches,large-lot'], ['large-lot large-lot,levels']])(
    'prints flows that lint clean: %s',
    async (names) => {
      const { text } = await create(['flow', ...names.split(' '), '--instrument', 'NQ']);
      expect(lintsOf(text)).toEqual([]);
      expect(text).toContain('instruments: [NQ]');
    },
  );

  it('wires what is asked for before it adds anything', async () => {
    const { text } = await create(['flow', 'touches,levels,large-lot']);
    expect(text).toContain('at: levels.level');
    expect(text).toContain('lot: large-lot.signal');
    expect(text).not.toContain('Added because');
  });

  it.each([
    [['flow', 'touchs'], "'NODE' expected perhaps 'touches'; one of"],
    [
      ['flow'],
      "'NODE' expected one or more of large-lot, levels, touches, simulator, was 'nothing'",
    ],
    [['flow', 'simulator'], "'NODE' expected at least one plugin that is no source"],
    [['flow', 'levels', '--name', 'My Flow'], "'--name' expected a lower-case letter"],
    [['folw', 'levels'], "'KIND' expected flow or plugin, was 'folw'"],
    [['plugin'], "'NAME' expected one kebab-case name such as opening-drive, was 'nothing'"],
    [['plugin', 'OpeningDrive'], "'NAME' expected one kebab-case name"],
    [['plugin', 'a', 'b'], "'NAME' expected one kebab-case name"],
  ])('refuses %j', async (words, message) => {
    const { code, errors } = await create(words);
    expect(errors).toContain(message);
    expect(code).toBe(2);
  });
});

describe('orderflow create plugin', () => {
  it('never writes over what is there', async () => {
    const taken = { 'plugins/mine/notes.txt': 'mine' };
    const { errors, host: after } = await create(['plugin', 'mine'], taken);
    expect(errors).toContain("OF_CREATE_EXISTS folder 'plugins/mine' is there already");
    expect(after.listFolder('plugins/mine')).toEqual(['notes.txt']);
    const known = await create(['plugin', 'touches']);
    expect(known.errors).toContain("OF_CREATE_EXISTS plugin 'touches' is there already");
  });

  it('imports the kit by its short name inside the project and by the package elsewhere', async () => {
    const manifest = '{ "name": "orderflow", "imports": { "#engine": "./engine/index.ts" } }';
    const inside = await create(['plugin', 'mine'], { 'package.json': manifest });
    expect(inside.host.readText('plugins/mine/plugin.ts')).toContain("from '#engine'");
    expect(inside.host.readText('plugins/mine/machine.test.ts')).toContain("'#engine/testing.ts'");
    const outside = await create(['plugin', 'mine', '--dir', 'elsewhere']);
    expect(outside.host.readText('elsewhere/mine/plugin.ts')).toContain("from 'orderflow'");
    expect(outside.host.readText('elsewhere/mine/machine.test.ts')).toContain(
      "'orderflow/testing'",
    );
    expect(outside.text).toContain('ORDERFLOW_PLUGINS=elsewhere npx orderflow test mine');
  });

  it('makes a plugin whose own tests pass', async () => {
    const made = await create(['plugin', 'opening-run']);
    const modules = join(made.host.folder, 'node_modules');
    mkdirSync(modules);
    symlinkSync(root, join(modules, 'orderflow'));
    for (const name of ['vitest', 'zod', 'xstate'])
      symlinkSync(join(root, 'node_modules', name), join(modules, name));
    const vitest = join(root, 'node_modules', '.bin', 'vitest');
    const words = ['run', '--reporter', 'json', '--outputFile', 'report.json'];
    await promisify(execFile)(vitest, words, { cwd: made.host.folder });
    const report = JSON.parse(made.host.readText('report.json') ?? '') as Record<string, number>;
    expect(report).toMatchObject({ success: true, numFailedTests: 0 });
    expect(report['numTotalTests']).toBeGreaterThan(15);
  });
});
