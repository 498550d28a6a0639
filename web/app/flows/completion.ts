import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument } from 'yaml';
import { FlowNames, type KnownNames, mapOf, pluginIdOf } from './flow-names.ts';
import { describe, rangeText, type Schema, schemasAt } from './schema-at.ts';

/** What completion knows beside the text. */
export interface EditorFacts extends KnownNames {
  readonly schema: Schema;
}

/** One proposal. */
export interface Proposal {
  readonly label: string;
  /** What is written; the label where absent. */
  readonly apply?: string;
  readonly detail?: string;
  readonly info?: string;
}

/** Proposals for the word that begins at `from`. */
export interface Proposals {
  readonly from: number;
  readonly options: readonly Proposal[];
}

type Path = readonly (string | number)[];

const mark = 'cursorIsHere0';
const nothing: readonly Proposal[] = [];

/** Where the cursor stands: at a key to come of a mapping, or at a value. */
interface Spot {
  readonly kind: 'key' | 'value';
  /** Path of the mapping for a key, of the value itself for a value. */
  readonly path: Path;
  readonly document: unknown;
}

function findMark(node: Node | null, path: Path): Pick<Spot, 'kind' | 'path'> | null {
  if (isScalar(node)) return String(node.value).includes(mark) ? { kind: 'value', path } : null;
  if (isMap(node)) {
    for (const { key, value } of node.items as Pair<Node | null, Node | null>[]) {
      const name = isScalar(key) ? String(key.value) : '';
      if (name.includes(mark)) return { kind: 'key', path };
      const found = findMark(value, [...path, name]);
      if (found) return found;
    }
  }
  if (isSeq(node)) {
    for (const [i, item] of node.items.entries()) {
      const found = findMark(item as Node | null, [...path, i]);
      if (found) return found;
    }
  }
  return null;
}

function withoutMark(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMark);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.includes(mark))
      .map(([key, inner]) => [key, withoutMark(inner)]),
  );
}

/** Reads the text with a mark in place of the word at the cursor, once as a value and once as a key. */
function spotAt(text: string, from: number, to: number): Spot | null {
  const before = text.slice(text.lastIndexOf('\n', from - 1) + 1, from);
  const isKeyPlace = /^\s*(- +)*$/.test(before) || /[{,]\s*$/.test(before);
  const words = isKeyPlace ? [`${mark}: `, mark] : [mark];
  for (const word of words) {
    const marked = `${text.slice(0, from)}${word}${text.slice(to)}`;
    const document = parseDocument(marked, {
      uniqueKeys: false,
      merge: false,
      logLevel: 'silent',
    });
    const found = findMark(document.contents, []);
    if (!found) continue;
    let data: unknown = null;
    try {
      data = withoutMark(document.toJS());
    } catch {
      // An alias that leads nowhere: keys and words are still known by the schema.
    }
    return { ...found, document: data };
  }
  return null;
}

function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Schema)[String(key)] : undefined,
    document,
  );
}

/** Keys that stand for names of the node, not of the schema. */
function ownKeys(names: FlowNames, path: Path): readonly Proposal[] {
  const [section, node, ...rest] = path;
  if (section !== 'nodes' || typeof node !== 'string') return nothing;
  const own = names.node(node);
  const key = rest.at(-1);
  const plain = (labels: readonly string[], detail: string): Proposal[] =>
    labels.map((label) => ({ label, apply: `${label}: `, detail }));
  if (key === 'on') return plain(Object.keys(mapOf(own['in'])), 'in-port');
  if (key === 'emit') return plain(Object.keys(mapOf(own['out'])), 'out-port');
  if (key === 'set') return plain(Object.keys(mapOf(own['context'])), 'context field');
  return nothing;
}

function keyProposals(facts: EditorFacts, names: FlowNames, spot: Spot): readonly Proposal[] {
  const schemas = schemasAt(facts.schema, spot.path, spot.document);
  const taken = mapOf(valueAt(spot.document, spot.path));
  const found = new Map<string, Proposal>();
  for (const schema of schemas) {
    for (const label of Object.keys(mapOf(schema['properties']))) {
      if (found.has(label) || Object.hasOwn(taken, label)) continue;
      const inner = schemasAt(facts.schema, [...spot.path, label], spot.document);
      const info = describe(inner);
      const detail = rangeText(inner);
      found.set(label, { label, apply: `${label}: `, detail, info });
    }
  }
  for (const own of ownKeys(names, spot.path))
    if (!Object.hasOwn(taken, own.label)) found.set(own.label, own);
  return [...found.values()];
}

function wireProposals(names: FlowNames, path: Path): readonly Proposal[] {
  const [section, node, part, port, inner] = path;
  if ((section !== 'nodes' && section !== 'sinks') || typeof node !== 'string') return nothing;
  if (part === 'tables')
    return names
      .outs()
      .filter(({ kind }) => kind === 'table')
      .map(({ name, contract, doc }) => ({ label: name, detail: contract, info: doc }));
  if (part !== 'in' || typeof port !== 'string') return nothing;
  if (inner !== undefined && inner !== 'from') return nothing;
  return names
    .origins(node, port)
    .map(({ name, contract, doc }) => ({ label: name, detail: contract, info: doc }));
}

const expressionKeys = new Set<unknown>(['when', 'where', 'expr', 'newly', 'all', 'any', 'not']);

