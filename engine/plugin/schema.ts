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

/** Returns the schema inside `optional`, `nullable`, `default`, `readonly` and pipes, and what the wrappers said. */
export function unwrapSchema(schema: z.ZodType): Unwrapped {
  let inner = schema;
  let optional = false;
  let nullable = false;
  let unit = metaUnit(inner);
  for (;;) {
    let next: unknown = null;
    if (
      inner instanceof z.ZodOptional ||
      inner instanceof z.ZodDefault ||
      inner instanceof z.ZodPrefault
    ) {
      optional = true;
      next = inner.unwrap();
    } else if (inner instanceof z.ZodNullable) {
      nullable = true;
      next = inner.unwrap();
    } else if (
      inner instanceof z.ZodReadonly ||
      inner instanceof z.ZodCatch ||
      inner instanceof z.ZodLazy
    ) {
      next = inner.unwrap();
    } else if (inner instanceof z.ZodPipe) {
      // A preprocess has its meaning at the end, a transform at the start.
      next = inner.in instanceof z.ZodTransform ? inner.out : inner.in;
    }
    if (!(next instanceof z.ZodType)) return { inner, optional, nullable, unit };
    inner = next;
    unit ??= metaUnit(inner);
  }
}
