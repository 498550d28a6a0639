import { isOrderflowError, OrderflowError } from '../errors.ts';
import { nearestName } from '../plugin/nearest.ts';
import { nearestText, readArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { commandTable } from './command-table.ts';
import { commandHelp, programHelp } from './help.ts';
import type { ExitCode, Host } from './host.ts';
import { reportError } from './report-error.ts';

async function loadCommand(name: string): Promise<Command> {
  const load = Object.hasOwn(commandTable, name) ? commandTable[name] : undefined;
  if (!load) {
    const nearest = nearestText(nearestName(name, Object.keys(commandTable)));
    throw new OrderflowError('OF_CLI_COMMAND', { command: name, nearest });
  }
  return (await load()).command;
}

async function showProgramHelp(host: Host): Promise<ExitCode> {
  const loaded = await Promise.all(Object.values(commandTable).map((load) => load()));
  const shown = loaded.map(({ command }) => command).filter(({ isHidden }) => !isHidden);
  host.stdout.write(programHelp(shown));
  return 0;
}

async function dispatch(host: Host): Promise<ExitCode> {
  const [name = '--help', ...rest] = host.args;
  if (name === '--version') {
    host.stdout.write(`${host.version}\n`);
    return 0;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    const [asked] = rest;
    return asked === undefined
      ? showProgramHelp(host)
      : dispatch({ ...host, args: [asked, '--help'] });
  }
  const command = await loadCommand(name);
  const args = readArguments(command, rest);
  if (args.has('help')) {
    host.stdout.write(commandHelp(command));
    return 0;
  }
  return command.run(host, args);
}

/** Returns the exit code of an error: 2 when the command line is wrong, else 3. */
function exitCodeOf(error: unknown): ExitCode {
  if (!isOrderflowError(error)) return 3;
  if (error.code === 'OF_CLI_FLOW') return 1;
  return error.code.startsWith('OF_CLI_') ? 2 : 3;
}

/** Runs the command that the host's words ask for. Returns the exit code. */
export async function runCommandLine(host: Host): Promise<ExitCode> {
  try {
    return await dispatch(host);
  } catch (error) {
    reportError(host, error);
    return exitCodeOf(error);
  }
}
