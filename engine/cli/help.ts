import { commonOptions } from './arguments.ts';
import type { Command } from './command.ts';
import { alignColumns } from './text-table.ts';

/** Returns the help of one command. */
export function commandHelp(command: Command): string {
  const hasOptions = command.options.length > 0;
  const usage = [
    'orderflow',
    command.name,
    ...command.words,
    ...(hasOptions ? ['[options]'] : []),
  ].join(' ');
  const options = [...command.options, ...commonOptions].map(({ name, value, list, summary }) => [
    `  --${name}${value === undefined ? '' : ` ${value}${list === true ? '…' : ''}`}`,
    summary,
  ]);
  const examples = command.examples.flatMap(([line, does]) => [`  ${line}`, `      ${does}`]);
  return [
    command.summary,
    '',
    `  ${usage}`,
    '',
    ...alignColumns(options),
    '',
    'Examples',
    ...examples,
    '',
  ].join('\n');
}

/** Returns the help of the whole program. */
export function programHelp(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }) => [`  ${name}`, summary]);
  return [
    'OrderFlowAI runs flows of plugin machines over market data.',
    '',
    '  orderflow COMMAND [words] [options]',
    '',
    ...alignColumns(rows),
    '',
    '  orderflow COMMAND --help   shows words, options and examples of a command',
    '  npx orderflow …            is how to call it in the folder of the project',
    '',
    'Environment',
    ...alignColumns([
      ['  ORDERFLOW_HOME', 'folder of the log and everything kept (default ./data)'],
      ['  ORDERFLOW_PLUGINS', 'folders with more plugins, separated as in PATH'],
      ['  DATABASE_URL', 'PostgreSQL server of the store (default: a folder in the home)'],
      ['  KAFKA_BROKERS', 'cluster of --log kafka and of workers (default 127.0.0.1:9092)'],
      ['  ORDERFLOW_OPS_PORT', 'port of metrics and health on the loopback (default: none)'],
      ['  ORDERFLOW_DEBUG', '1 shows stacks with errors'],
      ['  NO_COLOR', 'set to anything: no colours on a terminal'],
    ]),
    '',
    'Exit codes: 0 done, 1 the job found problems, 2 wrong usage, 3 operating error.',
    '',
  ].join('\n');
}
