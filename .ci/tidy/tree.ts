import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

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

/** Returns the project's files: those git knows, and new ones it does not ignore. */
export function readTree(root: string): Tree {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  const deleted = execFileSync('git', ['ls-files', '-z', '--deleted'], { cwd: root, encoding: 'utf8' });
  const gone = new Set(deleted.split('\0'));
  const files = listed.split('\0').filter((path) => path !== '' && !gone.has(path));
  return { files, text: (path) => readFileSync(join(root, path), 'utf8') };
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
