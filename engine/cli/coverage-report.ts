import { type NodeRunCoverage, neverEntered, neverTaken } from '../inspect/run-coverage.ts';
import { formatCount, formatElapsed, formatShare } from './format-number.ts';
import { alignColumns } from './text-table.ts';

/** What `orderflow coverage` found. */
export interface CoverageReport {
  readonly flow: string;
  /** What was run, such as file names or days of the flow's own source. */
  readonly runs: readonly string[];
  readonly rows: number;
  readonly nodes: readonly NodeRunCoverage[];
  /** Guards that refused, and how many of them left nothing that says why. */
  readonly blocked: number;
  readonly unexplained: number;
  readonly neverEntered: readonly string[];
  readonly neverTaken: readonly string[];
}

/** Puts a report together. */
export function coverageReport(
  flow: string,
  runs: readonly string[],
  rows: number,
  nodes: readonly NodeRunCoverage[],
): CoverageReport {
  const all = nodes.flatMap(({ transitions }) => transitions);
  return {
    ...{ flow, runs, rows, nodes },
    blocked: all.reduce((sum, { blocked }) => sum + blocked, 0),
    unexplained: all.reduce((sum, { unexplained }) => sum + unexplained, 0),
    neverEntered: neverEntered(nodes),
    neverTaken: neverTaken(nodes),
  };
}

type Cells = readonly string[];

const dash = (count: number): string => (count === 0 ? '–' : formatCount(count));

function stateTable({ nodes }: CoverageReport): Cells[] {
  const rows = nodes.flatMap(({ node, states }) => {
    const whole = Math.max(1, ...states.map(({ timeUs }) => timeUs));
    return states.map(({ state, entered, timeUs }): Cells => {
      const time = entered === 0 ? '–' : formatElapsed(timeUs / 1_000);
      const share = entered === 0 ? '–' : formatShare(timeUs / whole);
      return [node, state, entered === 0 ? 'never' : formatCount(entered), time, share];
    });
  });
  return [['node', 'state', 'entered', 'time', 'of the longest'], ...rows];
}

function transitionTable({ nodes }: CoverageReport): Cells[] {
  const heading = ['node', 'transition', 'taken', 'blocked', 'shadowed', 'most often blocked by'];
  const rows = nodes.flatMap(({ node, transitions }) =>
    transitions.map(({ transition, taken, blocked, shadowed, blockedBy }): Cells => {
      const isAsked = taken + blocked + shadowed > 0;
      const reason = blockedBy ?? (isAsked ? '' : 'never asked');
      return [node, transition, dash(taken), dash(blocked), dash(shadowed), reason];
    }),
  );
  return [heading, ...rows];
}

function headLines({ flow, runs, rows, blocked, unexplained }: CoverageReport): string[] {
  return [
    `Flow ${flow} over ${runs.join(', ')}: ${formatCount(rows)} rows.`,
    `Guards refused ${formatCount(blocked)} times, ${formatCount(unexplained)} of them without saying why.`,
  ];
}

/** The transitions whose guard refused without a word, with how often. */
function silentLines({ nodes }: CoverageReport): string[] {
  return nodes.flatMap(({ node, transitions }) =>
    transitions
      .filter(({ unexplained }) => unexplained > 0)
      .map(
        (t) => `${node} ${t.transition}: ${formatCount(t.unexplained)} times without saying why`,
      ),
  );
}

const never = (names: readonly string[], what: string): string =>
  names.length === 0 ? `No ${what}.` : `${names.length} ${what}:`;
const rightStates = [2, 3, 4];
const rightTransitions = [2, 3, 4];

/** Returns the report for a terminal. */
export function coverageText(report: CoverageReport): string {
  const lines = [
    ...headLines(report),
    '',
    ...alignColumns(stateTable(report), rightStates),
    '',
    ...alignColumns(transitionTable(report), rightTransitions),
    '',
    ...silentLines(report),
    never(report.neverEntered, 'states never entered'),
    ...report.neverEntered.map((name) => `  ${name}`),
    never(report.neverTaken, 'transitions never taken'),
    ...report.neverTaken.map((name) => `  ${name}`),
  ];
  return `${lines.join('\n')}\n`;
}

function markdownTable(
  [heading = [], ...rows]: readonly Cells[],
  right: readonly number[],
): string {
  const line = (cells: Cells): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = heading.map((_, i) => (right.includes(i) ? '--:' : '---'));
  return [heading, rule, ...rows].map(line).join('\n');
}

/** Returns the report as a page. */
export function coverageMarkdown(report: CoverageReport): string {
  const list = (names: readonly string[], what: string): string =>
    [never(names, what), ...names.map((name) => `- \`${name}\``)].join('\n');
  return `${[
    `# Coverage of ${report.flow}`,
    headLines(report).join(' '),
    ...silentLines(report),
    '## States',
    markdownTable(stateTable(report), rightStates),
    '## Transitions',
    markdownTable(transitionTable(report), rightTransitions),
    '## Never',
    list(report.neverEntered, 'states never entered'),
    list(report.neverTaken, 'transitions never taken'),
  ].join('\n\n')}\n`;
}
