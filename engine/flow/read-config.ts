import { z } from 'zod';
import { canonicalJson } from '../contracts/canonical.ts';
import { isOrderflowError } from '../errors.ts';
import { nearestName } from '../plugin/nearest.ts';
import { elementOf, fieldOf, unwrapSchema } from '../plugin/schema.ts';
import type { Place } from './graph.ts';
import { nearestFix } from './lint-table.ts';
import type { ParamScope } from './params.ts';
import { parseDuration } from './parse-duration.ts';
import type { ProcessVariables } from './process-variables.ts';
import { type Reader, shapeOf, shorten } from './reader.ts';
import { describeSchema } from './schema-text.ts';
import type { MapTree, ScalarTree, Tree } from './yaml-tree.ts';

/** What `with:` is read with. */
export interface ConfigContext {
  readonly reader: Reader;
  readonly params: ParamScope;
  readonly variables: ProcessVariables;
  /** Secrets are allowed: in sinks. They stay references and are never looked up here. */
  readonly secrets: boolean;
}

const reference = /\$\{([^{}]*)\}/g;
const secretName = /password|passwd|secret|token|api-?key|private-?key|credential/i;

function readVariable(
  name: string,
  otherwise: string | undefined,
  { place }: ScalarTree,
  { variables, reader: { lints } }: ConfigContext,
): string | undefined {
  if (!variables.mayRead(name, place.file)) {
    lints.add('WF070.variable', place, { name }, 'name it in ORDERFLOW_ENV_ALLOW');
    return undefined;
  }
  const value = variables.valueOf(name) ?? otherwise;
  if (value === undefined) lints.add('WF014.env', place, { name }, `write \${env:${name}:default}`);
  return value;
}

function resolveReference(body: string, scalar: ScalarTree, context: ConfigContext): unknown {
  const { lints } = context.reader;
  const param = /^param\.([a-zA-Z0-9]+)$/.exec(body);
  if (param) {
    const name = param[1]!;
    const value = context.params.read(name);
    if (context.params.isWrong(name)) return undefined;
    if (value === undefined)
      lints.add(
        'WF001.param',
        scalar.place,
        { name },
        nearestFix(nearestName(name, context.params.names)),
      );
    return value;
  }
  const env = /^env:([A-Za-z_][A-Za-z0-9_]*)(?::(.*))?$/.exec(body);
  if (env) {
    return readVariable(env[1]!, env[2], scalar, context);
  }
  if (/^secret:[A-Za-z0-9/_.-]+$/.test(body)) {
    if (!context.secrets) lints.add('WF070.place', scalar.place, {});
    return `\${${body}}`;
  }
  lints.add('WF004.unreadable', scalar.place, { text: shorten(String(scalar.value)) });
  return undefined;
}

/** Returns a single value with its `${…}` filled in; undefined when it cannot be. */
export function readReference(tree: ScalarTree, context: ConfigContext): unknown {
  return typeof tree.value === 'string' ? resolveText(tree, tree.value, null, context) : tree.value;
}

/** Text from the environment of the process is text; a number or boolean is made of it where one is expected. */
function coerce(value: unknown, schema: z.ZodType | null): unknown {
  if (typeof value !== 'string' || !schema) return value;
  const { inner, unit } = unwrapSchema(schema);
  if (inner instanceof z.ZodBoolean && /^(true|false)$/.test(value)) return value === 'true';
  if (!(inner instanceof z.ZodNumber)) return value;
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return unit === 'us' ? (parseDuration(value) ?? value) : value;
}

function resolveText(
  scalar: ScalarTree,
  text: string,
  schema: z.ZodType | null,
  context: ConfigContext,
): unknown {
  if (!text.includes('${')) return unitOfTime(text, schema);
  const whole = /^\$\{([^{}]*)\}$/.exec(text);
  if (whole) return coerce(resolveReference(whole[1]!, scalar, context), schema);
  let complete = true;
  const filled = text.replace(reference, (_, body: string) => {
    const value = resolveReference(body, scalar, context);
    complete &&= value !== undefined;
    return String(value);
  });
  if (filled.includes('${') && !filled.includes('${secret:')) {
    context.reader.lints.add('WF004.unreadable', scalar.place, { text: shorten(text) });
  }
  return complete ? filled : undefined;
}

/** `90s` where microseconds are expected. */
function unitOfTime(text: string, schema: z.ZodType | null): unknown {
  if (!schema) return text;
  const { inner, unit } = unwrapSchema(schema);
  return inner instanceof z.ZodNumber && unit === 'us' ? (parseDuration(text) ?? text) : text;
}

function childSchema(schema: z.ZodType | null, key: string | null): z.ZodType | null {
  if (!schema) return null;
  return key === null ? elementOf(schema) : (fieldOf(schema, key) ?? elementOf(schema));
}

