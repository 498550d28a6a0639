import { join } from 'node:path';
import { parse } from 'yaml';
import { OrderflowError } from '../errors.ts';
import { compileFlow } from '../flow/compile-flow.ts';
import type { CompiledFlow, FlowInput } from '../flow/flow-input.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { lintLock } from '../flow/lint-lock.ts';
import { formatLint } from '../flow/lint-table.ts';
import { defineInstrument, type Instrument } from '../market/instrument.ts';
import { createRegistry } from '../plugin/registry.ts';
import type { Arguments, Option } from './arguments.ts';
import { lockFile } from './flow-lock.ts';
import type { Host } from './host.ts';

/** A source in place of those a flow names. */
export type MarketSource = NonNullable<FlowInput['marketSource']>;

/** The flow of commands that may be given none. */
export const defaultFlow = 'flows/pro-course.flow.yaml';

/** Options of every command that reads a flow. */
export const flowOptions: readonly Option[] = [
  {
    name: 'param',
    value: 'NAME=VALUE',
    repeated: true,
    summary: 'Value of a parameter of the flow; may be repeated',
  },
  { name: 'environment', value: 'FILE', summary: 'File of flows/environments/ laid over the flow' },
];

const flowFile = /\.flow\.ya?ml$/;
/** Instruments of the user, in the working folder. */
const instrumentFile = 'instruments.yaml';

/** Returns the flow files of the folder `flows/`, ascending. */
export function defaultFlowFiles(host: Host): string[] {
  return host
    .listFolder('flows')
    .filter((name) => flowFile.test(name))
    .map((name) => join('flows', name));
}

function readFile(host: Host, file: string): string {
  const text = host.readText(file);
  if (text === null) throw new OrderflowError('OF_CLI_FILE', { file, was: 'absent or unreadable' });
  return text;
}

/** A number or a truth value where the text reads like one, else the text. */
function paramValue(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text))
    ? Number(text)
    : text;
}

function paramsOf(args: Arguments): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    args.all('param').map((text) => {
      const equals = text.indexOf('=');
      if (equals < 1) throw args.refuse('--param', 'NAME=VALUE', text);
      return [text.slice(0, equals), paramValue(text.slice(equals + 1))];
    }),
  );
}

/**
 * Returns the instruments of `instruments.yaml` in the working folder; none without the file.
 *
 * @throws {OF_INSTRUMENT_INVALID} when a row cannot be used.
 */
function userInstruments(host: Host): readonly Instrument[] {
  const text = host.readText(instrumentFile);
  if (text === null) {
    if (!host.listFolder('.').includes(instrumentFile)) return [];
    throw new OrderflowError('OF_CLI_FILE', { file: instrumentFile, was: 'unreadable' });
  }
  let rows: unknown;
  try {
    rows = parse(text);
  } catch (error) {
    const cause = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new OrderflowError('OF_CLI_FILE', { file: instrumentFile, was: `not YAML: ${cause}` });
  }
  const found = (Array.isArray(rows) ? rows : [rows]).map((row) => defineInstrument(row));
  for (const [i, row] of found.entries()) refuseTwin(row, found.slice(0, i));
  return found;
}

/** Two rows of one symbol contradict each other; two of one number would share a partition. */
function refuseTwin({ symbol, number }: Instrument, before: readonly Instrument[]): void {
  const refuse = (field: string, expected: string, was: string | number): OrderflowError =>
    new OrderflowError('OF_INSTRUMENT_INVALID', { instrument: symbol, field, expected, was });
  if (before.some((row) => row.symbol === symbol))
    throw refuse('symbol', 'a symbol that no row before it has', symbol);
  const twin = before.find((row) => row.number === number);
  if (twin) throw refuse('number', `a number of its own (${twin.symbol} has it)`, number);
}

/**
 * Checks a flow file.
 *
 * @throws {OF_CLI_FILE} when the flow or the environment cannot be read; mistakes inside are lints.
 */
export async function checkFlow(
  host: Host,
  file: string,
  args: Arguments,
  more: Partial<
    Pick<FlowInput, 'marketSource' | 'instruments' | 'previous' | 'mayRead' | 'readFile'>
  > = {},
): Promise<CompiledFlow> {
  const found = await host.loadPlugins();
  const environment = args.text('environment');
  const compiled = compileFlow({
    file,
    text: readFile(host, file),
    registry: createRegistry(found.map(({ plugin }) => plugin)),
    readFile: (path) => host.readText(path),
    params: paramsOf(args),
    env: host.env,
    instrumentTable: userInstruments(host),
    ...(environment === null
      ? {}
      : { environment: { file: environment, text: readFile(host, environment) } }),
    ...more,
  });
  const lock = host.readText(lockFile);
  if (lock === null || compiled.graph === null) return compiled;
  return { ...compiled, lints: [...compiled.lints, ...lintLock(compiled.graph, lock)] };
}

/**
 * Returns a flow that passed its checks; its mistakes and warnings go to the error output.
 *
 * @throws {OF_CLI_FLOW} when the flow has mistakes.
 * @throws the codes of {@link checkFlow}.
 */
export async function loadFlow(...of: Parameters<typeof checkFlow>): Promise<FlowGraph> {
  const [host, file] = of;
  const { graph, lints } = await checkFlow(...of);
  for (const lint of lints) host.stderr.write(`${formatLint(lint)}\n`);
  if (graph) return graph;
  throw new OrderflowError('OF_CLI_FLOW', {
    file,
    count: lints.filter(({ level }) => level === 'error').length,
  });
}
