import { lineAt, type Mess, type Rule, type Tree } from './tree.ts';

const errorTable = 'engine/error-table.ts';
const lintTable = 'engine/flow/lint-table.ts';

function codesOf(
  tree: Tree,
  table: string,
  prefix: string,
): readonly { readonly code: string; readonly line: number }[] {
  if (!tree.files.includes(table)) return [];
  const text = tree.text(table);
  const rows = text.matchAll(new RegExp(`^ {2}(${prefix}\\w+): row\\(`, 'gm'));
  return [...rows].map((row) => ({ code: row[1]!, line: lineAt(text, row.index) }));
}

/** Returns every code that occurs in some file of a kind. */
function mentioned(tree: Tree, isKind: (path: string) => boolean): ReadonlySet<string> {
  const found = new Set<string>();
  for (const path of tree.files.filter(isKind)) {
    for (const [code] of tree.text(path).matchAll(/\b(OF_[A-Z0-9_]+|WF\d{3})\b/g)) found.add(code);
  }
  return found;
}

const isTest = (path: string): boolean => /\.test\.(ts|yaml)$|\.conformance\.ts$/.test(path);
const isCode = (path: string): boolean =>
  /\.(ts|mjs)$/.test(path) && !isTest(path) && path !== errorTable && path !== lintTable;

/** Every error code is thrown somewhere and named by a test. */
const errorCodes: Rule = (tree) => {
  const thrown = mentioned(tree, isCode);
  const tested = mentioned(tree, isTest);
  return codesOf(tree, errorTable, 'OF_').flatMap(({ code, line }): Mess[] => [
    ...(thrown.has(code)
      ? []
      : [
          {
            path: errorTable,
            line,
            rule: 'error-unused',
            todo: `nothing throws ${code}: delete the row or throw it`,
          },
        ]),
    ...(tested.has(code)
      ? []
      : [
          {
            path: errorTable,
            line,
            rule: 'error-untested',
            todo: `no test names ${code}: add one that provokes it`,
          },
        ]),
  ]);
};

function isInvalidFlow(path: string): boolean {
  return path.startsWith('flows/invalid/') && path.endsWith('.yaml');
}

/** Every lint has a flow that provokes it. */
const lintCodes: Rule = (tree) => {
  const flows = tree.files.filter(isInvalidFlow).map((path) => tree.text(path));
  const expected = flows.flatMap((text) => [...text.matchAll(/^# expect: (WF\d{3}) \d/gm)]);
  const shown = new Set(expected.map((found) => found[1]));
  return codesOf(tree, lintTable, 'WF')
    .filter(({ code }) => !shown.has(code))
    .map(({ code, line }) => {
      const todo = `no file of flows/invalid/ expects ${code}: add one with that single mistake`;
      return { path: lintTable, line, rule: 'lint-untested', todo };
    });
};

/** A flow of flows/invalid says which lint it must give. */
const invalidFlows: Rule = (tree) =>
  tree.files
    .filter((path) => isInvalidFlow(path) && !/^# expect: WF\d{3} \d+:\d+/m.test(tree.text(path)))
    .map((path) => ({
      path,
      line: 1,
      rule: 'invalid-flow',
      todo: "write '# expect: WF000 line:col' on its first line",
    }));

/** Every contract is the schema of some port or of an input topic. */
const contracts: Rule = (tree) => {
  const users = tree.files.filter(
    (path) => /^(plugins|engine)\/.*\.ts$/.test(path) && !isTest(path),
  );
  return tree.files
    .filter((path) => /^engine\/contracts\/[^/]+\.ts$/.test(path) && !isTest(path))
    .flatMap((path) => {
      const text = tree.text(path);
      const declared = [
        ...text.matchAll(/^export const (\w+) = z\b(?:(?!^export )[\s\S])*?\.meta\(\{ id: '/gm),
      ];
      return declared.flatMap((found): Mess[] => {
        const name = found[1]!;
        const uses = users.filter((user) => user !== path && user !== 'engine/index.ts');
        if (uses.some((user) => new RegExp(`\\b${name}\\b`).test(tree.text(user)))) return [];
        return [
          {
            path,
            line: lineAt(text, found.index),
            rule: 'contract-unused',
            todo: `no port has the schema '${name}': use it or delete it`,
          },
        ];
      });
    });
};

/** The rules on the tables of codes and on contracts. */
export const codeRules: readonly Rule[] = [errorCodes, lintCodes, invalidFlows, contracts];
