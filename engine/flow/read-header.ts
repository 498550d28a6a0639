import { isOrderflowError } from '../errors.ts';
import {
  defineInstrument,
  findInstrument,
  type Instrument,
  instruments as shipped,
} from '../market/instrument.ts';
import type { Zone } from '../market/time.ts';
import { nearestName } from '../plugin/nearest.ts';
import { parseVersion } from '../plugin/version.ts';
import type { FlowInput } from './flow-input.ts';
import type { ErrorPolicy, Place } from './graph.ts';
import { nearestFix } from './lint-table.ts';
import { type Reader, shapeOf, shorten } from './reader.ts';
import type { MapTree, Tree } from './yaml-tree.ts';

/** What stands at the top of a flow. */
export interface Header {
  readonly name: string;
  readonly version: string;
  readonly doc: string;
  readonly instruments: readonly Instrument[];
  readonly zone: Zone;
  readonly onError: ErrorPolicy;
  readonly moved: Readonly<Record<string, string>>;
}

/** The keys a flow may have at its top. */
export const flowKeys = [
  ...['flow', 'version', 'doc', 'instruments', 'instrumentTable', 'time', 'params'],
  ...['sources', 'nodes', 'sinks', 'onError', 'moved'],
];

const reserved: ReadonlySet<string> = new Set(['market', 'broker', 'control']);
const zones: readonly Zone[] = ['America/New_York', 'America/Chicago', 'UTC'];
const policies = ['halt-trading', 'quarantine'] as const;

function readName(tree: MapTree, reader: Reader): string {
  const value = reader.required(tree, 'flow', 'a flow', 'its name');
  const name = value && reader.text(value, 'flow', 'the name of the flow');
  if (name === null || !reader.nodeName(name, 'flow', value!.place)) return '';
  if (reserved.has(name)) reader.lints.add('WF006.reserved', value!.place, { name });
  return name;
}

function readVersion(tree: MapTree, reader: Reader): string {
  const value = reader.required(tree, 'version', 'a flow', 'three numbers like 1.0.0');
  const version = value && reader.text(value, 'version', 'three numbers like 1.0.0');
  if (version !== null && parseVersion(version) === null)
    reader.lints.add('WF005.version', value!.place, { text: version });
  return version ?? '0.0.0';
}

/** Instruments of the flow; `wrong` are symbols whose row was noted, so that their absence is not told again. */
interface Rows {
  readonly instruments: readonly Instrument[];
  readonly wrong: ReadonlySet<unknown>;
}

function readRows(tree: MapTree, reader: Reader): Rows {
  const entry = tree.entries.get('instrumentTable');
  const list = entry && reader.list(entry.value, 'instrumentTable');
  const instruments: Instrument[] = [];
  const wrong = new Set<unknown>();
  for (const item of list?.items ?? []) {
    const row = plainOf(item);
    try {
      instruments.push(defineInstrument(row));
    } catch (error) {
      if (!isOrderflowError(error)) throw error;
      reader.lints.add('WF014.row', item.place, { cause: error.message });
      if (typeof row === 'object' && row !== null && 'symbol' in row) wrong.add(row.symbol);
    }
  }
  return { instruments, wrong };
}

function plainOf(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(plainOf);
  return Object.fromEntries(
    [...tree.entries.values()].map(({ name, value }) => [name, plainOf(value)]),
  );
}

interface Named {
  readonly symbol: string;
  readonly place: Place;
}

function namedInstruments(tree: MapTree, input: FlowInput, reader: Reader): readonly Named[] {
  const entry = tree.entries.get('instruments');
  if (input.instruments) {
    const place = entry?.value.place ?? tree.place;
    return input.instruments.map((symbol) => ({ symbol, place }));
  }
  const value = reader.required(tree, 'instruments', 'a flow', 'a list like [ES]');
  const list = value && reader.list(value, 'instruments');
  if (!list) return [];
  if (list.items.length === 0) reader.wrong(list, 'instruments', 'at least one instrument');
  return list.items.flatMap((item) => {
    const symbol = reader.text(item, 'instruments', 'a symbol like ES');
    return symbol === null ? [] : [{ symbol, place: item.place }];
  });
}

function readInstruments(tree: MapTree, input: FlowInput, reader: Reader): readonly Instrument[] {
  const own = readRows(tree, reader);
  const rows = [...own.instruments, ...(input.instrumentTable ?? [])];
  const found: Instrument[] = [];
  for (const { symbol, place } of namedInstruments(tree, input, reader)) {
    const known = [...rows, ...shipped].map((row) => row.symbol);
    if (own.wrong.has(symbol)) continue;
    if (!known.includes(symbol)) {
      reader.lints.add(
        'WF001.instrument',
        place,
        { name: shorten(symbol) },
        nearestFix(nearestName(symbol, known)),
      );
    } else if (found.some((other) => other.symbol === symbol)) {
      reader.lints.add('WF015.name', place, { name: symbol, what: 'instrument of this flow' });
    } else found.push(findInstrument(symbol, rows));
  }
  return found;
}

function readZone(tree: MapTree, reader: Reader): Zone {
  const entry = tree.entries.get('time');
  const map = entry && reader.map(entry.value, 'time');
  if (!map) return 'America/New_York';
  reader.keys(map, ['zone'], 'time');
  const value = reader.required(map, 'zone', 'time', zones.join(', '));
  const text = value && reader.text(value, 'zone', zones.join(', '));
  const zone = zones.find((name) => name === text);
  if (text !== null && !zone) {
    reader.lints.add(
      'WF005.zone',
      value!.place,
      { text, expected: zones.join(', ') },
      nearestFix(nearestName(text, zones)),
    );
  }
  return zone ?? 'America/New_York';
}

/** Reads `onError:`; null when absent or unknown. */
export function readPolicy(tree: MapTree, reader: Reader): ErrorPolicy | null {
  const entry = tree.entries.get('onError');
  const text = entry ? reader.text(entry.value, 'onError', policies.join(' or ')) : null;
  if (text === null) return null;
  const policy = policies.find((name) => name === text);
  if (policy) return policy;
  const facts = { name: 'onError', expected: policies.join(' or '), was: text };
  reader.lints.add(
    'WF014.value',
    entry!.value.place,
    facts,
    nearestFix(nearestName(text, policies)),
  );
  return null;
}

function readMoved(tree: MapTree, reader: Reader): Readonly<Record<string, string>> {
  const moved: Record<string, string> = {};
  for (const { name, place, value } of reader.section(tree, 'moved')) {
    const to = reader.text(value, name, 'the new key of the node');
    if (to !== null && reader.nodeName(name, 'node', place)) moved[name] = to;
  }
  return moved;
}

/** Reads the top of a flow. */
export function readHeader(tree: MapTree, input: FlowInput, reader: Reader): Header {
  reader.keys(tree, flowKeys, 'a flow');
  const doc = tree.entries.get('doc');
  return {
    name: readName(tree, reader),
    version: readVersion(tree, reader),
    doc: (doc && reader.text(doc.value, 'doc', `text, was ${shapeOf(doc.value)}`)) ?? '',
    instruments: readInstruments(tree, input, reader),
    zone: readZone(tree, reader),
    onError: readPolicy(tree, reader) ?? 'halt-trading',
    moved: readMoved(tree, reader),
  };
}
