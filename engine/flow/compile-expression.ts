import { z } from 'zod';
import type { Instrument } from '../market/instrument.ts';
import { nearestName } from '../plugin/nearest.ts';
import { unwrapSchema } from '../plugin/schema.ts';
import { Expression } from './expression.ts';
import type { ExpressionEnvironment } from './expression-environment.ts';
import { factsOfExpression } from './expression-facts.ts';
import { noteProblem } from './expression-problem.ts';
import { walk } from './expression-source.ts';
import { type Lints, nearestFix } from './lint-table.ts';
import type { ParamScope } from './params.ts';
import { shorten } from './reader.ts';
import { type Facts, factsOfSchema } from './schema-facts.ts';
import { describeSchema } from './schema-text.ts';
import type { TextScalar } from './yaml-tree.ts';

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

/** Compiles a text and notes everything that is wrong with it; null when it cannot run. */
export function compileText(scalar: TextScalar, context: CompileContext): Checked | null {
  try {
    return compileChecked(scalar, context);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Thousands of operators in a row: nobody can read that either.
    const cause = 'it is nested too deeply';
    context.lints.add('WF004.parse', scalar.place, { text: shorten(scalar.value), cause }, null);
    return null;
  }
}

function compileChecked(scalar: TextScalar, context: CompileContext): Checked | null {
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
    was: plainType(checked.expression.type),
  });
  return null;
}

function celTypeOf(schema: z.ZodType): string | null {
  const { inner } = unwrapSchema(schema);
  if (inner instanceof z.ZodNumber) return 'double';
  if (inner instanceof z.ZodBoolean) return 'bool';
  if (inner instanceof z.ZodString || inner instanceof z.ZodStringFormat) return 'string';
  if (factsOfSchema(inner).words?.length) return 'string';
  return inner instanceof z.ZodArray ? 'list' : null;
}

function plainType(type: string): string {
  return type
    .replace('double', 'a number')
    .replace('string', 'text')
    .replace('bool', 'true or false');
}

function fitsType(type: string, expected: string | null): boolean {
  const was = type.startsWith('list<') ? 'list' : type;
  if (expected === null || was === 'dyn' || was === expected) return true;
  return was === 'int' && expected === 'double';
}

/** Notes where a value has the type of its field, but another unit or a word the field cannot have. */
function checkMeaning(
  scalar: TextScalar,
  facts: Facts,
  schema: z.ZodType,
  name: string,
  lints: Lints,
): void {
  const target = factsOfSchema(schema);
  const text = shorten(scalar.value);
  if (target.unit !== null && facts.unit !== null && target.unit !== facts.unit) {
    const units = { left: `'${name}'`, leftUnit: target.unit, right: text, rightUnit: facts.unit };
    lints.add('WF010.unit', scalar.place, { text, ...units });
  }
  if (target.unit === 'price' && facts.bare) {
    const number = facts.range.lo;
    lints.add('WF010.barePrice', scalar.place, { text, number }, `write price(${number})`);
  }
  const known = target.words;
  const stray = known && facts.words?.find((word) => !known.includes(word));
  if (typeof stray !== 'string') return;
  const word = { text: name, word: stray, expected: known?.join(', ') ?? '' };
  lints.add('WF014.word', scalar.place, word, nearestFix(nearestName(stray, known ?? [])));
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
  if (!fitsType(expression.type, celTypeOf(schema))) {
    context.lints.add('WF010.result', scalar.place, {
      text: shorten(scalar.value),
      expected: `${describeSchema(schema)} for '${name}'`,
      was: plainType(expression.type),
    });
    return null;
  }
  checkMeaning(scalar, facts, schema, name, context.lints);
  return expression;
}
