import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** The files of a project, as paths below its folder, and their text. */
export interface Tree {
  readonly files: readonly string[];
  text(path: string): string;
}

/** A broken rule with its place; lines start at 1. */
export interface Mess {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  /** What to do about it. */
  readonly todo: string;
}

/** A rule of the house: returns every place that breaks it. */
export type Rule = (tree: Tree) => readonly Mess[];

/** Returns whether a name is ignored by a line of .gitignore: plain names, `name/`, and `*` within a name. */
function ignores(line: string, name: string): boolean {
  const pattern = line
    .replace(/\/$/, '')
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(name);
}

/** Returns the project's files, without what .gitignore names; git itself is not asked, so an archive will do. */
export function readTree(root: string): Tree {
  const ignored = readFileSync(join(root, '.gitignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const below = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      if (entry.name === '.git' || ignored.some((line) => ignores(line, entry.name))) return [];
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? below(path) : [path];
    });
  return { files: below('.'), text: (path) => readFileSync(join(root, path), 'utf8') };
}

/** Returns the line (from 1) on which a position of a text lies. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

/** Returns a text with code blocks and inline code of Markdown blanked out; positions stay. */
export function withoutCode(text: string): string {
  const blank = (found: string): string => found.replace(/[^\n]/g, ' ');
  return text.replace(/^```[^\n]*\n[\s\S]*?^```/gm, blank).replace(/`[^`\n]*`/g, blank);
}
