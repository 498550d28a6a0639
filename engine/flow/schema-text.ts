import { z } from 'zod';
import { unwrapSchema } from '../plugin/schema.ts';

function bound(value: number | null): number | null {
  return value === null || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? null : value;
}

function numberText(schema: z.ZodNumber, unit: string | null): string {
  const lo = bound(schema.minValue);
  const hi = bound(schema.maxValue);
  const kind = schema.isInt ? 'a whole number' : 'a number';
  const above = lo !== null && !schema.safeParse(lo).success && schema.safeParse(lo + 1).success;
  const from = lo === null ? '' : above ? `> ${lo}` : `>= ${lo}`;
  const to = hi === null ? '' : `<= ${hi}`;
  const range = [from, to].filter((part) => part !== '').join(' and ');
  return `${kind}${range === '' ? '' : ` ${range}`}${unit === null ? '' : ` (${unit})`}`;
}

/** Says in words what values a schema accepts, with range and unit: `a whole number >= 1 and <= 5000 (contract)`. */
export function describeSchema(schema: z.ZodType): string {
  const { inner, unit } = unwrapSchema(schema);
  if (inner instanceof z.ZodNumber) return numberText(inner, unit);
  if (inner instanceof z.ZodBoolean) return 'true or false';
  if (inner instanceof z.ZodEnum) return `one of ${inner.options.join(', ')}`;
  if (inner instanceof z.ZodLiteral) return [...inner.values].join(' or ');
  if (inner instanceof z.ZodString || inner instanceof z.ZodStringFormat) return 'text';
  if (inner instanceof z.ZodArray) {
    return `a list of ${inner.element instanceof z.ZodType ? describeSchema(inner.element) : 'values'}`;
  }
  if (inner instanceof z.ZodObject || inner instanceof z.ZodRecord) return 'a mapping';
  if (inner instanceof z.ZodUnion) {
    return inner.options
      .map((option) => (option instanceof z.ZodType ? describeSchema(option) : 'a value'))
      .join(' or ');
  }
  return 'a value';
}
