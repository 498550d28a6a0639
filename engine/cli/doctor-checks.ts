import { resolve } from 'node:path';
import type { Lint } from '../flow/graph.ts';
import { formatLint } from '../flow/lint-table.ts';
import { formatUtc } from '../market/time.ts';
import type { Arguments } from './arguments.ts';
import { formatCount } from './format-number.ts';
import { homeOf, logFolder } from './home.ts';
import type { Host } from './host.ts';
import { checkChains } from './journal-chain.ts';
import { checkFlow, defaultFlowFiles } from './load-flow.ts';
import type { MachineFacts } from './machine-facts.ts';

/** One thing that was looked at. */
export interface Finding {
  readonly level: 'ok' | 'warn' | 'problem';
  /** What was looked at, in a word or two. */
  readonly name: string;
  /** What was found, as a fact. */
  readonly text: string;
  /** What to do about it; null when there is nothing to do. */
  readonly todo: string | null;
}

/** What the checks look at. */
export interface Patient {
  readonly host: Host;
  readonly args: Arguments;
  readonly facts: MachineFacts;
}

type Check = (patient: Patient) => Promise<readonly Finding[]> | readonly Finding[];

const least = { Node: 24, Deno: 2 } as const;
const gigabyte = 1e9;
const fewBytes = 2 * gigabyte;
const tooFewBytes = 0.2 * gigabyte;
/** No clock that is right shows an earlier time: the project is younger. */
const projectBegan = Date.UTC(2025, 0, 1);
const leastColumns = 80;
const leastRows = 24;

const ok = (name: string, text: string): Finding => ({ level: 'ok', name, text, todo: null });
const warn = (name: string, text: string, todo: string): Finding => ({
  level: 'warn',
  name,
  text,
  todo,
});
const problem = (name: string, text: string, todo: string): Finding => ({
  level: 'problem',
  name,
  text,
  todo,
});

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const checkRuntime: Check = ({ facts: { runtime, version } }) => {
  const major = Number(version.split('.')[0]);
  if (major >= least[runtime]) return [ok(runtime, version)];
  return [
    problem(
      runtime,
      `expected version >= ${least[runtime]}, was ${version}`,
      'start it with `npx orderflow`, which brings its own Node',
    ),
  ];
};

interface LockPackage {
  readonly version?: string;
  readonly optional?: boolean;
}

function packagesIn(text: string): ReadonlyMap<string, LockPackage> {
  const { packages = {} } = JSON.parse(text) as { packages?: Record<string, LockPackage> };
  return new Map(Object.entries(packages).filter(([folder]) => folder !== ''));
}

const checkPackages: Check = ({ facts: { wantedPackages, installedPackages } }) => {
  const todo = 'run `npm ci` in the folder of the project';
  if (wantedPackages === null)
    return [
      warn('packages', 'package-lock.json is absent, so nothing can be compared', 'restore it'),
    ];
  if (installedPackages === null) return [problem('packages', 'node_modules is absent', todo)];
  const installed = packagesIn(installedPackages);
  const wanted = [...packagesIn(wantedPackages)];
  const differs = wanted.filter(([folder, { version, optional }]) => {
    const found = installed.get(folder);
    return found ? found.version !== version : optional !== true;
  });
  if (differs.length === 0)
    return [ok('packages', `${installed.size} are installed, as package-lock.json says`)];
  const [first] = differs;
  return [
    problem(
      'packages',
      `${differs.length} are not those of package-lock.json, such as ${first?.[0]}`,
      todo,
    ),
  ];
};

const checkHome: Check = ({ host, args, facts }) => {
  const home = homeOf(host, args);
  const { exists, isWritable, freeBytes } = facts.placeOf(resolve(host.cwd, home));
  const where = `'${home}' ${exists ? 'is there' : 'will be made by the first start'}`;
  const other = 'choose another folder with ORDERFLOW_HOME';
  if (!isWritable)
    return [
      problem(
        'data folder',
        `'${home}' expected to be writable, was not`,
        `give this user the right to write there, or ${other}`,
      ),
    ];
  if (freeBytes === null) return [ok('data folder', where)];
  const text = `${where}, ${(freeBytes / gigabyte).toFixed(1)} GB free`;
  if (freeBytes < tooFewBytes)
    return [problem('data folder', text, `free some space, or ${other}`)];
  return [
    freeBytes < fewBytes
      ? warn('data folder', text, 'a day of trades and quotes takes about 0.1 GB')
      : ok('data folder', text),
  ];
};

