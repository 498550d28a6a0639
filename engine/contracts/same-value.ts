type Row = Readonly<Record<string, unknown>>;

const nothing: Readonly<Record<string, unknown>> = Object.freeze({});

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (!isSameValue(a[i], b[i])) return false;
  return true;
}

/** Returns whether two plain values (JSON) are alike; far cheaper than writing them as text. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  // Lists by index: walking their keys as text is many times slower.
  if (Array.isArray(a) && Array.isArray(b)) return isSameList(a, b);
  const left = a as Row;
  const right = b as Row;
  let count = 0;
  for (const key in left) {
    if (!isSameValue(left[key], right[key])) return false;
    count += 1;
  }
  for (const _ in right) count -= 1;
  return count === 0;
}

/** Returns the fields that are not what they were, with their new values; empty for one and the same object. */
export function changedFields(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (before === after) return nothing;
  const fields: Record<string, unknown> = {};
  // By value: a restored context holds equal arrays and objects, not the same ones.
  for (const key of Object.keys(after))
    if (!isSameValue(before[key], after[key])) fields[key] = after[key];
  return fields;
}
