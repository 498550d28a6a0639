type Row = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Row => typeof value === 'object' && value !== null;

function isSame(expected: unknown, actual: unknown): boolean {
  if (expected === actual) return true;
  if (typeof expected !== 'number' || typeof actual !== 'number') return false;
  return Math.abs(expected - actual) <= 1e-9 * Math.max(1, Math.abs(expected));
}

/** Returns where `actual` differs from what is expected of it; null when every expected field is there. Lists match whole. */
export function difference(expected: unknown, actual: unknown, path: string): string | null {
  const refused = `${path} expected ${JSON.stringify(expected)}, was ${JSON.stringify(actual)}`;
  if (!isObject(expected)) return isSame(expected, actual) ? null : refused;
  if (!isObject(actual)) return refused;
  if (Array.isArray(expected) && (!Array.isArray(actual) || actual.length !== expected.length))
    return refused;
  for (const [key, value] of Object.entries(expected)) {
    const found = difference(value, actual[key], path === '' ? key : `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}
