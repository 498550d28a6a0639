import { OrderflowError } from '../errors.ts';

const deepest = 200;
// Control characters, quotes, backslashes and lone surrogates need JSON's escapes; everything else stands as it is.
const needsEscape = /["\\\u0000-\u001f\ud800-\udfff]/;
const quotedKeys = new Map<string, string>();
const mostKeys = 10_000;

/** A key and its colon, quoted once: the same few names come again and again. */
function quotedKey(key: string): string {
  let quoted = quotedKeys.get(key);
  if (quoted === undefined) {
    quoted = `${JSON.stringify(key)}:`;
    if (quotedKeys.size < mostKeys) quotedKeys.set(key, quoted);
  }
  return quoted;
}

/** Objects here are small and often nearly in order, so sorting by insertion beats the built-in sort by far. */
function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  if (keys.length > 32) return keys.sort((a, b) => (a < b ? -1 : 1));
  for (let i = 1; i < keys.length; i += 1) {
    const key = keys[i]!;
    let j = i;
    for (; j > 0 && keys[j - 1]! > key; j -= 1) keys[j] = keys[j - 1]!;
    keys[j] = key;
  }
  return keys;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Thrown where a value cannot be written; the place is looked for only then. */
const refused = new Error('a value that is not JSON');

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return needsEscape.test(value) ? JSON.stringify(value) : `"${value}"`;
    case 'number':
      if (!Number.isFinite(value)) throw refused;
      return value === 0 ? '0' : `${value}`;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth > deepest) throw refused;
      return Array.isArray(value) ? writeArray(value, depth) : writeObject(value, depth);
    default:
      throw refused;
  }
}

function writeArray(value: readonly unknown[], depth: number): string {
  let text = '[';
  for (let i = 0; i < value.length; i += 1) {
    if (i > 0) text += ',';
    text += write(value[i], depth + 1);
  }
  return `${text}]`;
}

function writeObject(value: object, depth: number): string {
  if (!isPlain(value)) throw refused;
  let text = '';
  for (const key of sortedKeys(value)) {
    text +=
      (text === '' ? '{' : ',') +
      quotedKey(key) +
      write((value as Record<string, unknown>)[key], depth + 1);
  }
  return text === '' ? '{}' : `${text}}`;
}

function faultOf(value: unknown, path: readonly (string | number)[]): string | null {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (value === undefined) return 'undefined';
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint')
    return `a ${typeof value}`;
  if (typeof value !== 'object' || value === null) return null;
  if (path.length > deepest) return `nested deeper than ${deepest} or in a circle`;
  return Array.isArray(value) || isPlain(value) ? null : `an instance of ${value.constructor.name}`;
}

function findFault(
  value: unknown,
  path: (string | number)[],
): { path: string; was: string } | null {
  const was = faultOf(value, path);
  if (was !== null) return { path: path.length === 0 ? '(root)' : path.slice(0, 8).join('.'), was };
  if (typeof value !== 'object' || value === null) return null;
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? Array.from(value, (item: unknown, i) => [i, item] as const)
    : Object.entries(value);
  for (const [key, inner] of entries) {
    const fault = findFault(inner, [...path, key]);
    if (fault) return fault;
  }
  return null;
}

/**
 * Returns JSON text with the keys of every object in ascending order of UTF-16 code units and no spaces, so that equal
 * values have equal text and hash.
 *
 * @throws {OF_JSON_VALUE} for undefined, NaN, infinities, functions, class instances and circles: what JSON would drop
 * or change in silence.
 */
export function canonicalJson(value: unknown): string {
  try {
    return write(value, 0);
  } catch (error) {
    const fault = error === refused ? findFault(value, []) : null;
    if (fault) throw new OrderflowError('OF_JSON_VALUE', fault);
    throw error;
  }
}
