import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  type YAMLMap,
} from 'yaml';

/** A change of a text; offsets in UTF-16 units. */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** What a form may write. */
export type FieldValue = string | number | boolean | readonly (string | number | boolean)[];

type MapPair = Pair<Node | null, Node | null>;

/** Reads a text with the places of everything in it; null while it is not YAML. */
export function readDocument(text: string): Document.Parsed | null {
  const document = parseDocument(text, { uniqueKeys: false, merge: false, logLevel: 'silent' });
  return document.errors.length === 0 && document.contents !== null ? document : null;
}

const wordLike = /^[A-Za-z_][\w./@^~-]*$/;
const reserved = /^(true|false|null|~|nan|inf)$/i;

function quoted(text: string, type: Scalar.Type | undefined): string {
  if (type === Scalar.QUOTE_SINGLE && !text.includes('\n'))
    return `'${text.replaceAll("'", "''")}'`;
  if (type === Scalar.QUOTE_DOUBLE) return JSON.stringify(text);
  return wordLike.test(text) && !reserved.test(text) ? text : JSON.stringify(text);
}

/** Writes a value as it stands in YAML, quoted like the one it replaces. */
function valueText(value: FieldValue, type?: Scalar.Type): string {
  if (typeof value === 'string') return quoted(value, type);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return `[${value.map((item) => valueText(item)).join(', ')}]`;
}

function entryText(path: readonly string[], value: FieldValue): string {
  const [key = '', ...rest] = path;
  return rest.length === 0
    ? `${quoted(key, undefined)}: ${valueText(value)}`
    : `${quoted(key, undefined)}: { ${entryText(rest, value)} }`;
}

function pairOf(map: YAMLMap, key: string): MapPair | undefined {
  return (map.items as MapPair[]).find(
    (pair) => isScalar(pair.key) && String(pair.key.value) === key,
  );
}

/** Where what a node says ends: a block collection's own range reaches over the blank lines and comments after it. */
function contentEnd(node: Node | null, otherwise: number): number {
  const range = node?.range;
  if (!range) return otherwise;
  if ((isMap(node) || isSeq(node)) && node.flow !== true) {
    const last = node.items.at(-1);
    if (last === undefined) return range[1];
    if (isMap(node)) return pairEnd(last as MapPair);
    return contentEnd(last as Node | null, range[1]);
  }
  return range[1];
}

function pairEnd({ key, value }: MapPair): number {
  const keyEnd = key?.range?.[1] ?? 0;
  return Math.max(contentEnd(value, keyEnd), keyEnd);
}

function lineEnd(text: string, at: number): number {
  // A block of text ends behind its own line break.
  const from = at > 0 && text[at - 1] === '\n' ? at - 1 : at;
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

function lastWithPlace(map: YAMLMap, after: string | null): MapPair | null {
  const wanted = after === null ? undefined : pairOf(map, after);
  return wanted ?? ((map.items.at(-1) ?? null) as MapPair | null);
}

function insertInto(
  text: string,
  map: YAMLMap,
  path: readonly string[],
  value: FieldValue,
): TextChange | null {
  // `with:` belongs behind `use:`, everything else to the end.
  const last = lastWithPlace(map, path[0] === 'with' ? 'use' : null);
  const range = map.range;
  if (!range) return null;
  if (map.flow === true) {
    if (!last) return { from: range[0], to: range[1], insert: `{ ${entryText(path, value)} }` };
    const at = pairEnd(last);
    return { from: at, to: at, insert: `, ${entryText(path, value)}` };
  }
  const [first] = map.items as MapPair[];
  const start = first?.key?.range?.[0];
  if (!last || start === undefined) return null;
  const at = lineEnd(text, pairEnd(last));
  const indent = ' '.repeat(start - lineStart(text, start));
  return { from: at, to: at, insert: `\n${indent}${entryText(path, value)}` };
}

/** The place behind the colon of a key that has no value yet. */
function behindColon(text: string, pair: MapPair): number | null {
  const keyEnd = pair.key?.range?.[1];
  if (keyEnd === undefined) return null;
  const colon = text.indexOf(':', keyEnd);
  return colon < 0 ? null : colon + 1;
}

function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null && node.source === '');
}

function replaceValue(text: string, pair: MapPair, value: FieldValue): TextChange | null {
  const node = pair.value;
  if (isEmpty(node)) {
    const at = behindColon(text, pair);
    return at === null ? null : { from: at, to: at, insert: ` ${valueText(value)}` };
  }
  const range = node?.range;
  if (!range || isAlias(node)) return null;
  const [from, to] = range;
  if (isScalar(node)) {
    if (node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL) return null;
    return { from, to, insert: valueText(value, node.type ?? undefined) };
  }
  const isFlowList = isSeq(node) && node.flow === true;
  return isFlowList ? { from, to, insert: valueText(value) } : null;
}

