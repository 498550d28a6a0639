import type { EditorFacts } from './completion.ts';
import { FlowNames, mapOf, type OutName, pluginIdOf } from './flow-names.ts';
import { describe, rangeText, type Schema, schemasAt } from './schema-at.ts';

/** A parameter of a node as a form shows it. */
export interface Field {
  readonly path: readonly string[];
  readonly label: string;
  readonly kind: 'number' | 'text' | 'word' | 'boolean' | 'list' | 'yaml';
  readonly words: readonly string[];
  /** What it may be, in words. */
  readonly range: string;
  readonly unit: string;
  readonly doc: string;
  /** What holds when it is not written; undefined without default. */
  readonly usual: unknown;
  /** What is written; undefined when nothing is. */
  readonly value: unknown;
}

/** A wire of a node as a form shows it. */
export interface WireField {
  readonly path: readonly string[];
  readonly port: string;
  readonly kind: string;
  readonly contract: string;
  readonly doc: string;
  /** Where it comes from; empty when it is not wired. */
  readonly value: string;
  /** Written in a way a form does not change, such as a time of day. */
  readonly isFixed: boolean;
  readonly options: readonly OutName[];
}

function kindOf(merged: Schema, value: unknown): Field['kind'] {
  // What a parameter of the flow or the environment fills in is changed where it stands.
  if (typeof value === 'string' && value.includes('${')) return 'yaml';
  if (Array.isArray(merged['enum'])) return 'word';
  switch (merged['type']) {
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'string':
      return 'text';
    case 'array':
      return 'list';
    default:
      return 'yaml';
  }
}

/** Returns the parameters of a node's plugin, nested ones with their path; none for a statechart of the flow. */
export function fieldsOf(
  facts: EditorFacts,
  document: unknown,
  section: string,
  node: string,
): readonly Field[] {
  const collect = (path: readonly string[], value: unknown): Field[] => {
    const found = new Map<string, readonly Schema[]>();
    for (const schema of schemasAt(facts.schema, path, document)) {
      for (const name of Object.keys(mapOf(schema['properties'])))
        if (!found.has(name)) found.set(name, schemasAt(facts.schema, [...path, name], document));
    }
    return [...found].flatMap(([name, schemas]) => {
      const own = [...path, name];
      const written = mapOf(value)[name];
      const merged: Schema = Object.assign({}, ...[...schemas].reverse());
      if (merged['type'] === 'object' && merged['properties'] !== undefined)
        return collect(own, written);
      const { unit, default: usual, enum: words } = merged;
      return [
        {
          path: own,
          label: own.slice(3).join('.'),
          kind: kindOf(merged, written),
          words: Array.isArray(words) ? words.map(String) : [],
          range: rangeText(schemas),
          unit: typeof unit === 'string' ? unit : '',
          doc: describe(schemas),
          usual,
          value: written,
        },
      ];
    });
  };
  const own = mapOf(mapOf(mapOf(document)[section])[node]);
  if (pluginIdOf(own) === null) return [];
  return collect([section, node, 'with'], own['with']);
}

/** Returns the in-ports of a node's plugin with what they are wired to. */
export function wiresOf(facts: EditorFacts, document: unknown, node: string): readonly WireField[] {
  const names = new FlowNames(document, facts);
  const own = names.node(node);
  const plugin = names.plugin(pluginIdOf(own));
  const wired = mapOf(own['in']);
  return (plugin?.in ?? []).map(({ port, kind, contract, doc, optional }) => {
    const wire = wired[port];
    const from = mapOf(wire)['from'];
    const isMap = typeof wire === 'object' && wire !== null;
    const path = ['nodes', node, 'in', port, ...(isMap ? ['from'] : [])];
    return {
      path,
      port,
      kind: `${kind}${optional ? ', optional' : ''}`,
      contract,
      doc,
      value: typeof wire === 'string' ? wire : typeof from === 'string' ? from : '',
      isFixed: isMap && typeof from !== 'string',
      options: names.origins(node, port),
    };
  });
}

/** Reads what somebody typed into a field; null when it is none of the field's values. */
export function readField(
  field: Field,
  typed: string,
): string | number | boolean | readonly (string | number)[] | null {
  const text = typed.trim();
  switch (field.kind) {
    case 'number': {
      const value = Number(text);
      return text !== '' && Number.isFinite(value) ? value : null;
    }
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : null;
    case 'word':
      return field.words.includes(text) ? text : null;
    case 'list':
      return text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '')
        .map((part) => (Number.isFinite(Number(part)) ? Number(part) : part));
    case 'text':
      return text;
    case 'yaml':
      return null;
  }
}
