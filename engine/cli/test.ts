import { join } from 'node:path';
import { runPluginExample } from '../inspect/plugin-example.ts';
import { nearestName } from '../plugin/nearest.ts';
import type { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import type { FoundPlugin, Host } from './host.ts';
import { runTestFile, type TestOptions } from './test-files.ts';
import { countOf, type ExampleReport, testJson, testText } from './test-report.ts';

const testFile = /\.test\.ya?ml$/;

function defaultTestFiles(host: Host): string[] {
  return host
    .listFolder('flows')
    .filter((name) => testFile.test(name))
    .map((name) => join('flows', name));
}

/** What the words name: test files, and plugins whose examples are run. Without words all of both. */
interface Chosen {
  readonly files: readonly string[];
  readonly plugins: readonly FoundPlugin[];
}

async function chosenBy(host: Host, args: Arguments): Promise<Chosen> {
  const { words } = args;
  const found = await host.loadPlugins();
  if (words.length === 0) return { files: defaultTestFiles(host), plugins: found };
  const isFile = (word: string): boolean => /\.ya?ml$/.test(word);
  const plugins = words
    .filter((word) => !isFile(word))
    .map((word) => {
      const plugin = found.find(({ plugin: { id } }) => id === word);
      if (plugin) return plugin;
      const nearest = nearestName(
        word,
        found.map(({ plugin: { id } }) => id),
      );
      throw args.refuse(
        'FILE',
        `a test file that ends in .yaml, or the id of a plugin${nearest === null ? '' : ` such as '${nearest}'`}`,
        word,
      );
    });
  return { files: words.filter(isFile), plugins };
}

function runExamples(plugins: readonly FoundPlugin[], only: string | null): ExampleReport[] {
  return plugins.flatMap(({ plugin, file }) =>
    plugin.examples
      .filter(({ title }) => only === null || title.includes(only))
      .map((example) => ({
        plugin: plugin.id,
        file,
        title: example.title,
        failures: runPluginExample(plugin, example),
      })),
  );
}

/** `orderflow test`: runs flow tests and the examples of plugins. */
export const command: Command = {
  name: 'test',
  summary: 'Run flow tests and the examples of plugins, and show which transitions they took',
  words: ['[FILE…]'],
  options: [
    { name: 'only', value: 'TEXT', summary: 'Run only cases whose name holds this text' },
    {
      name: 'coverage',
      summary: 'Show the transitions not taken of plugins too, not only of statecharts in the flow',
    },
    { name: 'update', summary: 'Write the golden files of replayed cases anew' },
    { name: 'json', summary: 'Print one JSON object' },
  ],
  examples: [
    ['orderflow test', 'runs flows/*.test.yaml and the examples of every plugin'],
    ['orderflow test flows/my.test.yaml --only "near miss"', 'runs some cases of one file'],
    ['orderflow test vwap', 'runs the examples of one plugin'],
  ],
  async run(host, args) {
    const options: TestOptions = { only: args.text('only'), update: args.has('update') };
    const { files, plugins } = await chosenBy(host, args);
    const reports = [];
    for (const file of files) reports.push(await runTestFile(host, file, options));
    const report = { files: reports, examples: runExamples(plugins, options.only) };
    const text = args.has('json')
      ? `${JSON.stringify(testJson(report), null, 2)}\n`
      : testText(report, args.has('coverage'), host.stdout.columns);
    host.stdout.write(text);
    return countOf(report).failed > 0 ? 1 : 0;
  },
};