/** Names an expression may begin with, or the fields behind `p.` and `ctx.`. */
function expressionProposals(names: FlowNames, path: Path, before: string): readonly Proposal[] {
  const key = path.findLast((part) => typeof part === 'string');
  const [, node] = path;
  if (!expressionKeys.has(key) || typeof node !== 'string') return nothing;
  const own = names.node(node);
  const plain = (of: unknown, detail: string): Proposal[] =>
    Object.keys(mapOf(of)).map((label) => ({ label, detail }));
  if (before.endsWith('p.')) return plain(names.params, 'parameter');
  if (before.endsWith('ctx.')) return plain(own['context'], 'context field');
  if (key === 'where') return [{ label: 'it', detail: 'the record on the wire' }];
  return [
    { label: 'ev', detail: 'the event' },
    { label: 'ctx', detail: 'context of this node' },
    { label: 'p', detail: 'parameters of the flow' },
    ...plain(own['tables'], 'table'),
  ];
}

function wordProposals(facts: EditorFacts, spot: Spot): readonly Proposal[] {
  const words: Proposal[] = [];
  for (const schema of schemasAt(facts.schema, spot.path, spot.document)) {
    const { enum: all, const: only, type } = schema;
    const values = Array.isArray(all) ? all : only === undefined ? [] : [only];
    for (const value of type === 'boolean' ? [true, false] : values) {
      const plugin = facts.plugins.find(({ id }) => id === String(value).split('@')[0]);
      const isUse = spot.path.at(-1) === 'use';
      words.push({
        label: String(value),
        ...(isUse && plugin ? { detail: plugin.kind, info: plugin.summary } : {}),
      });
    }
  }
  return words;
}

function paramProposals(names: FlowNames, path: Path): readonly Proposal[] {
  if (path[2] !== 'with') return nothing;
  return Object.keys(names.params).map((name) => ({
    label: `\${param.${name}}`,
    apply: `"\${param.${name}}"`,
    detail: 'parameter of the flow',
  }));
}

function valueProposals(
  facts: EditorFacts,
  names: FlowNames,
  spot: Spot,
  before: string,
): readonly Proposal[] {
  const { path } = spot;
  const [section, node] = path;
  if (path.at(-1) === 'to' && section === 'nodes' && typeof node === 'string')
    return names.states(node).map((label) => ({ label, detail: 'state' }));
  if (section === 'sources' && path.length === 3 && path[2] === 'topic')
    return names.topics().map(({ topic, contract }) => ({ label: topic, detail: contract ?? '' }));
  return [
    ...wireProposals(names, path),
    ...expressionProposals(names, path, before),
    ...wordProposals(facts, spot),
    ...paramProposals(names, path),
  ];
}

/** Returns what may stand at a place of a flow, null where nothing is known. The text may be broken elsewhere. */
export function proposalsAt(facts: EditorFacts, text: string, at: number): Proposals | null {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  if (/(^|\s)#/.test(line)) return null;
  const isInExpression = /\b(p|ctx)\.\w*$/.test(line);
  const word = (isInExpression ? /\w*$/ : /[\w.@^-]*$/).exec(line)?.[0] ?? '';
  const from = at - word.length;
  const rest = /^[\w.@^-]*/.exec(text.slice(at))?.[0] ?? '';
  const spot = spotAt(text, from, at + rest.length);
  if (!spot) return null;
  const names = new FlowNames(spot.document, facts);
  const options =
    spot.kind === 'key'
      ? keyProposals(facts, names, spot)
      : valueProposals(facts, names, spot, text.slice(0, from));
  return options.length === 0 ? null : { from, options };
}

/** What is said of the word under the pointer. */
export interface Hint {
  readonly title: string;
  readonly text: string;
  readonly detail: string;
}

interface Found {
  readonly path: Path;
  readonly isKey: boolean;
}

const covers = (node: Node | null, at: number): boolean => {
  const range = node?.range;
  return range !== null && range !== undefined && at >= range[0] && at <= range[1];
};

function pathInMap(
  pairs: readonly Pair<Node | null, Node | null>[],
  at: number,
  path: Path,
): Found | null {
  for (const { key, value } of pairs) {
    const own = [...path, isScalar(key) ? String(key.value) : ''];
    if (covers(key, at)) return { path: own, isKey: true };
    const found = pathTo(value, at, own);
    if (found) return found;
  }
  return null;
}

function pathTo(node: Node | null, at: number, path: Path): Found | null {
  if (isMap(node)) return pathInMap(node.items as Pair<Node | null, Node | null>[], at, path);
  if (!isSeq(node)) return covers(node, at) ? { path, isKey: false } : null;
  for (const [i, item] of node.items.entries()) {
    const found = pathTo(item as Node | null, at, [...path, i]);
    if (found) return found;
  }
  return null;
}

function hintOfValue(names: FlowNames, path: Path, value: unknown): Hint | null {
  if (typeof value !== 'string') return null;
  if (path.at(-1) === 'use') {
    const plugin = names.plugin(pluginIdOf({ use: value }));
    return plugin && { title: `${plugin.id} ${plugin.version}`, text: plugin.summary, detail: '' };
  }
  const out = names.outs().find(({ name }) => name === value);
  return out ? { title: `${out.kind} ${out.name}`, text: out.doc, detail: out.contract } : null;
}

/** Returns what is known of the key or value at a place; null where nothing is. */
export function hintAt(facts: EditorFacts, text: string, at: number): Hint | null {
  const document = parseDocument(text, { uniqueKeys: false, merge: false, logLevel: 'silent' });
  const found = pathTo(document.contents, at, []);
  if (!found || document.errors.length > 0) return null;
  const data: unknown = document.toJS();
  const { path } = found;
  if (!found.isKey) {
    const own = hintOfValue(new FlowNames(data, facts), path, valueAt(data, path));
    if (own) return own;
  }
  const schemas = schemasAt(facts.schema, path, data);
  const words = describe(schemas);
  const detail = rangeText(schemas);
  return words === '' && detail === '' ? null : { title: path.join('.'), text: words, detail };
}
