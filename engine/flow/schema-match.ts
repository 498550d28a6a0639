import { z } from 'zod';
import { unwrapSchema } from '../plugin/schema.ts';
import { contractId } from './contract-table.ts';
import { factsOfSchema } from './expression-facts.ts';
import { describeSchema } from './schema-text.ts';

const deepest = 12;

function isUnknown(schema: z.ZodType): boolean {
  return schema instanceof z.ZodUnknown || schema instanceof z.ZodAny;
}

function objectMismatch(
  given: z.ZodObject,
  wanted: z.ZodObject,
  at: string,
  depth: number,
): string | null {
  for (const [name, field] of Object.entries(wanted.shape)) {
    if (!(field instanceof z.ZodType)) continue;
    const place = at === '' ? name : `${at}.${name}`;
    const offered: unknown = given.shape[name];
    const { optional } = unwrapSchema(field);
    if (!(offered instanceof z.ZodType)) {
      if (optional) continue;
      return `it lacks '${place}'`;
    }
    const mismatch = valueMismatch(offered, field, place, depth + 1);
    if (mismatch !== null) return mismatch;
  }
  return null;
}

function scalarMismatch(given: z.ZodType, wanted: z.ZodType, at: string): string | null {
  const from = factsOfSchema(given);
  const to = factsOfSchema(wanted);
  if (to.words) {
    const stray = from.words?.find((word) => !to.words!.includes(word));
    if (stray !== undefined)
      return `'${at}' may be '${stray}', expected one of ${to.words.join(', ')}`;
    return from.words
      ? null
      : `'${at}' expected ${describeSchema(wanted)}, is ${describeSchema(given)}`;
  }
  if (from.unit !== to.unit && to.unit !== null) {
    return `'${at}' expected unit ${to.unit}, is ${from.unit === null ? 'without unit' : from.unit}`;
  }
  return null;
}

function kindOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral) {
    return factsOfSchema(schema).words?.length ? 'string' : schema.def.type;
  }
  return schema instanceof z.ZodStringFormat ? 'string' : schema.def.type;
}

function valueMismatch(
  given: z.ZodType,
  wanted: z.ZodType,
  at: string,
  depth: number,
): string | null {
  if (given === wanted || depth > deepest) return null;
  const from = unwrapSchema(given);
  const to = unwrapSchema(wanted);
  if (
    isUnknown(to.inner) ||
    isUnknown(from.inner) ||
    to.inner instanceof z.ZodUnion ||
    from.inner instanceof z.ZodUnion
  )
    return null;
  if (from.nullable && !to.nullable) return `'${at}' may be null`;
  if (from.optional && !to.optional) return `'${at}' may be absent`;
  if (kindOf(from.inner) !== kindOf(to.inner)) {
    return `'${at}' expected ${describeSchema(wanted)}, is ${describeSchema(given)}`;
  }
  if (from.inner instanceof z.ZodObject && to.inner instanceof z.ZodObject)
    return objectMismatch(from.inner, to.inner, at, depth);
  if (from.inner instanceof z.ZodArray && to.inner instanceof z.ZodArray) {
    const { element } = from.inner;
    const { element: other } = to.inner;
    return element instanceof z.ZodType && other instanceof z.ZodType
      ? valueMismatch(element, other, `${at}[]`, depth + 1)
      : null;
  }
  return scalarMismatch(given, wanted, at);
}

/**
 * Returns why records of one schema do not fit where another is wanted, or null when they do: every field that is
 * needed is there, with its type, unit and words. Ranges are checked when records are made, not here.
 */
export function schemaMismatch(given: z.ZodObject, wanted: z.ZodObject): string | null {
  const id = contractId(wanted);
  if (given === wanted || (id !== null && contractId(given) === id)) return null;
  return objectMismatch(given, wanted, '', 0);
}
