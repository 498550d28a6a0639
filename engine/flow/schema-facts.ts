import { z } from 'zod';
import { unwrapSchema } from '../plugin/schema.ts';
import { anyNumber, type Interval } from './interval.ts';

/** What is known of a value before it is there. */
export interface Facts {
  /** Unit of a number; null when unknown or without. */
  readonly unit: string | null;
  /** A number written as such, which takes the unit of its neighbour. */
  readonly bare: boolean;
  readonly range: Interval;
  /** The texts it may be; null when any. */
  readonly words: readonly string[] | null;
  readonly schema: z.ZodType | null;
}

/** Nothing is known. */
export const unknown: Facts = {
  unit: null,
  bare: false,
  range: anyNumber,
  words: null,
  schema: null,
};

function numberRange(schema: z.ZodNumber): Interval {
  const end = (value: number | null, none: number): number =>
    value === null || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? none : value;
  const lo = end(schema.minValue, -Infinity);
  // More than 0 is not 0, which matters to a division.
  const above = lo === 0 && !schema.safeParse(0).success;
  return { lo: above ? Number.MIN_VALUE : lo, hi: end(schema.maxValue, Infinity) };
}

/** Returns what a schema says of its values. */
export function factsOfSchema(schema: z.ZodType | null): Facts {
  if (!schema) return unknown;
  const { inner, unit } = unwrapSchema(schema);
  if (inner instanceof z.ZodNumber) return { ...unknown, unit, range: numberRange(inner), schema };
  if (inner instanceof z.ZodEnum || inner instanceof z.ZodLiteral) {
    const values: readonly unknown[] =
      inner instanceof z.ZodEnum ? inner.options : [...inner.values];
    return { ...unknown, words: values.filter((v) => typeof v === 'string'), schema };
  }
  return { ...unknown, schema };
}
