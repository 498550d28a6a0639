import { spawn } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';

/** One part of `npm run check`. */
export interface Check {
  readonly name: string;
  /** What to do when it is red, in one line. */
  readonly todo: string;
  /** Returns one line per problem; none when all is well. `root` is the folder to look at. */
  run(root: string): Promise<readonly string[]>;
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Folders that hold code, and the root's own files, as far as they are there. */
const codeFolders = ['engine', 'plugins', 'kafka', 'web', '.ci'];

/** Runs a command of node_modules/.bin in `root` and returns what it said. */
function runTool(root: string, tool: string, ...options: readonly string[]): Promise<Ended> {
  const binaries = join(root, 'node_modules', '.bin');
  const env = {
    ...process.env,
    PATH: [binaries, process.env['PATH']].join(delimiter),
    NO_COLOR: '1',
    FORCE_COLOR: '0',
  };
  return new Promise((resolve, reject) => {
    const child = spawn(join(binaries, tool), options, {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** Returns a tool's own words where it ended badly without naming a problem: a crash must never look green. */
function orCrash(problems: readonly string[], tool: string, ended: Ended): readonly string[] {
  if (ended.code === 0 || problems.length > 0) return problems;
  return [
    `${tool} ended with exit code ${ended.code}:`,
    ...linesOf(ended.stderr || ended.stdout).slice(0, 10),
  ];
}

function parseReport(tool: string, ended: Ended): unknown {
  try {
    return JSON.parse(ended.stdout);
  } catch {
    const said = linesOf(ended.stderr || ended.stdout)
      .slice(0, 5)
      .join(' ');
    throw new Error(`${tool} expected a JSON report, was: ${said}`);
  }
}

/** Folders with a tsconfig of their own; the browser's code knows the DOM, the engine's must not. */
const typeProjects = ['.', 'web'];

async function typesOf(root: string, project: string): Promise<readonly string[]> {
  // What tsc remembers of the last run, so that only what changed is looked at again.
  const cache = `node_modules/.cache/types${project === '.' ? '' : `-${project}`}.tsbuildinfo`;
  const options = ['--noEmit', '--pretty', 'false', '--incremental', '--tsBuildInfoFile', cache];
  const ended = await runTool(root, 'tsc', '-p', project, ...options);
  // Indented lines explain the one above them.
  const problems = linesOf(ended.stdout).filter((line) => !line.startsWith(' '));
  return orCrash(problems, 'tsc', ended);
}

async function runTypes(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const project of typeProjects) {
    if (existsSync(join(root, project, 'tsconfig.json')))
      found.push(...(await typesOf(root, project)));
  }
  // A file of both projects is told of once.
  return [...new Set(found)];
}

interface LintReport {
  readonly number_of_files: number;
  readonly diagnostics: readonly {
    readonly message: string;
    readonly code?: string;
    readonly help?: string;
    readonly filename: string;
    readonly labels: readonly {
      readonly span: { readonly line: number; readonly column: number };
    }[];
  }[];
}

async function runLint(root: string): Promise<readonly string[]> {
  const ended = await runTool(root, 'oxlint', '--format', 'json');
  const report = parseReport('oxlint', ended) as LintReport;
  if (report.number_of_files === 0)
    return ['oxlint expected files to read, was 0; look at ignorePatterns of .oxlintrc.json'];
  const problems = report.diagnostics.map((d) => {
    const at = d.labels[0]?.span;
    const help = d.help === undefined ? '' : `; ${d.help}`;
    return `${d.filename}:${at?.line ?? 1}:${at?.column ?? 1}: ${d.code ?? 'parse'}: ${d.message}${help}`;
  });
  return orCrash(problems, 'oxlint', ended);
}

interface WallReport {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
      readonly cycle?: readonly { readonly name: string }[];
    }[];
    readonly ruleSetUsed: {
      readonly forbidden: readonly { readonly name: string; readonly comment: string }[];
    };
  };
}

/** Files the walls check has to have read; a run that reads nothing is green for the wrong reason. */
function filesToRead(root: string): readonly string[] {
  const folders = codeFolders.filter((folder) => folder !== '.ci');
  const found = folders.flatMap((folder) =>
    globSync(`${folder}/**/*.{ts,tsx}`, {
      cwd: root,
      exclude: ['web/build/**', '**/node_modules/**'],
    }),
  );
  return existsSync(join(root, 'orderflow.ts')) ? [...found, 'orderflow.ts'] : found;
}

async function runWalls(root: string): Promise<readonly string[]> {
  const start = [...codeFolders.slice(0, 4), 'orderflow.ts'].filter((path) =>
    existsSync(join(root, path)),
  );
  const ended = await runTool(
    root,
    'depcruise',
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'json',
    ...start,
  );
  const { modules, summary } = parseReport('depcruise', ended) as WallReport;
  const comments = new Map(summary.ruleSetUsed.forbidden.map((rule) => [rule.name, rule.comment]));
  const problems = summary.violations.map(({ from, to, rule, cycle }) => {
    const way = cycle ? [from, ...cycle.map((step) => step.name)].join(' → ') : `${from} → ${to}`;
    return `${way}: ${rule.name}: ${comments.get(rule.name)}`;
  });
  const read = new Set(modules.map((module) => module.source));
  const wanted = filesToRead(root);
  const unread = wanted.filter((file) => !read.has(file));
  if (wanted.length > 0 && unread.length === 0) return problems;
  return [
    ...problems,
    `depcruise expected to read ${wanted.length} modules, read ${wanted.length - unread.length}: ${unread.slice(0, 5).join(', ')}`,
  ];
}

interface DeadCodeReport {
  readonly issues: readonly ({ readonly file: string } & Readonly<Record<string, unknown>>)[];
}

interface DeadCode {
  readonly name: string;
  readonly line?: number;
}

async function runDeadCode(root: string): Promise<readonly string[]> {
  const ended = await runTool(root, 'knip', '--reporter', 'json', '--no-progress');
  const { issues } = parseReport('knip', ended) as DeadCodeReport;
  const problems = issues.flatMap(({ file, owners: _owners, ...kinds }) =>
    Object.entries(kinds).flatMap(([kind, found]) =>
      (found as readonly DeadCode[]).flat().map(({ name, line }) => {
        const what = kind === 'files' ? 'nobody imports this file' : `unused in ${kind}: '${name}'`;
        return `${file}:${line ?? 1}: ${what}`;
      }),
    ),
  );
  return orCrash(problems, 'knip', ended);
}

async function runFormat(root: string): Promise<readonly string[]> {
  const ended = await runTool(
    root,
    'biome',
    'check',
    '--reporter',
    'github',
    '--max-diagnostics',
    'none',
    '.',
  );
  const place = /^::error .*?file=([^,]+),line=(\d+).*?::(.*)$/;
  const problems = linesOf(ended.stdout).flatMap((line) => {
    const found = place.exec(line);
    if (!found) return [];
    const what = found[3]!.startsWith('Formatter would') ? 'not formatted' : found[3];
    return [`${relative(root, found[1]!)}:${found[2]}: ${what}`];
  });
  return orCrash(problems, 'biome', ended);
}

async function runDocs(root: string): Promise<readonly string[]> {
  const ended = await runTool(root, 'node', 'orderflow.ts', 'docs', '--check');
  return orCrash(linesOf(ended.stdout), 'orderflow docs --check', ended);
}

/** Every part of `npm run check`, in the order of its report. */
export const checks: readonly Check[] = [
  {
    name: 'types',
    todo: 'correct the types; `npx tsc --noEmit -p .` shows them alone',
    run: runTypes,
  },
  {
    name: 'lint',
    todo: 'each line says what to use instead; `npx oxlint` shows the code around it',
    run: runLint,
  },
  {
    name: 'walls',
    todo: 'each line says where the import belongs (table in ARCHITECTURE.md)',
    run: runWalls,
  },
  { name: 'dead code', todo: 'delete what nobody imports, or drop its `export`', run: runDeadCode },
  { name: 'format', todo: 'run `npm run format`', run: runFormat },
  {
    name: 'docs',
    todo: 'stale: run `npm run docs` and commit what it wrote; else write what the line asks for',
    run: runDocs,
  },
];
