import { OrderflowError } from '../../errors.ts';
import type { Plugin } from '../../plugin/define-plugin.ts';
import { contractSchemas } from './contract-schemas.ts';
import { type ErrorRow, errorPage, type LintRow } from './error-page.ts';
import { instrumentRows } from './instrument-rows.ts';
import { replaceSection } from './marked-section.ts';
import { type MetricFact, metricsPage } from './metrics-page.ts';
import { parameterTable } from './parameter-table.ts';
import { pluginIndex } from './plugin-index.ts';
import { stateSection } from './state-section.ts';
import { topicPage } from './topic-page.ts';

/** What the generated documents are made from. */
export interface DocsInput {
  /** Returns a file's text by its path in the project, null when it is absent. */
  readonly readText: (path: string) => string | null;
  /** The project's own plugins, ascending by id. */
  readonly plugins: readonly Plugin[];
  readonly errorTable: Readonly<Record<string, ErrorRow>>;
  readonly lintTable: Readonly<Record<string, LintRow>>;
  /** The JSON Schema of flow files. */
  readonly schema: object;
  /** Everything that `/metrics` tells. */
  readonly metrics: readonly MetricFact[];
}

function textOf({ readText }: DocsInput, file: string, name: string): string {
  const text = readText(file);
  if (text === null) throw new OrderflowError('OF_DOCS_MARKER', { file, name, was: 'absent' });
  return text;
}

function pluginReadme(input: DocsInput, plugin: Plugin): [path: string, text: string] {
  const path = `plugins/${plugin.id}/README.md`;
  const withStates = replaceSection(
    path,
    textOf(input, path, 'states'),
    'states',
    stateSection(plugin),
  );
  return [path, replaceSection(path, withStates, 'parameters', parameterTable(plugin.config))];
}

/**
 * Returns every generated document by its path in the project: whole files, and READMEs with their marked parts
 * written anew.
 *
 * @throws {OF_DOCS_MARKER} when a README or its marks are absent.
 */
export function generateDocs(input: DocsInput): ReadonlyMap<string, string> {
  const { plugins, errorTable, lintTable, schema, metrics } = input;
  const index = 'plugins/README.md';
  const records = 'kafka/RECORDS.md';
  return new Map([
    ...plugins.map((plugin) => pluginReadme(input, plugin)),
    [
      index,
      replaceSection(index, textOf(input, index, 'plugins'), 'plugins', pluginIndex(plugins)),
    ],
    ['engine/ERRORS.md', errorPage(errorTable, lintTable)],
    ['engine/OPERATORS.md', metricsPage(metrics)],
    [
      records,
      replaceSection(
        records,
        textOf(input, records, 'instruments'),
        'instruments',
        instrumentRows(),
      ),
    ],
    ['kafka/contracts.schema.json', `${JSON.stringify(contractSchemas(plugins), null, 2)}\n`],
    ['flows/TOPICS.md', topicPage(plugins)],
    ['flows/flow.schema.json', `${JSON.stringify(schema, null, 2)}\n`],
  ]);
}

/** Returns the paths of generated documents that are not as they should be, ascending. */
export function staleDocs(input: DocsInput): readonly string[] {
  const stale = [...generateDocs(input)].filter(([path, text]) => input.readText(path) !== text);
  return stale.map(([path]) => path).sort((a, b) => (a < b ? -1 : 1));
}
