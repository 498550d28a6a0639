import { lineAt, type Mess, type Rule, type Tree, withoutCode } from './tree.ts';

interface Ban {
  readonly rule: string;
  readonly pattern: RegExp;
  readonly todo: string;
  /** Whether a file is looked at. */
  readonly where: (path: string) => boolean;
  /** What of a file is looked at; all of it without. */
  readonly reads?: (text: string) => string;
}

const isText = (path: string): boolean =>
  /\.(ts|tsx|mjs|json|md|ya?ml|npmrc|gitignore|gitattributes)$|^LICENSE$|^\.ci\/run$/.test(path);
/** This file names what it bans. */
const isOwn = (path: string): boolean =>
  path === '.ci/tidy/words.ts' || path === 'engine/tidy.test.ts';
const isPure = (path: string): boolean =>
  /^(plugins|engine\/(market|contracts|plugin|flow|runtime|inspect))\/.*\.ts$/.test(path) &&
  !path.endsWith('.test.ts');

/** Blanks comments and texts of a program; positions stay. */
function codeOnly(text: string): string {
  const blank = (found: string): string => found.replace(/[^\n]/g, ' ');
  return text.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g,
    blank,
  );
}

const bans: readonly Ban[] = [
  {
    rule: 'workplace',
    pattern: /\/(?:work|root|home\/[a-z]+)\/|\/tmp\/[a-z]/,
    todo: 'a path of one machine: say it relative to the project, or use os.tmpdir()',
    where: (path) => isText(path) && path !== 'package-lock.json',
  },
  {
    rule: 'workplace',
    pattern:
      /\b(?:sub)?agents?\b|\b(?:language model|LLM|chatbot)s?\b|\b(?:this|last|previous|next) (?:session of work|work(?:ing)? session)\b/i,
    todo: 'say what the project does, not who or what wrote it',
    where: (path) => isText(path) && path !== 'package-lock.json',
  },
  {
    rule: 'registry',
    pattern: /https?:\/\/[^\s"'/]*(?:npm|registry|artifact|nexus|verdaccio|mirror)[^\s"']*/i,
    todo: 'a package host: the lock file names packages and hashes only (omit-lockfile-registry-resolved in .npmrc)',
    where: isText,
  },
  {
    rule: 'two-meanings',
    pattern: /\bIB\b/,
    todo: "write 'initial balance' or 'Interactive Brokers': the two letters mean both",
    where: (path) => /\.(ts|tsx|md|ya?ml)$/.test(path),
  },
  {
    rule: 'prose',
    pattern: /\b(?:simply|just|powerful|robust)\b/i,
    todo: 'the word says nothing: leave it out',
    where: (path) => path.endsWith('.md'),
    reads: withoutCode,
  },
  {
    rule: 'export-all',
    pattern: /^export \*/m,
    todo: 'name what is exported, so that a door can be read',
    where: (path) => /\.(ts|tsx)$/.test(path),
  },
  {
    rule: 'prefixed-name',
    pattern: /\binterface I[A-Z][a-z]/,
    todo: 'name the interface after the thing, without I',
    where: (path) => /\.(ts|tsx)$/.test(path),
  },
  {
    rule: 'power',
    pattern: /[\w)\]]\s*\*\*=?\s*[\w(]/,
    todo: 'write a product: powers are not the same on every runtime',
    where: isPure,
    reads: codeOnly,
  },
];

function broken(tree: Tree, { rule, pattern, todo, where, reads }: Ban): Mess[] {
  return tree.files
    .filter((path) => where(path) && !isOwn(path))
    .flatMap((path) => {
      const whole = tree.text(path);
      const text = reads ? reads(whole) : whole;
      const all = new RegExp(
        pattern.source,
        pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`,
      );
      return [...text.matchAll(all)].map((found) => ({
        path,
        line: lineAt(text, found.index),
        rule,
        todo: `'${found[0].trim()}': ${todo}`,
      }));
    });
}

/** The rules on words nobody may write. */
export const wordRules: readonly Rule[] = bans.map((ban) => (tree: Tree) => broken(tree, ban));
