import { z } from 'zod';

/** What remains of a schema when the wrappers around it are taken off. */
export interface Unwrapped {
  readonly inner: z.ZodType;
  /** The value may be absent on the way in. */
  readonly optional: boolean;
  readonly nullable: boolean;
  /** Unit of the number, from the schema's `meta({ unit })` or that of a wrapper; null without. */
  readonly unit: string | null;
}

function metaUnit(schema: z.ZodType): string | null {
  const unit = schema.meta()?.['unit'];
  return typeof unit === 'string' ? unit : null;
}

/** Returns the schema directly inside a wrapper; null for a schema that wraps nothing. */
function innerOf(schema: z.ZodType): unknown {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodCatch ||
    schema instanceof z.ZodLazy
  ) {
    return schema.unwrap();
  }
  // A preprocess has its meaning at the end, a transform at the start.
  if (schema instanceof z.ZodPipe)
    return schema.in instanceof z.ZodTransform ? schema.out : schema.in;
  return null;
}

function mayBeAbsent(schema: z.ZodType): boolean {
  return (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  );
}

/** Returns the schema inside `optional`, `nullable`, `default`, `readonly` and pipes, and what the wrappers said. */
export function unwrapSchema(schema: z.ZodType): Unwrapped {
  let inner = schema;
  let optional = false;
  let nullable = false;
  let unit = metaUnit(inner);
  for (;;) {
    optional ||= mayBeAbsent(inner);
    nullable ||= inner instanceof z.ZodNullable;
    const next = innerOf(inner);
    if (!(next instanceof z.ZodType)) return { inner, optional, nullable, unit };
    inner = next;
    unit ??= metaUnit(inner);
  }
}

function asSchema(value: unknown): z.ZodType | null {
  return value instanceof z.ZodType ? value : null;
}

/** Returns the schema of a field of an object; null when it has none of that name. */
export function fieldOf(schema: z.ZodType, name: string): z.ZodType | null {
  const { inner } = unwrapSchema(schema);
  return inner instanceof z.ZodObject && Object.hasOwn(inner.shape, name)
    ? asSchema(inner.shape[name])
    : null;
}

/** Returns the schema of the items of a list or the values of a record; null for any other schema. */
export function elementOf(schema: z.ZodType): z.ZodType | null {
  const { inner } = unwrapSchema(schema);
  if (inner instanceof z.ZodArray) return asSchema(inner.element);
  return inner instanceof z.ZodRecord ? asSchema(inner.valueType) : null;
}
