import type { Lint, Place } from './graph.ts';
import { Lints } from './lint-table.ts';

const time = 'time is that of the records; use ts, or after';
const outside = 'only sources and sinks meet the outside';
const inexact = 'its last digits differ between engines; use + - * / and sqrt';
const locale = 'the result depends on the machine';

const globals: Readonly<Record<string, string>> = {
  Date: time,
  Temporal: time,
  performance: time,
  setTimeout: time,
  setInterval: time,
  setImmediate: time,
  queueMicrotask: time,
  Intl: locale,
  crypto: 'randomness cannot be replayed',
  WeakRef: 'it depends on the garbage collector',
  FinalizationRegistry: 'it depends on the garbage collector',
  eval: 'code comes from files',
  Function: 'code comes from files',
  globalThis: outside,
  process: outside,
  Deno: outside,
  Bun: outside,
  fetch: outside,
  WebSocket: outside,
  XMLHttpRequest: outside,
  require: outside,
  console: 'a plugin speaks by emit',
};
const localeMethods = /^(toLocale\w*|localeCompare)$/;
const inexactMath = /^(a?(sin|cos|tan)h?|atan2|exp|expm1|log|log10|log2|log1p|pow|cbrt|hypot)$/;

/** Replaces what is no code by spaces of the same length, so that places stay right. */
function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

// One alternative per kind of text that is no code: comments, strings, templates, regular expressions.
const notCode =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|(?<=[(,=:[!&|?{};]\s*|\breturn\s+)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g;

/** What stands in `${…}` of a template is code. */
function blankTemplate(text: string): string {
  return text.replace(/\$\{([^{}]*)\}|[^\n]/g, (whole, code: string | undefined) =>
    code === undefined ? ' ' : `  ${code} `.padEnd(whole.length),
  );
}

function codeOf(text: string): string {
  return text.replace(notCode, (part) =>
    part.startsWith('`') ? blankTemplate(part) : blank(part),
  );
}

function reasonOf(name: string, before: string, after: string): string | null {
  const owner = /([A-Za-z_$][\w$]*)\s*\??\.\s*$/.exec(before)?.[1];
  if (owner === 'Math')
    return name === 'random'
      ? 'randomness cannot be replayed'
      : inexactMath.test(name)
        ? inexact
        : null;
  if (owner !== undefined || /\.\s*$/.test(before)) return localeMethods.test(name) ? locale : null;
  // A key of an object or a declared name is no use of the global.
  if (/^\s*\??:/.test(after) && /[{,;(]\s*(readonly\s+)?$/.test(before)) return null;
  if (/\b(const|let|function|class|interface|type|import)\s+$/.test(before)) return null;
  return Object.hasOwn(globals, name) ? globals[name]! : null;
}

/**
 * Notes what a plugin's source must not use, as WF050: clock, randomness, timers, locale, the outside world, and Math
 * functions whose last digit differs between engines. Only for processors; sources and sinks may do I/O.
 */
export function lintPluginSource(file: string, text: string): readonly Lint[] {
  const lints = new Lints();
  const code = codeOf(text);
  const placeAt = (offset: number): Place => {
    const head = text.slice(0, offset).split('\n');
    return { file, line: head.length, col: head.at(-1)!.length + 1 };
  };
  for (const { 0: name, index } of code.matchAll(/[A-Za-z_$][\w$]*/g)) {
    const why = reasonOf(
      name,
      code.slice(Math.max(0, index - 80), index),
      code.slice(index + name.length, index + name.length + 8),
    );
    if (why === null) continue;
    const shown = /Math\s*\.\s*$/.test(code.slice(Math.max(0, index - 10), index))
      ? `Math.${name}`
      : name;
    lints.add('WF050.global', placeAt(index), { name: shown, why });
  }
  const modules =
    /\b(?:from|import|import\s*\()\s*['"](node:[^'"]+|fs|path|os|http|https|net|child_process|worker_threads)['"]/g;
  for (const { 1: name, index } of text.matchAll(modules)) {
    if (code[index] === ' ') continue;
    lints.add('WF050.global', placeAt(index), { name: name!, why: outside });
  }
  return lints.list;
}
