import { z } from 'zod';
import type { Instrument } from '../market/instrument.ts';
import { nearestName } from '../plugin/nearest.ts';
import { unwrapSchema } from '../plugin/schema.ts';
import { Expression, type ExpressionEnvironment, type Problem } from './expression.ts';
import { type Facts, factsOfExpression, factsOfSchema } from './expression-facts.ts';
import { depthOf, walk } from './expression-source.ts';
import { type Lints, nearestFix } from './lint-table.ts';
import type { ParamScope } from './params.ts';
import { shorten } from './reader.ts';
import { describeSchema } from './schema-text.ts';
import type { ScalarTree } from './yaml-tree.ts';

/** A text of the flow with its place. */
export type TextScalar = ScalarTree & { readonly value: string };

/** What an expression is compiled with. */
export interface CompileContext {
  readonly environment: ExpressionEnvironment;
  readonly instruments: readonly Instrument[];
  readonly lints: Lints;
  /** The parameters `p` means; what an expression reads of them counts as read. */
  readonly params: ParamScope;
}

/** An expression that was checked, and what is known of its result. */
export interface Checked {
  readonly expression: Expression;
  readonly facts: Facts;
}

function wordsFix(text: string): string {
  return `write { text: ${JSON.stringify(shorten(text))} }`;
}

function noteProblem(scalar: TextScalar, problem: Problem, lints: Lints): void {
  const place = scalar.placeAt(problem.offset);
  const text = shorten(scalar.value);
  const fix = nearestFix(nearestName(problem.name, problem.known));
  switch (problem.kind) {
    case 'parse':
      if (scalar.inFlow && !scalar.quoted && depthOf(scalar.value).open > 0) {
        lints.add('WF003.comma', scalar.place, { text }, 'quote the whole expression');
      } else if (scalar.value.includes('${'))
        lints.add('WF004.interpolation', scalar.place, { text }, 'write p.name for a parameter');
      else if (/^[\p{L} ,.'-]+$/u.test(scalar.value)) {
        lints.add('WF004.words', place, { text, cause: problem.cause }, wordsFix(scalar.value));
      } else lints.add('WF004.parse', place, { text, cause: problem.cause });
      return;
    case 'variable':
      // A single word that is no variable: in set and emit that is surely meant as text.
      if (scalar.value === problem.name) {
        lints.add(
          'WF004.words',
          place,
          { text, cause: `'${problem.name}' is no variable` },
          fix ?? wordsFix(scalar.value),
        );
      } else lints.add('WF001.variable', place, { name: problem.name }, fix);
      return;
    case 'field':
      lints.add('WF001.field', place, { of: problem.cause, name: problem.name }, fix);
      return;
    case 'function':
      lints.add('WF001.function', place, { name: problem.name }, fix);
      return;
    case 'type':
      lints.add(
        'WF010.expression',
        place,
        { text, cause: problem.cause },
        problem.cause.includes('null') ? 'ask has(…)' : null,
      );
  }
}

/** Compiles a text and notes everything that is wrong with it; null when it cannot run. */
export function compileText(scalar: TextScalar, context: CompileContext): Checked | null {
  const { environment, instruments, lints } = context;
  const expression = environment.compile(scalar.value);
  if (!(expression instanceof Expression)) {
    noteProblem(scalar, expression, lints);
    return null;
  }
  walk(expression.ast, (node) => {
    if (node.op === '.' && node.args[0].op === 'id' && node.args[0].args === 'p')
      context.params.use(node.args[1]);
  });
  const facts = factsOfExpression(expression.ast, {
    schemaOf: (name) => environment.schemaOf(name),
    textOf: (node) => expression.textOf(node),
    placeOf: (node) => scalar.placeAt(expression.offsetOf(node)),
    lints,
    instruments,
  });
  return { expression, facts };
}

/** Compiles a condition: its result is true or false. */
export function compileCondition(scalar: TextScalar, context: CompileContext): Checked | null {
  const checked = compileText(scalar, context);
  if (!checked || checked.expression.type === 'bool' || checked.expression.type === 'dyn')
    return checked;
  context.lints.add('WF010.result', scalar.place, {
    text: shorten(scalar.value),
    expected: 'true or false',
    was: checked.expression.type.replace('double', 'a number').replace('string', 'text'),
  });
  return null;
}

function celTypeOf(schema: z.ZodType): string | null {
  const { inner } = unwrapSchema(schema);
  if (inner instanceof z.ZodNumber) return 'double';
  if (inner instanceof z.ZodBoolean) return 'bool';
  if (inner instanceof z.ZodString || inner instanceof z.ZodStringFormat) return 'string';
  if (factsOfSchema(inner).words?.length) return 'string';
  if (inner instanceof z.ZodArray) return 'list';
  return null;
}

/** Compiles the right side of `set` or `emit`: its result fits the schema of the field, unit included. */
export function compileValue(
  scalar: TextScalar,
  schema: z.ZodType | null,
  name: string,
  context: CompileContext,
): Expression | null {
  const checked = compileText(scalar, context);
  if (!checked || !schema) return checked?.expression ?? null;
  const { expression, facts } = checked;
  const { lints } = context;
  const text = shorten(scalar.value);
  const expected = celTypeOf(schema);
  const was = expression.type.startsWith('list<') ? 'list' : expression.type;
  if (
    expected !== null &&
    was !== 'dyn' &&
    was !== expected &&
    !(was === 'int' && expected === 'double')
  ) {
    lints.add('WF010.result', scalar.place, {
      text,
      expected: `${describeSchema(schema)} for '${name}'`,
      was: was
        .replace('double', 'a number')
        .replace('string', 'text')
        .replace('bool', 'true or false'),
    });
    return null;
  }
  const target = factsOfSchema(schema);
  if (target.unit !== null && facts.unit !== null && target.unit !== facts.unit) {
    lints.add('WF010.unit', scalar.place, {
      text,
      left: `'${name}'`,
      leftUnit: target.unit,
      right: text,
      rightUnit: facts.unit,
    });
  }
  if (target.unit === 'price' && facts.bare) {
    lints.add(
      'WF010.barePrice',
      scalar.place,
      { text, number: facts.range.lo },
      `write price(${facts.range.lo})`,
    );
  }
  const stray = target.words && facts.words?.find((word) => !target.words!.includes(word));
  if (stray !== null && stray !== undefined) {
    const known = target.words!;
    lints.add(
      'WF014.word',
      scalar.place,
      { text: name, word: stray, expected: known.join(', ') },
      nearestFix(nearestName(stray, known)),
    );
  }
  return expression;
}
