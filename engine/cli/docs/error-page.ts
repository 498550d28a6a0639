/** A row of the error table, as far as the page shows it. */
export interface ErrorRow {
  readonly say: string;
  readonly retry: string;
  readonly doc: string;
}

/** A row of the lint table, as far as the page shows it. */
export interface LintRow {
  readonly level: string;
  readonly doc: string;
  readonly say: Readonly<Record<string, string>>;
}

const intro = `# Errors and lints

Made by \`npm run docs\` from \`engine/error-table.ts\` and \`engine/flow/lint-table.ts\`. An error (\`OF_…\`) ends or pauses what was
asked for; a lint (\`WF…\`) is a mistake in a flow file and comes with its place. Words in braces are filled in when it happens.
`;

const retries: Readonly<Record<string, string>> = {
  never: 'Trying again changes nothing.',
  now: 'Trying again at once may help.',
  backoff: 'Trying again after a pause may help.',
};

function block(lines: readonly string[]): string {
  return `\`\`\`text\n${lines.join('\n')}\n\`\`\``;
}

function errorSection(code: string, { say, retry, doc }: ErrorRow): string {
  return `### ${code}\n\n${block([say])}\n\n${doc} ${retries[retry] ?? ''}`.trimEnd();
}

function lintSection(code: string, { level, doc, say }: LintRow): string {
  const consequence =
    level === 'error' ? 'The flow does not run.' : 'The flow runs; this is a warning.';
  return `### ${code}\n\n${block(Object.values(say))}\n\n${doc} ${consequence}`;
}

/** Writes the page of all codes: message, what it means, what to do. Each code is a heading, so that it can be linked. */
export function errorPage(
  errors: Readonly<Record<string, ErrorRow>>,
  lints: Readonly<Record<string, LintRow>>,
): string {
  const errorParts = Object.entries(errors).map(([code, row]) => errorSection(code, row));
  const lintParts = Object.entries(lints).map(([code, row]) => lintSection(code, row));
  return `${[intro, '## Errors\n', errorParts.join('\n\n'), '\n## Lints\n', lintParts.join('\n\n')].join('\n')}\n`;
}
