import { nearestName } from '../plugin/nearest.ts';
import { nearestFix } from './lint-table.ts';
import type { Override } from './params.ts';
import { type Reader, shapeOf } from './reader.ts';
import type { Entry, MapTree, Tree } from './yaml-tree.ts';

/** A flow with an environment laid over it. */
export interface Overlaid {
  readonly tree: MapTree;
  /** Values of parameters by name. */
  readonly params: ReadonlyMap<string, Override>;
}

const sections = ['sources', 'nodes', 'sinks'] as const;

function sectionOf(tree: MapTree, key: string): ReadonlyMap<string, Entry> {
  const entry = tree.entries.get(key);
  return entry?.value.kind === 'map' ? entry.value.entries : new Map();
}

function isEmpty(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.value === null;
}

function readParams(environment: MapTree, reader: Reader): Map<string, Override> {
  const params = new Map<string, Override>();
  for (const { name, value } of reader.section(environment, 'params')) {
    if (value.kind === 'scalar') params.set(name, { value: value.value, place: value.place });
    else
      reader.lints.add('WF005.shape', value.place, {
        name,
        expected: 'a value',
        was: shapeOf(value),
      });
  }
  return params;
}

/**
 * Lays an environment over a flow. It gives values to parameters and replaces sources, nodes and sinks by others of the
 * same name; an empty value takes one away. A node may stand in for a source: a simulated broker for the real one.
 */
export function overlay(flow: MapTree, environment: MapTree | null, reader: Reader): Overlaid {
  if (!environment) return { tree: flow, params: new Map() };
  reader.keys(environment, ['environment', 'doc', 'params', ...sections], 'an environment');
  const merged = new Map(sections.map((key) => [key, new Map(sectionOf(flow, key))]));
  const known = new Set([...merged.values()].flatMap((entries) => [...entries.keys()]));
  for (const key of sections) {
    for (const entry of reader.section(environment, key)) {
      if (!known.has(entry.name)) {
        reader.lints.add(
          'WF001.replaced',
          entry.place,
          { name: entry.name },
          nearestFix(nearestName(entry.name, known)),
        );
        continue;
      }
      replace(merged, key, entry);
    }
  }
  const entries = new Map(flow.entries);
  for (const [key, section] of merged) {
    const place = flow.entries.get(key)?.place ?? environment.place;
    if (section.size > 0 || flow.entries.has(key)) {
      entries.set(key, { name: key, place, value: { kind: 'map', place, entries: section } });
    }
  }
  return { tree: { ...flow, entries }, params: readParams(environment, reader) };
}

function replace(merged: ReadonlyMap<string, Map<string, Entry>>, key: string, entry: Entry): void {
  for (const [section, entries] of merged) {
    if (section !== key) entries.delete(entry.name);
  }
  const section = merged.get(key)!;
  if (isEmpty(entry.value)) section.delete(entry.name);
  else section.set(entry.name, entry);
}