function resolveMap(
  tree: MapTree,
  schema: z.ZodType | null,
  of: string,
  context: ConfigContext,
): Record<string, unknown> {
  const inner = schema && unwrapSchema(schema).inner;
  if (inner instanceof z.ZodObject) context.reader.keys(tree, Object.keys(inner.shape), of);
  const result: Record<string, unknown> = {};
  for (const { name, value } of tree.entries.values()) {
    if (
      secretName.test(name) &&
      value.kind === 'scalar' &&
      typeof value.value === 'string' &&
      !value.value.startsWith('${') &&
      value.value !== ''
    ) {
      context.reader.lints.add(
        'WF070.plain',
        value.place,
        { name },
        `write \${secret:${name}} in a sink`,
      );
    }
    const resolved = resolve(value, childSchema(schema, name), `'${name}'`, context);
    if (resolved !== undefined) result[name] = resolved;
  }
  return result;
}

function resolve(
  tree: Tree,
  schema: z.ZodType | null,
  of: string,
  context: ConfigContext,
): unknown {
  if (tree.kind === 'map') return resolveMap(tree, schema, of, context);
  if (tree.kind === 'list')
    return tree.items.map((item) => resolve(item, childSchema(schema, null), of, context));
  return typeof tree.value === 'string'
    ? resolveText(tree, tree.value, schema, context)
    : tree.value;
}

function treeAt(tree: Tree | null, path: readonly PropertyKey[]): Tree | null {
  let at = tree;
  for (const key of path) {
    let next: Tree | null = null;
    if (at?.kind === 'map') next = at.entries.get(String(key))?.value ?? null;
    else if (at?.kind === 'list' && typeof key === 'number') next = at.items[key] ?? null;
    if (!next) return null;
    at = next;
  }
  return at;
}

function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | null {
  let at: z.ZodType | null = schema;
  for (const key of path) at = at && childSchema(at, typeof key === 'number' ? null : String(key));
  return at;
}

interface Owner {
  readonly place: Place;
  readonly name: string;
}

/** A check of the plugin's own says best itself what it wants; for the others the schema says it. */
function expectedOf(issue: z.core.$ZodIssue, field: z.ZodType | null): string {
  const ownWords = issue.code === 'custom' || issue.code === 'invalid_format';
  return field && !ownWords ? describeSchema(field) : issue.message;
}

function noteIssue(
  issue: z.core.$ZodIssue,
  schema: z.ZodObject,
  tree: Tree | null,
  owner: Owner,
  reader: Reader,
): void {
  const { lints } = reader;
  const name = issue.path.map(String).join('.') || owner.name;
  const field = schemaAt(schema, issue.path);
  const value = treeAt(tree, issue.path);
  const expected = expectedOf(issue, field);
  if (!value) {
    const place = treeAt(tree, issue.path.slice(0, -1))?.place ?? owner.place;
    lints.add('WF005.missing', place, { of: owner.name, name, expected });
    return;
  }
  const was = value.kind === 'scalar' ? String(value.value) : shapeOf(value);
  if (field && unwrapSchema(field).unit === 'share') {
    lints.add('WF014.share', value.place, { name, expected, was }, percentFix(value));
  } else lints.add('WF014.value', value.place, { name, expected, was });
}

/** Who writes 70 for a share means 70 %. */
function percentFix(tree: Tree): string | null {
  const number = tree.kind === 'scalar' && typeof tree.value === 'number' ? tree.value : 0;
  return number > 1 && number <= 100 ? `write ${number / 100}` : null;
}

/** Reads `with:` of a node, source or sink as the plugin's parsed configuration; null when something is wrong. */
export function readConfig(
  tree: Tree | null,
  schema: z.ZodObject,
  owner: Owner,
  context: ConfigContext,
): Readonly<Record<string, unknown>> | null {
  const { reader } = context;
  if (tree && tree.kind !== 'map') return reader.wrong(tree, 'with', 'a mapping');
  const before = reader.lints.list.length;
  const raw = tree ? resolveMap(tree, schema, owner.name, context) : {};
  // What could not be filled in is told; the plugin's complaint about its absence would only repeat it.
  if (reader.lints.list.slice(before).some(({ level }) => level === 'error')) return null;
  return checkConfig(raw, tree, schema, owner, reader);
}

/** Checks a configuration against its schema and notes each issue where its value stands. */
export function checkConfig(
  raw: unknown,
  tree: Tree | null,
  schema: z.ZodObject,
  owner: Owner,
  reader: Reader,
): Readonly<Record<string, unknown>> | null {
  const parsed = schema.safeParse(raw);
  const at = { place: tree?.place ?? owner.place, name: owner.name };
  for (const issue of parsed.error?.issues ?? []) noteIssue(issue, schema, tree, at, reader);
  if (!parsed.success) return null;
  try {
    canonicalJson(parsed.data);
  } catch (error) {
    if (!isOrderflowError(error)) throw error;
    reader.lints.add('WF014.config', owner.place, { name: owner.name, cause: error.message });
    return null;
  }
  return parsed.data;
}
