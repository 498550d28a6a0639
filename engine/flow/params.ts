import { z } from 'zod';
import { nearestName } from '../plugin/nearest.ts';
import { readType, readUnit } from './field-schema.ts';
import type { Place } from './graph.ts';
import { nearestFix } from './lint-table.ts';
import type { Reader } from './reader.ts';
import { describeSchema } from './schema-text.ts';
import type { Entry, MapTree } from './yaml-tree.ts';

/** The value of a parameter. */
export type ParamValue = number | string | boolean;

/** A declared parameter with its value. */
interface Param {
  readonly name: string;
  readonly place: Place;
  readonly schema: z.ZodType;
  readonly value: ParamValue;
}

/** A value given from outside of the file that declares the parameter. */
export interface Override {
  readonly value: unknown;
  /** Where it was given; null for the command line. */
  readonly place: Place | null;
}

/** The parameters of one file: the flow, or one use of a fragment. */
export class ParamScope {
  private readonly params = new Map<string, Param>();
  private readonly used = new Set<string>();
  private readonly wrong = new Set<string>();

  /** Returns a parameter's value and counts it as read; undefined when it is not declared. */
  read(name: string): ParamValue | undefined {
    this.used.add(name);
    return this.params.get(name)?.value;
  }

  add(param: Param): void {
    this.params.set(param.name, param);
  }

  /** Remembers that a parameter's value was noted as wrong, so that what is made of it is not told again. */
  markWrong(name: string): void {
    this.wrong.add(name);
  }

  isWrong(name: string): boolean {
    return this.wrong.has(name);
  }

  /** Counts a parameter as read. */
  use(name: string): void {
    this.used.add(name);
  }

  get names(): readonly string[] {
    return [...this.params.keys()];
  }

  /** The values by name. */
  get values(): Readonly<Record<string, ParamValue>> {
    return Object.fromEntries([...this.params].map(([name, { value }]) => [name, value]));
  }

  /** The schema of `p` in expressions. */
  get schema(): z.ZodObject {
    return z.object(
      Object.fromEntries([...this.params].map(([name, { schema }]) => [name, schema])),
    );
  }

  /** The parameters nothing reads. */
  get unused(): readonly Param[] {
    return [...this.params.values()].filter(({ name }) => !this.used.has(name));
  }
}

const keys = ['type', 'default', 'min', 'max', 'unit', 'doc', 'tune'];
const types = ['number', 'integer', 'string', 'boolean'] as const;

function readBound(map: MapTree, key: 'min' | 'max', reader: Reader): number | null {
  const entry = map.entries.get(key);
  return entry ? reader.number(entry.value, key) : null;
}

function readSchema(map: MapTree, name: string, reader: Reader): z.ZodType | null {
  const type = readType(map, types, `parameter '${name}'`, reader);
  const unit = readUnit(map, reader);
  // The same number means another price for every instrument and is a decimal in the file, but ticks in expressions.
  if (unit === 'price')
    reader.lints.add(
      'WF014.priceParam',
      map.place,
      { name },
      `leave the unit out and write price(p.${name})`,
    );
  const min = readBound(map, 'min', reader);
  const max = readBound(map, 'max', reader);
  if (type === null) return null;
  if (type === 'string') return z.string();
  if (type === 'boolean') return z.boolean();
  let number = type === 'integer' ? z.number().int() : z.number();
  if (min !== null) number = number.min(min);
  if (max !== null) number = number.max(max);
  return unit === null ? number : number.meta({ unit });
}

/** Checks the keys that are for people only. */
function readDocs(map: MapTree, reader: Reader): void {
  const doc = map.entries.get('doc');
  if (doc) reader.text(doc.value, 'doc');
  const tune = map.entries.get('tune');
  if (tune) reader.boolean(tune.value, 'tune');
}

function isParamValue(value: unknown): value is ParamValue {
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
}

/** A value that was given comes before the default of the file. */
function valueOf(
  map: MapTree,
  given: Override | undefined,
): { readonly value: unknown; readonly place: Place } {
  const written = map.entries.get('default')?.value;
  const place = given?.place ?? written?.place ?? map.place;
  if (given) return { value: given.value, place };
  return { value: written?.kind === 'scalar' ? written.value : undefined, place };
}

function readParam(
  entry: Entry,
  given: Override | undefined,
  scope: ParamScope,
  reader: Reader,
): void {
  const { name } = entry;
  const of = `parameter '${name}'`;
  const map = reader.map(entry.value, of);
  if (!map) return;
  reader.keys(map, keys, of);
  const schema = readSchema(map, name, reader);
  readDocs(map, reader);
  if (!schema) return;
  const { value, place } = valueOf(map, given);
  const expected = describeSchema(schema);
  // A wrong value is told once; the parameter exists nevertheless.
  scope.add({ name, place: entry.place, schema, value: isParamValue(value) ? value : 0 });
  if (schema.safeParse(value).success) return;
  scope.markWrong(name);
  if (value === undefined || value === null) {
    reader.lints.add('WF005.missing', place, { of, name: 'default', expected });
  } else {
    const was = isParamValue(value) ? String(value) : typeof value;
    reader.lints.add('WF014.value', place, { name, expected, was });
  }
}

/** Reads `params:`; `given` are values from the environment, the command line, or the use of a fragment. */
export function readParams(
  entries: readonly Entry[],
  given: ReadonlyMap<string, Override>,
  reader: Reader,
): ParamScope {
  const scope = new ParamScope();
  for (const entry of entries) {
    if (!reader.identifier(entry.name, 'parameter', entry.place)) continue;
    readParam(entry, given.get(entry.name), scope, reader);
  }
  const known = entries.map(({ name }) => name);
  const first: Place = entries[0]?.place ?? { file: '', line: 1, col: 1 };
  for (const [name, { place }] of given) {
    if (!known.includes(name))
      reader.lints.add(
        'WF001.param',
        place ?? first,
        { name },
        nearestFix(nearestName(name, known)),
      );
  }
  return scope;
}
