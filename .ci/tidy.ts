import { codeRules } from './tidy/codes.ts';
import { documentRules } from './tidy/documents.ts';
import { layoutRules } from './tidy/layout.ts';
import { pluginRules } from './tidy/plugins.ts';
import type { Tree } from './tidy/tree.ts';
import { wordRules } from './tidy/words.ts';

/** Returns every broken rule of the house that linters cannot see, as `path:line: rule: what to do`, ascending. */
export function tidy(tree: Tree): readonly string[] {
  const rules = [...layoutRules, ...pluginRules, ...codeRules, ...documentRules, ...wordRules];
  const messes = rules.flatMap((rule) => rule(tree));
  return messes.map(({ path, line, rule, todo }) => `${path}:${line}: ${rule}: ${todo}`).sort();
}
