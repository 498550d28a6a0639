import { lineAt, type Mess, type Rule, type Tree } from './tree.ts';

const headings = ['What it sees', 'States', 'Parameters', 'Rules and their source', 'Known limits'];

interface Folder {
  readonly id: string;
  readonly path: string;
  readonly files: ReadonlySet<string>;
}

function pluginFolders({ files }: Tree): Folder[] {
  const ids = new Set(files.flatMap((path) => /^plugins\/([^/]+)\//.exec(path)?.[1] ?? []));
  return [...ids].map((id) => {
    const path = `plugins/${id}`;
    const own = files
      .filter((file) => file.startsWith(`${path}/`))
      .map((file) => file.slice(path.length + 1));
    return { id, path, files: new Set(own) };
  });
}

function kindOf(tree: Tree, { path, files }: Folder): 'source' | 'sink' | 'processor' {
  const text = files.has('plugin.ts') ? tree.text(`${path}/plugin.ts`) : '';
  const kind = /\bkind: '(source|sink)'/.exec(text)?.[1];
  return kind === 'source' || kind === 'sink' ? kind : 'processor';
}

function absent(folder: Folder, file: string, why: string): Mess {
  return { path: `${folder.path}/${file}`, line: 1, rule: 'plugin-files', todo: `add it: ${why}` };
}

function filesOfProcessor({ files }: Folder): readonly (readonly [file: string, why: string])[] {
  const works = files.has('sensor.ts') || files.has('machine.ts');
  return [
    ...(works ? [] : [['machine.ts', 'a plugin has a sensor.ts, a machine.ts or both'] as const]),
    ...(files.has('machine.ts') && !files.has('machine.test.ts')
      ? [['machine.test.ts', 'scenario tables of the machine'] as const]
      : []),
  ];
}

/** A plugin folder has the files of its kind. */
const pluginFiles: Rule = (tree) =>
  pluginFolders(tree).flatMap((folder) => {
    const kind = kindOf(tree, folder);
    const always = [
      ['plugin.ts', 'it declares the plugin'],
      ['README.md', 'it says what the plugin sees, and by which rules'],
    ] as const;
    const ofKind =
      kind === 'processor'
        ? filesOfProcessor(folder)
        : ([[`${kind}.ts`, `a ${kind} does its work there`]] as const);
    const missing = [...always, ...ofKind]
      .filter(([file]) => !folder.files.has(file))
      .map(([file, why]) => absent(folder, file, why));
    const tests = [...folder.files].filter((file) => file.endsWith('.test.ts'));
    if (tests.length === 0)
      missing.push(
        absent(folder, `${folder.id}.test.ts`, 'a plugin without a test is not finished'),
      );
    return missing;
  });

/** Every plugin passes the contract suite. */
const contractSuite: Rule = (tree) =>
  pluginFolders(tree).flatMap((folder) => {
    if (kindOf(tree, folder) !== 'processor') return [];
    const tests = [...folder.files].filter((file) => file.endsWith('.test.ts'));
    if (tests.some((file) => /\bdescribePlugin\(/.test(tree.text(`${folder.path}/${file}`))))
      return [];
    return [
      {
        path: `${folder.path}/machine.test.ts`,
        line: 1,
        rule: 'contract-suite',
        todo: 'call describePlugin(plugin, { cases }): every plugin keeps the same promises',
      },
    ];
  });

/** The folder is the plugin's id. */
const pluginId: Rule = (tree) =>
  pluginFolders(tree).flatMap(({ id, path, files }) => {
    if (!files.has('plugin.ts')) return [];
    const file = `${path}/plugin.ts`;
    const text = tree.text(file);
    const found = /\bid: '([^']+)'/.exec(text);
    if (found?.[1] === id) return [];
    const todo = `expected id '${id}', the name of the folder, was '${found?.[1] ?? 'none'}'; rename one of them`;
    return [{ path: file, line: found ? lineAt(text, found.index) : 1, rule: 'plugin-id', todo }];
  });

/** A plugin's README has its five headings in order. */
const readmeHeadings: Rule = (tree) =>
  pluginFolders(tree).flatMap(({ path, files }) => {
    if (!files.has('README.md')) return [];
    const file = `${path}/README.md`;
    const text = tree.text(file);
    const found = [...text.matchAll(/^## (.+)$/gm)];
    const wrong = headings.findIndex((heading, i) => found[i]?.[1]?.trim() !== heading);
    if (wrong < 0 && found.length === headings.length) return [];
    const at = wrong < 0 ? found[headings.length] : found[wrong];
    const was = at?.[1] ?? 'none';
    const expected = wrong < 0 ? 'no sixth heading' : `'## ${headings[wrong]}'`;
    return [
      {
        path: file,
        line: at ? lineAt(text, at.index) : 1,
        rule: 'readme-headings',
        todo: `expected ${expected}, was '${was}'; the five are ${headings.join(' / ')}`,
      },
    ];
  });

/** A golden file says where it came from. */
const goldenMetadata: Rule = ({ files }) => {
  const folders = new Set(files.flatMap((path) => /^(.*\/golden)\//.exec(path)?.[1] ?? []));
  return [...folders]
    .filter((folder) => !files.includes(`${folder}/metadata.json`))
    .map((folder) => ({
      path: `${folder}/metadata.json`,
      line: 1,
      rule: 'golden-metadata',
      todo: 'add it: made or recorded, source, date, sha256, licence, seed of each file',
    }));
};

/** The rules on plugin folders. */
export const pluginRules: readonly Rule[] = [
  pluginFiles,
  contractSuite,
  pluginId,
  readmeHeadings,
  goldenMetadata,
];
