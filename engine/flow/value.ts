import { z } from 'zod';
import { OrderflowError } from '../errors.ts';
import { nearestName } from '../plugin/nearest.ts';
import { elementOf, fieldOf, unwrapSchema } from '../plugin/schema.ts';
import { type CompileContext, compileValue } from './compile-expression.ts';
import type { Expression, Scope } from './expression.ts';
import { nearestFix } from './lint-table.ts';
import type { Reader } from './reader.ts';
import { describeSchema } from './schema-text.ts';
import type { ListTree, MapTree, ScalarTree, Tree } from './yaml-tree.ts';

/** The right side of `set` or a field of `emit`. */
export type Value =
  | { readonly kind: 'constant'; readonly value: unknown }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'mapping'; readonly fields: ReadonlyMap<string, Value> }
  | { readonly kind: 'list'; readonly items: readonly Value[] };

/** What values are read with. */
export interface ValueContext extends CompileContext {
  readonly reader: Reader;
}

function readScalar(
  tree: ScalarTree,
  schema: z.ZodType | null,
  name: string,
  context: ValueContext,
): Value | null {
  if (typeof tree.value === 'string') {
    const expression = compileValue({ ...tree, value: tree.value }, schema, name, context);
    return expression && { kind: 'expression', expression };
  }
  if (schema && !schema.safeParse(tree.value).success) {
    context.lints.add('WF010.field', tree.place, {
      name,
      expected: describeSchema(schema),
      was: String(tree.value),
    });
    return null;
  }
  if (schema && typeof tree.value === 'number' && unwrapSchema(schema).unit === 'price') {
    const number = tree.value;
    context.lints.add(
      'WF010.barePrice',
      tree.place,
      { text: `${name}: ${number}`, number },
      `write price(${number})`,
    );
  }
  return { kind: 'constant', value: tree.value };
}

function readWords(
  tree: Tree,
  schema: z.ZodType | null,
  name: string,
  context: ValueContext,
): Value | null {
  const text = context.reader.text(tree, 'text', 'words');
  if (text === null) return null;
  if (!schema || schema.safeParse(text).success) return { kind: 'constant', value: text };
  context.lints.add('WF010.field', tree.place, {
    name,
    expected: describeSchema(schema),
    was: `text '${text}'`,
  });
  return null;
}

function readMapping(
  tree: MapTree,
  schema: z.ZodType | null,
  name: string,
  context: ValueContext,
): Value | null {
  const words = tree.entries.get('text');
  if (words && tree.entries.size === 1) return readWords(words.value, schema, name, context);
  const inner = schema && unwrapSchema(schema).inner;
  if (inner && !(inner instanceof z.ZodObject)) {
    const was = 'a mapping';
    context.lints.add('WF010.field', tree.place, { name, expected: describeSchema(inner), was });
    return null;
  }
  const fields = readFields(tree, inner instanceof z.ZodObject ? inner : null, name, context);
  return fields && { kind: 'mapping', fields };
}

function readItems(
  tree: ListTree,
  schema: z.ZodType | null,
  name: string,
  context: ValueContext,
): Value | null {
  const inner = schema && unwrapSchema(schema).inner;
  if (inner && !(inner instanceof z.ZodArray)) {
    context.lints.add('WF010.field', tree.place, {
      name,
      expected: describeSchema(inner),
      was: 'a list',
    });
    return null;
  }
  const element = inner ? elementOf(inner) : null;
  const items = tree.items.map((item) => readValue(item, element, `${name}[]`, context));
  return items.includes(null)
    ? null
    : { kind: 'list', items: items.filter((item) => item !== null) };
}

/** Reads the right side of a field: an expression, a number or boolean, `{ text: words }`, a mapping or a list. */
export function readValue(
  tree: Tree,
  schema: z.ZodType | null,
  name: string,
  context: ValueContext,
): Value | null {
  if (tree.kind === 'scalar') return readScalar(tree, schema, name, context);
  return tree.kind === 'map'
    ? readMapping(tree, schema, name, context)
    : readItems(tree, schema, name, context);
}

/** Notes fields the payload needs and does not get; returns whether all are there. */
function hasNeeded(map: MapTree, schema: z.ZodObject, of: string, context: ValueContext): boolean {
  let complete = true;
  for (const name of Object.keys(schema.shape)) {
    const field = fieldOf(schema, name);
    if (map.entries.has(name) || !field || unwrapSchema(field).optional) continue;
    context.lints.add('WF005.missing', map.place, { of, name, expected: describeSchema(field) });
    complete = false;
  }
  return complete;
}

/** Reads the fields of a payload and checks them against its schema: all it needs, none it does not have. */
export function readFields(
  map: MapTree,
  schema: z.ZodObject | null,
  of: string,
  context: ValueContext,
): ReadonlyMap<string, Value> | null {
  const fields = new Map<string, Value>();
  if (schema) context.reader.keys(map, Object.keys(schema.shape), of);
  for (const { name, value } of map.entries.values()) {
    const field = schema && fieldOf(schema, name);
    if (schema && !field) continue;
    const read = readValue(value, field, name, context);
    if (read) fields.set(name, read);
  }
  const complete = !schema || hasNeeded(map, schema, of, context);
  return complete && fields.size === map.entries.size ? fields : null;
}

/** Notes a key of `set` that no context field has. */
export function noteUnknownField(
  name: string,
  place: Tree['place'],
  known: readonly string[],
  context: ValueContext,
): void {
  context.lints.add('WF001.contextField', place, { name }, nearestFix(nearestName(name, known)));
}

/**
 * Returns what a value is now.
 * @throws {OF_EXPRESSION} when an expression in it cannot be evaluated or gives no finite number.
 */
export function evaluateValue(value: Value, scope: Scope): unknown {
  switch (value.kind) {
    case 'constant':
      return value.value;
    case 'list':
      return value.items.map((item) => evaluateValue(item, scope));
    case 'mapping':
      return evaluateFields(value.fields, scope);
    case 'expression':
      return plain(value.expression.evaluate(scope), value.expression);
  }
}

function plain(result: unknown, expression: Expression): unknown {
  if (typeof result === 'bigint') return Number(result);
  if (typeof result === 'number' && !Number.isFinite(result)) {
    throw new OrderflowError('OF_EXPRESSION', {
      text: expression.source,
      cause: `expected a finite number, was ${result}`,
    });
  }
  if (Array.isArray(result)) return result.map((item) => plain(item, expression));
  if (typeof result === 'object' && result !== null && 'raw' in result) return result.raw;
  return result;
}

/** Returns the payload of these fields. */
export function evaluateFields(
  fields: ReadonlyMap<string, Value>,
  scope: Scope,
): Record<string, unknown> {
  const payload: Record<string, unknown> = {};
  for (const [name, value] of fields) payload[name] = evaluateValue(value, scope);
  return payload;
}

/** Writes a value as plain JSON for the machine's configuration, so that it can be shown, hashed and compared. */
export function valueJson(value: Value): unknown {
  switch (value.kind) {
    case 'constant':
      return value.value;
    case 'list':
      return value.items.map(valueJson);
    case 'mapping':
      return Object.fromEntries([...value.fields].map(([name, field]) => [name, valueJson(field)]));
    case 'expression':
      return { '@expr': value.expression.source, '@lang': 'cel' };
  }
}
