import { isPortName } from '../plugin/check-plugin.ts';
import { nearestName } from '../plugin/nearest.ts';
import { depthOf } from './expression-source.ts';
import type { Place } from './graph.ts';
import { type Lints, nearestFix } from './lint-table.ts';
import { parseDuration } from './parse-duration.ts';
import type { Entry, ListTree, MapTree, ScalarTree, Tree } from './yaml-tree.ts';

/** Says what a value is, for messages. */
export function shapeOf(tree: Tree): string {
  if (tree.kind === 'map') return 'a mapping';
  if (tree.kind === 'list') return 'a list';
  if (tree.value === null) return 'empty';
  return typeof tree.value === 'string'
    ? `text '${shorten(tree.value)}'`
    : `${typeof tree.value} ${String(tree.value)}`;
}

/** Cuts a long text for a message. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 77)}…` : line;
}

/** In `{ expr: f(a, b) }` YAML ends the value at the comma: it has a parenthesis too many, and a key `b)` comes after. */
function cutByComma(map: MapTree): (ScalarTree & { readonly value: string }) | null {
  const entries = [...map.entries.values()];
  if (!entries.some(({ name }) => depthOf(name).close > 0)) return null;
  for (const { value } of entries) {
    if (value.kind !== 'scalar' || typeof value.value !== 'string') continue;
    if (value.inFlow && !value.quoted && depthOf(value.value).open > 0)
      return { ...value, value: value.value };
  }
  return null;
}

function isEmpty(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.value === null;
}

/** Turns trees into values; whatever has the wrong form becomes a lint and null. */
export class Reader {
  readonly lints: Lints;

  constructor(lints: Lints) {
    this.lints = lints;
  }

  /** Notes a value of the wrong form. */
  wrong(tree: Tree, name: string, expected: string): null {
    this.lints.add('WF005.shape', tree.place, { name, expected, was: shapeOf(tree) });
    return null;
  }

  map(tree: Tree, name: string): MapTree | null {
    return tree.kind === 'map' ? tree : this.wrong(tree, name, 'a mapping');
  }

  list(tree: Tree, name: string): ListTree | null {
    return tree.kind === 'list' ? tree : this.wrong(tree, name, 'a list');
  }

  /** A scalar that holds text, with its place. */
  textScalar(
    tree: Tree,
    name: string,
    expected = 'text',
  ): (ScalarTree & { readonly value: string }) | null {
    if (tree.kind === 'scalar' && typeof tree.value === 'string')
      return { ...tree, value: tree.value };
    return this.wrong(tree, name, expected);
  }

  text(tree: Tree, name: string, expected = 'text'): string | null {
    return this.textScalar(tree, name, expected)?.value ?? null;
  }

  number(tree: Tree, name: string, expected = 'a number'): number | null {
    if (tree.kind === 'scalar' && typeof tree.value === 'number' && Number.isFinite(tree.value))
      return tree.value;
    return this.wrong(tree, name, expected);
  }

  boolean(tree: Tree, name: string): boolean | null {
    if (tree.kind === 'scalar' && typeof tree.value === 'boolean') return tree.value;
    return this.wrong(tree, name, 'true or false');
  }

  /** A duration in microseconds. */
  duration(tree: Tree, name: string): number | null {
    const text = this.text(tree, name, 'a duration like 90s');
    if (text === null) return null;
    const micros = parseDuration(text);
    if (micros === null) this.lints.add('WF005.duration', tree.place, { text: shorten(text) });
    return micros;
  }

  /** Notes every key the mapping should not have. */
  keys(map: MapTree, known: readonly string[], of: string): void {
    const cut = cutByComma(map);
    if (cut)
      this.lints.add(
        'WF003.comma',
        cut.place,
        { text: shorten(cut.value) },
        'quote the whole expression',
      );
    for (const { name, place, value } of map.entries.values()) {
      // The rest of a cut expression is no key.
      if (known.includes(name) || (cut && isEmpty(value))) continue;
      const fix = nearestFix(nearestName(name, known));
      this.lints.add('WF001.key', place, { name: shorten(name), of }, fix);
    }
  }

  /** The value of a key that must be there. */
  required(map: MapTree, key: string, of: string, expected: string): Tree | null {
    const entry = map.entries.get(key);
    if (entry) return entry.value;
    this.lints.add('WF005.missing', map.place, { of, name: key, expected });
    return null;
  }

  /** The entries of a mapping under a key; none when the key is absent or no mapping. */
  section(map: MapTree, key: string): readonly Entry[] {
    const entry = map.entries.get(key);
    if (!entry) return [];
    return [...(this.map(entry.value, key)?.entries.values() ?? [])];
  }

  /** Returns whether a name may be a flow or node name. */
  nodeName(name: string, what: string, place: Place): boolean {
    if (/^[a-z][a-zA-Z0-9-]*$/.test(name)) return true;
    this.lints.add('WF006.key', place, { name: shorten(name), what });
    return false;
  }

  /** Returns whether a name may be a state. */
  stateName(name: string, place: Place): boolean {
    if (/^[a-z][a-zA-Z0-9]*$/.test(name)) return true;
    this.lints.add('WF006.identifier', place, { name: shorten(name), what: 'state' });
    return false;
  }

  /** Returns whether a name may stand in expressions. */
  identifier(name: string, what: string, place: Place): boolean {
    if (isPortName(name)) return true;
    if (/^[a-z][a-zA-Z0-9]*$/.test(name)) this.lints.add('WF006.reserved', place, { name });
    else this.lints.add('WF006.identifier', place, { name: shorten(name), what });
    return false;
  }
}
