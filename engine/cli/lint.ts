import { OrderflowError } from '../errors.ts';
import type { Lint } from '../flow/graph.ts';
import { formatLint } from '../flow/lint-table.ts';
import type { Command } from './command.ts';
import { lintPlugins } from './lint-plugins.ts';
import { checkFlow, defaultFlowFiles, flowOptions } from './load-flow.ts';

function countText(lints: readonly Lint[], files: number): string {
  const errors = lints.filter(({ level }) => level === 'error').length;
  const warnings = lints.length - errors;
  const of = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
  return `${of(files, 'file')}: ${of(errors, 'error')}, ${of(warnings, 'warning')}`;
}

/** `orderflow lint`: checks flow files without running them. */
export const command: Command = {
  name: 'lint',
  summary: 'Check flow files (names, types, units, unreachable states) and the sources of plugins',
  words: ['[FILE…]'],
  options: [...flowOptions, { name: 'json', summary: 'Print one JSON object' }],
  examples: [
    ['orderflow lint', 'checks every flow of the folder flows/'],
    [
      'orderflow lint flows/my.flow.yaml',
      'checks one file; each mistake has file, line, column and what to write instead',
    ],
  ],
  async run(host, args) {
    const files = args.words.length > 0 ? args.words : defaultFlowFiles(host);
    if (files.length === 0)
      throw new OrderflowError('OF_CLI_ARGUMENTS', {
        command: 'lint',
        expected: 'flow files, or a folder flows/ with some',
        was: 'nothing',
      });
    const lints: Lint[] = [...(await lintPlugins(host))];
    for (const file of files) lints.push(...(await checkFlow(host, file, args)).lints);
    if (args.has('json'))
      host.stdout.write(`${JSON.stringify({ files: files.length, lints }, null, 2)}\n`);
    else {
      for (const lint of lints) host.stdout.write(`${formatLint(lint)}\n`);
      host.stdout.write(`${countText(lints, files.length)}\n`);
    }
    return lints.some(({ level }) => level === 'error') ? 1 : 0;
  },
};
