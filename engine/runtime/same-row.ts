import type { z } from 'zod';
import { isSameValue } from '../contracts/same-value.ts';

/** A row of a table: plain values. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Returns a comparison of rows of one schema: one a field, in straight-line code, for a market second compares every row
 * of every view.
 */
export function createIsSameRow(schema: z.ZodObject): (a: Row, b: Row) => boolean {
  const fields = Object.keys(schema.shape).map((name) => {
    const [a, b] = [`a[${JSON.stringify(name)}]`, `b[${JSON.stringify(name)}]`];
    return `(${a}===${b}||isSameValue(${a},${b}))`;
  });
  const make = new Function('isSameValue', `return (a,b)=>${fields.join('&&') || 'true'};`) as (
    same: typeof isSameValue,
  ) => (a: Row, b: Row) => boolean;
  return make(isSameValue);
}