const checkLog: Check = async ({ host, args }) => {
  const directory = logFolder(homeOf(host, args));
  // Opening would make the folder.
  if (host.listFolder(directory).length === 0)
    return [ok('log', `'${directory}' is not there yet`)];
  try {
    const log = host.openLocalLog(directory, 'guest');
    try {
      const chains = await checkChains(log);
      if (chains.length === 0)
        return [ok('log', `'${directory}' opens; no flow has written a journal yet`)];
      return chains.map(({ topic, instrument, count, broken }) =>
        broken === null
          ? ok(
              'log',
              `${topic} of ${instrument}: the last ${formatCount(count)} macrosteps are chained`,
            )
          : problem(
              'log',
              `${topic} of ${instrument}: macrostep ${broken} does not follow from the one before`,
              'run `orderflow verify`; begin a new log with `orderflow start --fresh`',
            ),
      );
    } finally {
      await log.close();
    }
  } catch (error) {
    return [problem('log', messageOf(error), 'the message says what to do')];
  }
};

const checkPlugins: Check = async ({ host }) => {
  try {
    const found = await host.loadPlugins();
    if (found.length === 0)
      return [
        problem(
          'plugins',
          'none were found',
          'run it in the project, or name folders in ORDERFLOW_PLUGINS',
        ),
      ];
    return [
      ok('plugins', `${found.length} load: ${found.map(({ plugin }) => plugin.id).join(', ')}`),
    ];
  } catch (error) {
    return [problem('plugins', messageOf(error), 'the message says what to do')];
  }
};

function lintFinding(file: string, lints: readonly Lint[]): Finding {
  const errors = lints.filter(({ level }) => level === 'error');
  const [first] = errors.length > 0 ? errors : lints;
  if (!first) return ok('flow', `${file} lints clean`);
  const text = `${file}: ${errors.length} mistakes, ${lints.length - errors.length} warnings, such as ${formatLint(first)}`;
  const todo = `run \`orderflow lint ${file}\``;
  return errors.length > 0 ? problem('flow', text, todo) : warn('flow', text, todo);
}

const checkFlows: Check = async ({ host, args }) => {
  const files = args.words.length > 0 ? args.words : defaultFlowFiles(host);
  if (files.length === 0)
    return [warn('flow', 'there are none in flows/', 'make one with `orderflow create flow`')];
  const findings: Finding[] = [];
  for (const file of files) {
    try {
      findings.push(lintFinding(file, (await checkFlow(host, file, args)).lints));
    } catch (error) {
      findings.push(problem('flow', messageOf(error), 'the message says what to do'));
    }
  }
  return findings;
};

const checkPorts: Check = () => [ok('ports', 'none are needed: the engine opens no network port')];

const checkClock: Check = ({ host, facts: { systemTime, installedAt } }) => {
  const text = `${formatUtc(systemTime * 1_000)
    .slice(0, 16)
    .replace('T', ' ')} UTC`;
  const todo = 'set the clock of the system; event time is not touched by it, file times are';
  if (systemTime < projectBegan)
    return [problem('clock', `${text} lies before this project began`, todo)];
  if (installedAt !== null && systemTime < installedAt)
    return [warn('clock', `${text} lies before the packages were installed`, todo)];
  const before = host.wallClock();
  if (host.wallClock() < before)
    return [problem('clock', 'the clock of the process runs backward', 'restart the machine')];
  return [ok('clock', text)];
};

const checkTerminal: Check = ({ host: { stdout } }) => {
  if (!stdout.isTerminal)
    return [
      ok(
        'terminal',
        'output goes to a pipe or file: `orderflow start` writes lines instead of a view',
      ),
    ];
  const { columns, rows } = stdout;
  const text = `${columns} columns, ${rows} rows`;
  if (columns >= leastColumns && rows >= leastRows) return [ok('terminal', text)];
  return [
    warn(
      'terminal',
      text,
      `the live view wants ${leastColumns} by ${leastRows}: make the window larger`,
    ),
  ];
};

const checks: readonly Check[] = [
  checkRuntime,
  checkPackages,
  checkHome,
  checkLog,
  checkPlugins,
  checkFlows,
  checkPorts,
  checkClock,
  checkTerminal,
];

/** Looks at everything that has to be well for a flow to run. Changes nothing. */
export async function examine(patient: Patient): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) findings.push(...(await check(patient)));
  return findings;
}
