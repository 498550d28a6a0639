import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { errorTable } from '../error-table.ts';
import { flowJsonSchema } from '../flow/json-schema.ts';
import { lintTable } from '../flow/lint-table.ts';
import { createRegistry } from '../plugin/registry.ts';
import type { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import { type DocsInput, generateDocs, staleDocs } from './docs/generate-docs.ts';
import { parameterProblems } from './docs/parameter-sources.ts';
import type { ExitCode, Host } from './host.ts';
import { knownFamilies } from './metrics.ts';

async function inputOf(host: Host): Promise<DocsInput> {
  const own = join(host.cwd, 'plugins') + sep;
  const found = (await host.loadPlugins()).filter(({ file }) => file.startsWith(own));
  const plugins = found.map(({ plugin }) => plugin);
  const schema = flowJsonSchema(createRegistry(plugins));
  return {
    ...{ readText: (path) => host.readText(path), plugins, errorTable, lintTable, schema },
    metrics: await knownFamilies({
      wallClock: () => host.wallClock(),
      epochMs: () => Date.now(),
    }),
  };
}

function check(host: Host, input: DocsInput): ExitCode {
  const stale = staleDocs(input);
  const problems = input.plugins.flatMap((plugin) =>
    parameterProblems(plugin, input.readText(`plugins/${plugin.id}/README.md`) ?? ''),
  );
  for (const path of stale) host.stdout.write(`${path}:1: stale: its sources have changed\n`);
  for (const problem of problems) host.stdout.write(`${problem}\n`);
  return stale.length + problems.length === 0 ? 0 : 1;
}

function write(host: Host, input: DocsInput): ExitCode {
  const stale = new Set(staleDocs(input));
  for (const [path, text] of generateDocs(input)) {
    if (!stale.has(path)) continue;
    const file = join(host.cwd, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    host.stdout.write(`${path}\n`);
  }
  return 0;
}

/** `npm run docs`: writes what is generated from the code, run in the project's folder. */
export const command: Command = {
  name: 'docs',
  summary: 'Write the generated documents: parameter tables, diagrams, codes, topics, flow schema',
  words: [],
  options: [
    {
      name: 'check',
      summary: 'Write nothing; name what is stale, and parameters without unit or source',
    },
  ],
  examples: [
    [
      'orderflow docs --check',
      'exit code 1 when a document is stale or a parameter has no unit or source',
    ],
  ],
  isHidden: true,
  run: async (host: Host, args: Arguments): Promise<ExitCode> => {
    const input = await inputOf(host);
    return args.has('check') ? check(host, input) : write(host, input);
  },
};
