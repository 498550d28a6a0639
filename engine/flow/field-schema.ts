import { z } from 'zod';
import { nearestName } from '../plugin/nearest.ts';
import { nearestFix } from './lint-table.ts';
import type { Reader } from './reader.ts';
import type { MapTree, Tree } from './yaml-tree.ts';

/** Units a field, parameter or context value may have. */
export const units = ['price', 'tick', 'contract', 'usd', 'us', 'share', 'count'] as const;
const types = ['string', 'number', 'integer', 'boolean', 'list'] as const;
type FieldType = (typeof types)[number];

function oneOf<const T extends string>(
  tree: Tree,
  name: string,
  known: readonly T[],
  reader: Reader,
): T | null {
  const text = reader.text(tree, name, `one of ${known.join(', ')}`);
  if (text === null) return null;
  const found = known.find((word) => word === text);
  if (found !== undefined) return found;
  const fix = nearestFix(nearestName(text, known));
  reader.lints.add(
    'WF014.word',
    tree.place,
    { text: name, word: text, expected: known.join(', ') },
    fix,
  );
  return null;
}

/** Reads `unit:` of a mapping; null when absent or unknown. */
export function readUnit(map: MapTree, reader: Reader): string | null {
  const entry = map.entries.get('unit');
  return entry ? oneOf(entry.value, 'unit', units, reader) : null;
}

/** Reads `type:` of a mapping. */
export function readType<const T extends string>(
  map: MapTree,
  known: readonly T[],
  of: string,
  reader: Reader,
): T | null {
  const tree = reader.required(map, 'type', of, `one of ${known.join(', ')}`);
  return tree && oneOf(tree, 'type', known, reader);
}

function plainSchema(type: FieldType, unit: string | null): z.ZodType {
  const number = type === 'integer' ? z.number().int() : z.number();
  if (type === 'number' || type === 'integer')
    return unit === null ? number : number.meta({ unit });
  if (type === 'boolean') return z.boolean();
  if (type === 'list') return z.array(z.number());
  return z.string();
}

/**
 * Reads a typed field: `{ type: number, unit: price }`, for context fields and inline contracts. A price of type
 * `integer` is a level in whole ticks, one of type `number` may lie between two, such as a VWAP.
 */
export function readField(
  tree: Tree,
  name: string,
  more: readonly string[],
  reader: Reader,
): z.ZodType | null {
  const map = reader.map(tree, name);
  if (!map) return null;
  reader.keys(map, ['type', 'unit', 'doc', 'oneOf', ...more], `field '${name}'`);
  const type = readType(map, types, `field '${name}'`, reader);
  const unit = readUnit(map, reader);
  const words = map.entries.get('oneOf');
  if (words && type === 'string') {
    const list = reader.list(words.value, 'oneOf');
    const texts =
      list?.items.map((item) => reader.text(item, 'oneOf')).filter((text) => text !== null) ?? [];
    return texts.length > 0 ? z.enum(texts as [string, ...string[]]) : null;
  }
  return type === null ? null : plainSchema(type, unit);
}
