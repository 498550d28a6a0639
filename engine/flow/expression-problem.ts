import { nearestName } from '../plugin/nearest.ts';
import type { Problem } from './expression-environment.ts';
import { depthOf } from './expression-source.ts';
import { type Lints, nearestFix } from './lint-table.ts';
import { shorten } from './reader.ts';
import type { TextScalar } from './yaml-tree.ts';

function wordsFix(text: string): string {
  return `write { text: ${JSON.stringify(shorten(text))} }`;
}

/** What other languages write. */
function operatorFix(text: string): string | null {
  if (/[^=!<>]=[^=]/.test(text)) return 'write == to compare';
  return /\b(and|or|not)\b/i.test(text) ? 'write && || ! or all: any: not:' : null;
}

function noteUnparsed(scalar: TextScalar, problem: Problem, lints: Lints): void {
  const place = scalar.placeAt(problem.offset);
  const text = shorten(scalar.value);
  const { cause } = problem;
  if (scalar.inFlow && !scalar.quoted && depthOf(scalar.value).open > 0) {
    lints.add('WF003.comma', scalar.place, { text }, 'quote the whole expression');
  } else if (scalar.value.includes('${')) {
    lints.add('WF004.interpolation', scalar.place, { text }, 'write p.name for a parameter');
  } else if (/^[\p{L} ,.'-]+$/u.test(scalar.value) && !/\p{L}\.\p{L}/u.test(scalar.value)) {
    lints.add('WF004.words', place, { text, cause }, wordsFix(scalar.value));
  } else lints.add('WF004.parse', place, { text, cause }, operatorFix(scalar.value));
}

/** Notes why a text is no expression. */
export function noteProblem(scalar: TextScalar, problem: Problem, lints: Lints): void {
  const place = scalar.placeAt(problem.offset);
  const text = shorten(scalar.value);
  const { cause, name } = problem;
  const fix = nearestFix(nearestName(name, problem.known));
  switch (problem.kind) {
    case 'parse':
      return noteUnparsed(scalar, problem, lints);
    case 'variable':
      if (scalar.value !== name) return lints.add('WF001.variable', place, { name }, fix);
      // A single word that is no variable: in set and emit that is surely meant as text.
      return lints.add(
        'WF004.words',
        place,
        { text, cause: `'${name}' is no variable` },
        fix ?? wordsFix(name),
      );
    case 'field':
      return lints.add('WF001.field', place, { of: cause, name }, fix);
    case 'function':
      return lints.add('WF001.function', place, { name }, fix);
    case 'type':
      return lints.add(
        'WF010.expression',
        place,
        { text, cause },
        cause.includes('null') ? 'ask has(…)' : null,
      );
  }
}
