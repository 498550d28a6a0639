import { errorTable } from '../error-table.ts';
import { lintTable } from '../flow/lint-table.ts';
import type { CodeFact } from './desk.ts';

/** Returns every code of errors and lints with its words, in the order of the tables. */
export function allCodes(): readonly CodeFact[] {
  const errors = Object.entries(errorTable).map(([code, { say, doc }]) => ({
    code,
    level: 'error' as const,
    say: [say],
    doc,
  }));
  const lints = Object.entries(lintTable).map(([code, { level, say, doc }]) => ({
    code,
    level: level === 'error' ? ('lint' as const) : ('warning' as const),
    say: Object.values(say),
    doc,
  }));
  return [...errors, ...lints];
}
