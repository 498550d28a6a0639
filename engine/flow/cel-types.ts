import type { Environment } from '@marcbachmann/cel-js';
import { z } from 'zod';
import { unwrapSchema } from '../plugin/schema.ts';

/** Turns a plain value into what expressions read. */
export type Wrap = (raw: unknown) => unknown;

/** How a schema looks to expressions: its CEL type, and how a value is handed in. */
export interface CelType {
  readonly name: string;
  /** Null where a value is handed in as it is. */
  readonly wrap: Wrap | null;
}

const dynamic: CelType = { name: 'dyn', wrap: null };

/** An instance of a generated row class: the plain object stands behind it and is read field by field. */
interface RowInstance {
  raw: Readonly<Record<string, unknown>>;
}
/** A generated class whose getters give the fields of a plain object. */
export type RowClass = new (raw: unknown) => RowInstance;

const emptyRow: Readonly<Record<string, unknown>> = Object.freeze({});

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/**
 * Makes a class with one getter per field. A null field reads as absent, so `has(ev.target)` is false for it and
 * reading it is an error, never a silent false.
 */
function makeRowClass(fields: ReadonlyMap<string, CelType>): RowClass {
  class Row implements RowInstance {
    raw: Readonly<Record<string, unknown>>;
    constructor(raw: unknown) {
      this.raw = isRecord(raw) ? raw : emptyRow;
    }
  }
  for (const [field, { wrap }] of fields) {
    Object.defineProperty(Row.prototype, field, {
      get(this: Row): unknown {
        const value = this.raw[field];
        if (value === null || value === undefined) return undefined;
        return wrap === null ? value : wrap(value);
      },
    });
  }
  return Row;
}

function primitiveType(inner: z.ZodType): string | null {
  if (
    inner instanceof z.ZodString ||
    inner instanceof z.ZodStringFormat ||
    inner instanceof z.ZodTemplateLiteral
  )
    return 'string';
  if (inner instanceof z.ZodNumber) return 'double';
  if (inner instanceof z.ZodBoolean) return 'bool';
  if (!(inner instanceof z.ZodEnum || inner instanceof z.ZodLiteral)) return null;
  const values: readonly unknown[] = inner instanceof z.ZodEnum ? inner.options : [...inner.values];
  if (values.every((v) => typeof v === 'string')) return 'string';
  if (values.every((v) => typeof v === 'number')) return 'double';
  return values.every((v) => typeof v === 'boolean') ? 'bool' : null;
}

/** Registers the types of schemas in one CEL environment. */
export class CelTypes {
  private readonly environment: Environment;
  private readonly names = new Set<string>();

  constructor(environment: Environment) {
    this.environment = environment;
  }

  /** Returns the type of a schema; `name` is what messages call it. A null schema is dynamic: checked on reading only. */
  typeOf(schema: z.ZodType | null, name: string): CelType {
    if (!schema) return dynamic;
    const { inner } = unwrapSchema(schema);
    const primitive = primitiveType(inner);
    if (primitive !== null) return { name: primitive, wrap: null };
    if (inner instanceof z.ZodObject) return this.objectType(inner, name);
    if (inner instanceof z.ZodArray) return this.listType(inner, name);
    if (inner instanceof z.ZodRecord)
      return this.mapType(inner.valueType instanceof z.ZodType ? inner.valueType : null, name);
    return dynamic;
  }

  /** Returns the type of a keyed table: a map from key to row. */
  mapType(row: z.ZodType | null, name: string): CelType {
    const value = this.typeOf(row, `${name}[]`);
    const { wrap } = value;
    return {
      name: `map<string, ${value.name}>`,
      wrap: (raw) => {
        const rows = new Map<string, unknown>();
        if (!isRecord(raw)) return rows;
        for (const [key, item] of raw instanceof Map ? raw : Object.entries(raw)) {
          if (item !== null && item !== undefined)
            rows.set(String(key), wrap === null ? item : wrap(item));
        }
        return rows;
      },
    };
  }

  /** Registers a class with the fields of an object schema and returns it with its type name. */
  rowClass(schema: z.ZodObject, name: string): { readonly name: string; readonly Row: RowClass } {
    const fields = new Map<string, CelType>();
    for (const [field, inner] of Object.entries(schema.shape)) {
      fields.set(field, this.typeOf(inner instanceof z.ZodType ? inner : null, `${name}.${field}`));
    }
    const Row = makeRowClass(fields);
    let unique = name.length < 2 ? `${name}.` : name;
    while (this.names.has(unique)) unique += "'";
    this.names.add(unique);
    this.environment.registerType(unique, {
      ctor: Row,
      fields: Object.fromEntries([...fields].map(([field, type]) => [field, type.name])),
    });
    return { name: unique, Row };
  }

  private objectType(schema: z.ZodObject, name: string): CelType {
    const type = this.rowClass(schema, name);
    return { name: type.name, wrap: (raw) => new type.Row(raw) };
  }

  private listType(schema: z.ZodArray, name: string): CelType {
    const item = this.typeOf(
      schema.element instanceof z.ZodType ? schema.element : null,
      `${name}[]`,
    );
    const { wrap } = item;
    return {
      name: `list<${item.name}>`,
      wrap: wrap === null ? null : (raw) => (Array.isArray(raw) ? raw.map(wrap) : raw),
    };
  }
}
