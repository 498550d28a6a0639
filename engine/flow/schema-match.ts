import { z } from 'zod';
import { elementOf, fieldOf, unwrapSchema } from '../plugin/schema.ts';
import { contractId } from './contract-table.ts';
import { factsOfSchema } from './schema-facts.ts';
import { describeSchema } from './schema-text.ts';

const deepest = 12;

/** Of these nothing can be said before a record is there. */
function isOpen(schema: z.ZodType): boolean {
  return (
    schema instanceof z.ZodUnknown || schema instanceof z.ZodAny || schema instanceof z.ZodUnion
  );
}

function objectMismatch(
  given: z.ZodObject,
  wanted: z.ZodObject,
  at: string,
  depth: number,
): string | null {
  for (const name of Object.keys(wanted.shape)) {
    const field = fieldOf(wanted, name);
    const offered = fieldOf(given, name);
    if (!field || (!offered && unwrapSchema(field).optional)) continue;
    const place = at === '' ? name : `${at}.${name}`;
    const mismatch = offered
      ? valueMismatch(offered, field, place, depth + 1)
      : `it lacks '${place}'`;
    if (mismatch !== null) return mismatch;
  }
  return null;
}

function scalarMismatch(given: z.ZodType, wanted: z.ZodType, at: string): string | null {
  const from = factsOfSchema(given);
  const to = factsOfSchema(wanted);
  if (to.words) {
    const known = to.words;
    const stray = from.words?.find((word) => !known.includes(word));
    if (stray !== undefined)
      return `'${at}' may be '${stray}', expected one of ${known.join(', ')}`;
    return from.words
      ? null
      : `'${at}' expected ${describeSchema(wanted)}, is ${describeSchema(given)}`;
  }
  if (from.unit === to.unit || to.unit === null) return null;
  return `'${at}' expected unit ${to.unit}, is ${from.unit ?? 'without unit'}`;
}

function kindOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodStringFormat) return 'string';
  return factsOfSchema(schema).words?.length ? 'string' : schema.def.type;
}

function insideMismatch(
  given: z.ZodType,
  wanted: z.ZodType,
  at: string,
  depth: number,
): string | null {
  if (given instanceof z.ZodObject && wanted instanceof z.ZodObject)
    return objectMismatch(given, wanted, at, depth);
  const from = elementOf(given);
  const to = elementOf(wanted);
  return from && to ? valueMismatch(from, to, `${at}[]`, depth + 1) : null;
}

function valueMismatch(
  given: z.ZodType,
  wanted: z.ZodType,
  at: string,
  depth: number,
): string | null {
  const from = unwrapSchema(given);
  const to = unwrapSchema(wanted);
  if (given === wanted || depth > deepest || isOpen(to.inner) || isOpen(from.inner)) return null;
  if (from.nullable && !to.nullable) return `'${at}' may be null`;
  if (from.optional && !to.optional) return `'${at}' may be absent`;
  if (kindOf(from.inner) !== kindOf(to.inner)) {
    return `'${at}' expected ${describeSchema(wanted)}, is ${describeSchema(given)}`;
  }
  return insideMismatch(from.inner, to.inner, at, depth) ?? scalarMismatch(given, wanted, at);
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
