import { join } from 'node:path';
import type { Arguments, Option } from './arguments.ts';
import type { Host } from './host.ts';

/** The option that names another home folder. */
export const homeOption: Option = {
  name: 'home',
  value: 'DIR',
  summary: 'Folder of the log and everything kept (default: ORDERFLOW_HOME, else ./data)',
};

/** Returns the folder that holds everything that outlives a run. */
export function homeOf(host: Host, args: Arguments): string {
  const named = host.env['ORDERFLOW_HOME'];
  return args.text('home') ?? (named === undefined || named === '' ? 'data' : named);
}

/** Returns the folder of a home's log. */
export function logFolder(home: string): string {
  return join(home, 'log');
}
