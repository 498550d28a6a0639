import type { Lint } from './graph.ts';

/** A change of a text that would mend a mistake; offsets in UTF-16 units. */
export interface QuickFix {
  /** What it does, as a button says it. */
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

function offsetOf(text: string, line: number, col: number): number | null {
  let at = 0;
  for (let i = 1; i < line; i += 1) {
    const end = text.indexOf('\n', at);
    if (end < 0) return null;
    at = end + 1;
  }
  return at + col - 1;
}

/** The names a message quotes, without those of the fix. */
function quotedIn(message: string): string[] {
  return [...message.matchAll(/'([^']+)'/g)].map(([, name]) => name ?? '');
}

/** Characters a mistyped name may stand behind its lint's place: the rest of its line and what follows in a folded value. */
const reach = 400;

function isWordAt(text: string, at: number, word: string): boolean {
  const isPart = (char: string | undefined): boolean => char !== undefined && /[\w-]/.test(char);
  return !isPart(text[at - 1]) && !isPart(text[at + word.length]);
}

function findWord(text: string, from: number, word: string): number | null {
  for (let at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at > from + reach) return null;
    if (isWordAt(text, at, word)) return at;
  }
  return null;
}

function nearestFix(lint: Lint, start: number, text: string): QuickFix | null {
  const nearest = /^nearest: '(.+)'$/.exec(lint.fix ?? '')?.[1];
  if (nearest === undefined) return null;
  let found: { readonly at: number; readonly word: string } | null = null;
  for (const word of quotedIn(lint.message)) {
    const at = findWord(text, start, word);
    if (at !== null && (found === null || at < found.at)) found = { at, word };
  }
  if (found === null || found.word === nearest) return null;
  const { at, word } = found;
  return {
    label: `write ${nearest}`,
    from: at,
    to: at + word.length,
    insert: nearest,
  };
}

/** What stands at a mistake, and what to write in its place, where a message says it whole. */
const rewrites: readonly {
  readonly code: string;
  readonly fix: RegExp;
  readonly wrong: RegExp;
}[] = [
  // A range that no installed version is in.
  { code: 'WF001', fix: /^write ([a-z][\w-]*@\S+)$/, wrong: /^["']?([a-z][\w-]*@[^\s,{}"']+)/ },
  // 70 for a share.
  { code: 'WF014', fix: /^write (\d[\d.]*)$/, wrong: /^(\d[\d.]*)(?![\w.])/ },
  // A price that is a bare number.
  { code: 'WF010', fix: /^write (price\(-?[\d.]+\))$/, wrong: /^(-?\d[\d.]*)(?![\w.])/ },
];

function rewriteFix(lint: Lint, start: number, text: string): QuickFix | null {
  for (const { code, fix, wrong } of rewrites) {
    const insert = code === lint.code ? fix.exec(lint.fix ?? '')?.[1] : undefined;
    const found = insert === undefined ? null : wrong.exec(text.slice(start, start + reach));
    const word = found?.[1];
    if (insert === undefined || !found || word === undefined || word === insert) continue;
    const from = start + found[0].length - word.length;
    return { label: `write ${insert}`, from, to: from + word.length, insert };
  }
  return null;
}

/** Quotes the rest of a plain value up to the end of its line, or of the brackets around it. */
function quoteFix(lint: Lint, start: number, text: string): QuickFix | null {
  if (lint.fix !== 'quote the whole expression' || lint.code !== 'WF003') return null;
  const end = text.indexOf('\n', start);
  const line = text.slice(start, end < 0 ? text.length : end);
  const value = line.replace(/\s+#.*$/, '').trimEnd();
  // A value inside { … } may end anywhere: only one that has the line for itself is surely whole.
  if (value === '' || /^["']/.test(value) || /[{}]/.test(value)) return null;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (/[{[]/.test(text.slice(lineStart, start))) return null;
  const quoted = `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return { label: 'put it in quotes', from: start, to: start + value.length, insert: quoted };
}

/** Returns the change that would mend a mistake in its text, null where none is known. */
export function quickFixOf(lint: Lint, text: string): QuickFix | null {
  const start = offsetOf(text, lint.line, lint.col);
  if (start === null) return null;
  return (
    nearestFix(lint, start, text) ?? rewriteFix(lint, start, text) ?? quoteFix(lint, start, text)
  );
}
