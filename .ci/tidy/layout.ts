import type { Mess, Rule, Tree } from './tree.ts';

const folders: ReadonlySet<string> = new Set(['engine', 'plugins', 'flows', 'web', 'kafka', '.ci']);
const documents = [
  'README',
  'ARCHITECTURE',
  'CONTRIBUTING',
  'GLOSSARY',
  'DECISIONS',
  'BENCHMARKS',
  'CHANGELOG',
];
const rootFiles: ReadonlySet<string> = new Set([
  ...documents.map((name) => `${name}.md`),
  ...[
    'LICENSE',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'biome.json',
    'knip.json',
    'deno.check.json',
    'orderflow.ts',
    'compose.yaml',
  ],
  ...[
    'bootstrap.mjs',
    '.gitignore',
    '.gitattributes',
    '.npmrc',
    '.oxlintrc.json',
    '.dependency-cruiser.mjs',
  ],
]);
const emptyNames = /(^|\/)(utils?|helpers?|common|misc|shared|types)(\.[^/]*)?(\/|$)/;
const deepest = 3;

/** The top level is fixed. */
const topLevel: Rule = ({ files }) =>
  files.flatMap((path) => {
    const [first = '', ...rest] = path.split('/');
    const isKnown =
      rest.length > 0
        ? folders.has(first)
        : rootFiles.has(first) || /\.(config|test)\.ts$/.test(first);
    if (isKnown) return [];
    const todo = `the top level is engine/ plugins/ flows/ web/ kafka/ and known root files: move '${first}' into one of them`;
    return [{ path, line: 1, rule: 'top-level', todo }];
  });

/** Every top-level folder exists and has a README. */
const folderReadme: Rule = ({ files }) =>
  ['engine', 'plugins', 'flows', 'web', 'kafka']
    .map((folder) => `${folder}/README.md`)
    .filter((path) => !files.includes(path))
    .map((path) => ({
      path,
      line: 1,
      rule: 'folder-readme',
      todo: 'write in at most 25 lines what lives here, what it may import, the file to copy',
    }));

/** A name says what is inside. */
const telling: Rule = ({ files }) =>
  files
    .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && emptyNames.test(path))
    .map((path) => ({
      path,
      line: 1,
      rule: 'empty-name',
      todo: 'name the file or folder after what is inside; utils, helpers, common, misc and types say nothing',
    }));

/** Nobody has to dig. */
const shallow: Rule = ({ files }) =>
  files
    .filter((path) => /\.(ts|tsx)$/.test(path) && path.split('/').length - 1 > deepest)
    .map((path) => ({
      path,
      line: 1,
      rule: 'depth',
      todo: `expected at most ${deepest} folders above a file, was ${path.split('/').length - 1}; move it up`,
    }));

function linesOf(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function tooLong(tree: Tree, paths: readonly string[], most: number, todo: string): Mess[] {
  return paths.flatMap((path) => {
    // What is generated into a page does not count as its length.
    const count = linesOf(tree.text(path).replace(/<!-- (\w+) -->[\s\S]*?<!-- \/\1 -->\n?/g, ''));
    if (count <= most) return [];
    return [
      {
        path,
        line: most + 1,
        rule: 'length',
        todo: `expected at most ${most} lines, was ${count}; ${todo}`,
      },
    ];
  });
}

/** Code over 400 lines is the linter's to find; these pages and declarations have limits of their own. */
const length: Rule = (tree) => [
  ...tooLong(
    tree,
    tree.files.filter((path) => /^[^/.]+\/README\.md$/.test(path)),
    25,
    'a folder README is a signpost',
  ),
  ...tooLong(
    tree,
    tree.files.filter((path) => /^plugins\/[^/]+\/plugin\.ts$/.test(path)),
    80,
    'plugin.ts declares; move the work into files beside it',
  ),
  ...tooLong(
    tree,
    tree.files.filter((path) => path.endsWith('.mjs')),
    400,
    'split it by concept',
  ),
];

/** The rules on files and folders. */
export const layoutRules: readonly Rule[] = [topLevel, folderReadme, telling, shallow, length];
