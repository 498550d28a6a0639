import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('plugin-template', import.meta.url));
/** The file of the template that is named after the plugin. */
const named = 'one-sided-run';

/** Where a plugin's kit comes from: inside the project by an import map, elsewhere by the package's name. */
const kits = {
  inside: { kit: '#engine', testing: '#engine/testing.ts' },
  outside: { kit: 'orderflow', testing: 'orderflow/testing' },
} as const;

/** Puts imports of files of the folder in the order of their names, as the format check wants them. */
function sortLocalImports(text: string): string {
  const lines = text.split('\n');
  const isLocal = (line: string): boolean => /^import .* from '\.\//.test(line);
  const nameOf = (line: string): string => line.slice(line.indexOf("'./"));
  const sorted = lines.filter(isLocal).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return lines.map((line) => (isLocal(line) ? (sorted.shift() ?? line) : line)).join('\n');
}

/** Returns the files of a new plugin, by name: a whole one that works, to be changed into what is needed. */
export function pluginFiles(id: string, place: keyof typeof kits): ReadonlyMap<string, string> {
  const { kit, testing } = kits[place];
  const fill = (text: string): string =>
    text.replaceAll('{{id}}', id).replaceAll('{{kit}}', kit).replaceAll('{{testing}}', testing);
  const names = readdirSync(folder).sort();
  return new Map(
    names.map((name) => [
      name.replace(/\.txt$/, '').replace(named, id),
      sortLocalImports(fill(readFileSync(join(folder, name), 'utf8'))),
    ]),
  );
}