/**
 * Returns the smallest change that puts a value at a path of mappings: an existing value alone is replaced, a new key becomes
 * one line (or one entry inside `{ … }`). Null where it cannot be done without touching more: behind an alias, in a
 * block of text, in a text that is not YAML.
 */
export function setAt(text: string, path: readonly string[], value: FieldValue): TextChange | null {
  let node: Node | null = readDocument(text)?.contents ?? null;
  for (const [i, key] of path.entries()) {
    if (!isMap(node)) return null;
    const rest = path.slice(i);
    const pair = pairOf(node, key);
    if (!pair) return insertInto(text, node, rest, value);
    if (rest.length === 1) return replaceValue(text, pair, value);
    if (isEmpty(pair.value)) {
      const at = behindColon(text, pair);
      const insert = ` { ${entryText(rest.slice(1), value)} }`;
      return at === null ? null : { from: at, to: at, insert };
    }
    node = pair.value;
  }
  return null;
}

function removeFromFlow(map: YAMLMap, at: number): TextChange | null {
  const items = map.items as MapPair[];
  const pair = items[at];
  const from = pair?.key?.range?.[0];
  if (!pair || from === undefined) return null;
  const next = items[at + 1]?.key?.range?.[0];
  if (next !== undefined) return { from, to: next, insert: '' };
  const before = items[at - 1];
  return before ? { from: pairEnd(before), to: pairEnd(pair), insert: '' } : null;
}

function removePair(text: string, map: YAMLMap, pair: MapPair): TextChange | null {
  const at = (map.items as MapPair[]).indexOf(pair);
  if (map.flow === true) return removeFromFlow(map, at);
  const key = pair.key?.range?.[0];
  if (key === undefined) return null;
  const from = lineStart(text, key);
  // The first key of a list item shares its line with the dash.
  if (text.slice(from, key).trim() !== '') return null;
  const end = lineEnd(text, pairEnd(pair));
  return { from, to: Math.min(end + 1, text.length), insert: '' };
}

/**
 * Returns the smallest change that takes the key at a path away, with its line; a mapping that would be left empty goes with
 * it. Null where there is nothing, or more would be touched.
 */
export function removeAt(text: string, path: readonly string[]): TextChange | null {
  const chain: { map: YAMLMap; pair: MapPair }[] = [];
  let node: Node | null = readDocument(text)?.contents ?? null;
  for (const key of path) {
    if (!isMap(node)) return null;
    const pair = pairOf(node, key);
    if (!pair) return null;
    chain.push({ map: node, pair });
    node = pair.value;
  }
  while (chain.length > 1 && chain.at(-1)?.map.items.length === 1) chain.pop();
  const last = chain.at(-1);
  return last ? removePair(text, last.map, last.pair) : null;
}

/** Applies a change. */
export function applyChange(text: string, { from, to, insert }: TextChange): string {
  return `${text.slice(0, from)}${insert}${text.slice(to)}`;
}

/** A node, source or sink of a flow with the stretch of text that is its own. */
export interface NodeSpan {
  readonly id: string;
  readonly section: 'nodes' | 'sources' | 'sinks';
  readonly from: number;
  readonly to: number;
  /** Its value as plain data; null where it is none. */
  readonly value: Readonly<Record<string, unknown>> | null;
  /** A field of it comes from an anchor elsewhere. */
  readonly hasAlias: boolean;
}

const sections = ['sources', 'nodes', 'sinks'] as const;

/** Returns the stretches of a flow's nodes, sources and sinks, in file order; none while it is not YAML. */
export function nodeSpans(text: string): readonly NodeSpan[] {
  const document = readDocument(text);
  const root = document?.contents;
  if (!document || !isMap(root)) return [];
  return sections.flatMap((section) => {
    const found = pairOf(root, section)?.value;
    if (!isMap(found)) return [];
    return (found.items as MapPair[]).flatMap((pair) => {
      const start = pair.key?.range?.[0];
      if (start === undefined || !isScalar(pair.key)) return [];
      const value: unknown = pair.value?.toJS(document) ?? null;
      const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
      return [
        {
          id: String(pair.key.value),
          section,
          from: start,
          to: lineEnd(text, pairEnd(pair)),
          value: isRecord ? (value as Readonly<Record<string, unknown>>) : null,
          hasAlias: isAlias(pair.value),
        },
      ];
    });
  });
}
