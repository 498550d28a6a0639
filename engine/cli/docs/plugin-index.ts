import type { Plugin } from '../../plugin/define-plugin.ts';
import { markdownTable } from './markdown-table.ts';

function names(ports: Readonly<Record<string, unknown>>): string {
  const all = Object.keys(ports).map((name) => `\`${name}\``);
  return all.length === 0 ? 'none' : all.join(', ');
}

/** Writes the table of plugins: what each sees, what it takes and gives. */
export function pluginIndex(plugins: readonly Plugin[]): string {
  const rows = plugins.map(({ id, kind = 'processor', version, summary, in: takes, out }) => [
    `[${id}](./${id}/README.md)`,
    kind,
    version,
    summary,
    names(takes),
    names(out),
  ]);
  return markdownTable(['plugin', 'kind', 'version', 'what it sees', 'in', 'out'], rows);
}
