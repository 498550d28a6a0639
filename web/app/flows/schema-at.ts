/** A JSON Schema as far as an editor reads it. */
export type Schema = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const list = (value: unknown): readonly Schema[] => (Array.isArray(value) ? value : []);

function hasRequired({ required }: Schema, value: unknown): boolean {
  if (!Array.isArray(required)) return true;
  return isRecord(value) && required.every((name) => Object.hasOwn(value, String(name)));
}

function isAllowed({ pattern, const: only, enum: words }: Schema, value: unknown): boolean {
  if (typeof pattern === 'string' && typeof value === 'string')
    return new RegExp(pattern).test(value);
  if (only !== undefined) return value === only;
  return !Array.isArray(words) || words.includes(value);
}

/** Whether a value passes a test of `if`: as much of JSON Schema as the schema of flows asks there. */
function holds(test: Schema, value: unknown): boolean {
  if (!hasRequired(test, value) || !isAllowed(test, value)) return false;
  const { properties } = test;
  if (!isRecord(properties) || !isRecord(value)) return true;
  return Object.entries(properties).every(
    ([name, schema]) => !Object.hasOwn(value, name) || holds(schema as Schema, value[name]),
  );
}

/** Returns the schemas that may describe a value: references followed, conditions decided by the value that is there. */
export function expand(root: Schema, schema: Schema, value: unknown): readonly Schema[] {
  const { $ref, allOf, oneOf, anyOf, if: test } = schema;
  if (typeof $ref === 'string') {
    const definitions = root['$defs'] as Readonly<Record<string, Schema>>;
    const found = definitions[$ref.replace('#/$defs/', '')];
    return found ? expand(root, found, value) : [];
  }
  const branch = isRecord(test)
    ? holds(test, value)
      ? schema['then']
      : schema['else']
    : undefined;
  const parts = [...list(allOf), ...list(oneOf), ...list(anyOf)];
  if (isRecord(branch)) parts.push(branch);
  return [schema, ...parts.flatMap((part) => expand(root, part, value))];
}

function child(schema: Schema, key: string | number): Schema | null {
  if (typeof key === 'number') return isRecord(schema['items']) ? schema['items'] : null;
  const { properties, additionalProperties } = schema;
  if (isRecord(properties) && isRecord(properties[key])) return properties[key];
  return isRecord(additionalProperties) ? additionalProperties : null;
}

/** Returns the schemas of the value at a path, deciding conditions by what the document says on the way. */
export function schemasAt(
  root: Schema,
  path: readonly (string | number)[],
  document: unknown,
): readonly Schema[] {
  let schemas = expand(root, root, document);
  let value = document;
  for (const key of path) {
    value = isRecord(value) || Array.isArray(value) ? (value as Schema)[String(key)] : undefined;
    const inner = value;
    schemas = schemas.flatMap((schema) => {
      const found = child(schema, key);
      return found ? expand(root, found, inner) : [];
    });
  }
  return schemas;
}

/** Returns the first description among schemas. */
export function describe(schemas: readonly Schema[]): string {
  const found = schemas.find(({ description }) => typeof description === 'string');
  return typeof found?.['description'] === 'string' ? found['description'] : '';
}

/** Says in words what a value may be: `number, 1 to 10, default 1.5`. */
export function rangeText(schemas: readonly Schema[]): string {
  const merged: Schema = Object.assign({}, ...[...schemas].reverse());
  const { type, minimum, exclusiveMinimum, maximum, unit, default: usual, enum: words } = merged;
  const least = minimum ?? exclusiveMinimum;
  // The bounds of whole numbers as such say nothing.
  const isBound = (value: unknown): value is number =>
    typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  const parts = [
    Array.isArray(words) ? `one of ${words.join(', ')}` : typeof type === 'string' ? type : '',
    isBound(least) ? `${exclusiveMinimum === undefined ? 'from' : 'above'} ${least}` : '',
    isBound(maximum) ? `to ${maximum}` : '',
    typeof unit === 'string' ? `in ${unit}` : '',
    usual === undefined ? '' : `default ${JSON.stringify(usual)}`,
  ];
  return parts.filter(Boolean).join(', ');
}
