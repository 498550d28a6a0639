type Row = Readonly<Record<string, unknown>>;

/** Returns whether two plain values (JSON) are alike; far cheaper than writing them as text. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [left, right] = [a as Row, b as Row];
  let count = 0;
  for (const key in left) {
    if (!isSameValue(left[key], right[key])) return false;
    count += 1;
  }
  for (const _ in right) count -= 1;
  return count === 0;
}
