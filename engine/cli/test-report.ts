import { formatLint } from '../flow/lint-table.ts';
import type { NodeCoverage } from '../inspect/coverage.ts';
import { sayEvent } from '../inspect/say-why.ts';
import type { TransitionInfo } from '../runtime/transitions.ts';
import type { CaseReport, FileReport } from './test-files.ts';
import { alignColumns, wrapWords } from './text-table.ts';

/** How the examples of a plugin went. */
export interface ExampleReport {
  readonly plugin: string;
  /** The plugin's file. */
  readonly file: string;
  readonly title: string;
  readonly failures: readonly string[];
}

/** Everything one call of `orderflow test` ran. */
export interface TestReport {
  readonly files: readonly FileReport[];
  readonly examples: readonly ExampleReport[];
}

const indent = '        ';

/** Writes a sentence over as many lines as it needs, the later ones indented. */
function hanging(text: string, columns: number, deeper = '  '): string[] {
  const lines = wrapWords(text, Math.max(20, columns - indent.length - deeper.length));
  return lines.map((line, i) => `${indent}${i === 0 ? '' : deeper}${line}`);
}

function caseLines({ name, failures }: CaseReport, columns: number): string[] {
  if (failures.length === 0) return [`  ok    ${name}`];
  const lines = failures.flatMap(({ place, text }) =>
    hanging(`${place.file}:${place.line}:${place.col} ${text}`, columns),
  );
  return [`  FAIL  ${name}`, ...lines];
}

function causeOf({ event, kind }: TransitionInfo): string {
  if (kind === 'always') return 'send anything';
  return kind === 'after'
    ? `let ${sayEvent(event).slice('after '.length)} pass`
    : `send '${event}'`;
}

/** What would take a transition: the event to send or the time to let pass, and the state to be in. */
function wayTo(transition: TransitionInfo): string {
  const { source, why, guard } = transition;
  // Guards of flow statecharts are all called `expr`.
  const condition = why ?? (guard === 'expr' ? null : guard);
  return `${causeOf(transition)} in ${source === '(root)' ? 'any state' : source}${condition === null ? '' : ` (${condition})`}`;
}

function coverageLines(
  { coverage, flow, ownNodes }: FileReport,
  withAll: boolean,
  columns: number,
): string[] {
  if (coverage.length === 0) return [];
  const rows = alignColumns(
    coverage.map(({ node, taken, all }) => [`  ${node}`, `${taken} of ${all}`]),
    [1],
  );
  const isShown = ({ node, untaken }: NodeCoverage): boolean =>
    untaken.length > 0 && (withAll || ownNodes.includes(node));
  const details = coverage.map((node) => {
    if (!isShown(node)) return [];
    return node.untaken.flatMap((transition) =>
      hanging(`not taken  ${transition.id}: ${wayTo(transition)}`, columns),
    );
  });
  return [
    '',
    `Transitions taken in ${flow}`,
    ...rows.flatMap((row, i) => [row, ...(details[i] ?? [])]),
  ];
}

function fileLines(report: FileReport, withAll: boolean, columns: number): string[] {
  const { file, cases, lints } = report;
  return [
    file,
    ...cases.flatMap((result) => caseLines(result, columns)),
    ...lints.map((lint) => `  ${formatLint(lint)}`),
    ...coverageLines(report, withAll, columns),
    '',
  ];
}

function exampleLines(examples: readonly ExampleReport[], columns: number): string[] {
  if (examples.length === 0) return [];
  const lines = examples.flatMap(({ plugin, file, title, failures }) => {
    if (failures.length === 0) return [`  ok    ${plugin}: ${title}`];
    return [
      `  FAIL  ${plugin}: ${title}`,
      ...hanging(file, columns),
      ...failures.flatMap((text) => hanging(text, columns)),
    ];
  });
  return ['Examples of plugins', ...lines, ''];
}

/** Counts what was run; each mistake of a file counts as a failure. */
export function countOf({ files, examples }: TestReport): {
  readonly passed: number;
  readonly failed: number;
} {
  const all = [...files.flatMap(({ cases }) => cases), ...examples];
  const broken = files.flatMap(({ lints }) => lints).length;
  const passed = all.filter(({ failures }) => failures.length === 0).length;
  return { passed, failed: all.length - passed + broken };
}

/** Returns the readable report. */
export function testText(report: TestReport, withAll: boolean, columns: number): string {
  const { passed, failed } = countOf(report);
  return [
    ...report.files.flatMap((file) => fileLines(file, withAll, columns)),
    ...exampleLines(report.examples, columns),
    `${passed} passed, ${failed} failed`,
    '',
  ].join('\n');
}

function caseJson({ name, place, failures }: CaseReport) {
  return {
    name,
    line: place.line,
    ok: failures.length === 0,
    failures: failures.map(({ place: { line, col }, text }) => ({ line, col, text })),
  };
}

/** Returns the report as the object that `--json` prints. */
export function testJson(report: TestReport): unknown {
  const { passed, failed } = countOf(report);
  return {
    ok: failed === 0,
    passed,
    failed,
    files: report.files.map(({ file, flow, cases, lints, coverage }) => ({
      file,
      flow,
      cases: cases.map(caseJson),
      lints,
      coverage: coverage.map(({ node, taken, all, untaken }) => ({
        node,
        taken,
        all,
        untaken: untaken.map((t) => ({
          id: t.id,
          state: t.source,
          event: t.event,
          target: t.target,
          why: t.why,
          way: wayTo(t),
        })),
      })),
    })),
    examples: report.examples.map(({ plugin, title, failures }) => ({
      plugin,
      title,
      ok: failures.length === 0,
      failures,
    })),
  };
}
