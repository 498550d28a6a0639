import { isScalar } from 'yaml';
import type { FlowEdit } from '../../live/why.ts';
import { applyChange, readDocument, setAt, type TextChange } from '../flows/patch.ts';

/** A change of a flow's text, with the line it changes; or why there is none. */
export type EditedText =
  | {
      readonly text: string;
      /** From 1. */
      readonly line: number;
      readonly before: string;
      readonly after: string;
    }
  | { readonly reason: string };

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length;

function edited(text: string, change: TextChange): EditedText {
  const after = applyChange(text, change);
  // A new key becomes a line of its own, which begins behind the end of the line before.
  const isNewLine = change.insert.startsWith('\n');
  const line = lineOf(text, change.from) + (isNewLine ? 1 : 0);
  return {
    text: after,
    line,
    before: isNewLine ? '' : (text.split('\n')[line - 1] ?? ''),
    after: after.split('\n')[line - 1] ?? '',
  };
}

/** What stands at a path: a number, or text; undefined where nothing does. */
function valueAt(text: string, path: readonly string[]): string | number | undefined {
  const found: unknown = readDocument(text)?.getIn(path, true);
  if (found === undefined) return undefined;
  const value: unknown = isScalar(found) ? found.value : null;
  return typeof value === 'number' ? value : typeof value === 'string' ? value : 'no number';
}

/** A parameter of the flow that stands in place of a value. */
function paramIn(value: unknown): string | null {
  return typeof value === 'string'
    ? (/^\$\{param\.(\w+)\}$/.exec(value.trim())?.[1] ?? null)
    : null;
}

function setNumber(text: string, path: readonly string[], was: number, is: number): EditedText {
  const value = valueAt(text, path);
  const param = paramIn(value);
  if (param !== null) return setNumber(text, ['params', param, 'default'], was, is);
  if (value !== undefined && value !== was)
    return {
      reason: `the file says ${value} at ${path.join('.')}, and ${was} is what runs`,
    };
  const change = setAt(text, path, is);
  return change ? edited(text, change) : { reason: `${path.join('.')} is not written in the file` };
}

function replaceCondition(text: string, was: string, is: string): EditedText {
  const from = text.indexOf(was);
  if (from < 0) return { reason: `the file does not say '${was}'` };
  if (text.includes(was, from + 1))
    return { reason: `the file says '${was}' more than once: choose by hand which one` };
  return edited(text, { from, to: from + was.length, insert: is });
}

/** Puts a change into the text of a flow, comments and all else as they are. */
export function applyEdit(text: string, edit: FlowEdit): EditedText {
  switch (edit.kind) {
    case 'set':
      return setNumber(text, edit.path, edit.was, edit.is);
    case 'replace':
      return replaceCondition(text, edit.was, edit.is);
    case 'none':
      return { reason: edit.reason };
  }
}
