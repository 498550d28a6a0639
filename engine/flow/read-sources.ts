import { canonicalJson } from '../contracts/canonical.ts';
import { nearestName } from '../plugin/nearest.ts';
import type { Registry } from '../plugin/registry.ts';
import { readUse } from './collect-nodes.ts';
import { contractTable } from './contract-table.ts';
import type { FlowInput } from './flow-input.ts';
import type { SourceDraft } from './flow-scope.ts';
import type { Place } from './graph.ts';
import { nearestFix } from './lint-table.ts';
import { type ConfigContext, checkConfig, readConfig } from './read-config.ts';
import type { Reader } from './reader.ts';
import type { Entry, MapTree, ScalarTree } from './yaml-tree.ts';

/** What sources are read with. */
export interface SourceContext {
  readonly reader: Reader;
  readonly registry: Registry;
  readonly config: ConfigContext;
  readonly marketSource: FlowInput['marketSource'];
}

/** The sources of a flow. */
export interface Sources {
  readonly byName: ReadonlyMap<string, SourceDraft>;
  /** Sources that stand for another one. */
  readonly aliases: ReadonlyMap<string, string>;
}

function readTopic(map: MapTree, id: string, place: Place, reader: Reader): SourceDraft {
  reader.keys(map, ['topic', 'contract', 'kind', 'doc'], `source '${id}'`);
  const topic = reader.text(map.entries.get('topic')!.value, 'topic', 'a topic like broker.facts');
  const kind = map.entries.get('kind');
  const kindText = kind ? reader.text(kind.value, 'kind', 'event or table') : 'event';
  if (kind && kindText !== 'event' && kindText !== 'table')
    reader.wrong(kind.value, 'kind', 'event or table');
  const contract = map.entries.get('contract');
  if (topic === null) return { id, place, kind: 'broken' };
  if (!contract) return { id, place, kind: 'topic', topic, schema: null };
  const name = reader.text(contract.value, 'contract', 'a contract like compositeArea');
  const known = name === null ? undefined : contractTable.get(name);
  if (name !== null && !known) {
    reader.lints.add(
      'WF001.contract',
      contract.value.place,
      { name },
      nearestFix(nearestName(name, contractTable.keys())),
    );
  }
  if (!known) return { id, place, kind: 'broken' };
  return {
    id,
    place,
    kind: 'topic',
    topic,
    schema: { kind: kindText === 'table' ? 'table' : 'event', schema: known.schema },
  };
}

function readPlugin(map: MapTree, id: string, place: Place, context: SourceContext): SourceDraft {
  const { reader, registry } = context;
  reader.keys(map, ['use', 'with', 'doc'], `source '${id}'`);
  const found = readUse(map.entries.get('use')!.value, 'source', reader, registry);
  if (found?.plugin.kind !== 'source') return { id, place, kind: 'broken' };
  const { plugin } = found;
  const owner = { place, name: `source '${id}'` };
  // When another market source comes in its place, what it is configured with does not matter.
  const replaced =
    context.marketSource && Object.values(plugin.out).some(({ kind }) => kind === 'market');
  const config = replaced
    ? null
    : readConfig(map.entries.get('with')?.value ?? null, plugin.config, owner, context.config);
  return { id, place, kind: 'plugin', plugin, config };
}

function readSource(entry: Entry, context: SourceContext): SourceDraft {
  const { reader } = context;
  const { name: id, place } = entry;
  const map = reader.map(entry.value, `source '${id}'`);
  if (!map) return { id, place, kind: 'broken' };
  const isTopic = map.entries.has('topic');
  if (isTopic !== map.entries.has('use'))
    return isTopic ? readTopic(map, id, place, reader) : readPlugin(map, id, place, context);
  const was = isTopic ? 'both' : 'neither';
  reader.lints.add('WF005.one', place, { of: `source '${id}'`, expected: 'use, topic', was });
  return { id, place, kind: 'broken' };
}

function isMarket(source: SourceDraft): source is SourceDraft & { readonly kind: 'plugin' } {
  return (
    source.kind === 'plugin' &&
    Object.values(source.plugin.out).some(({ kind }) => kind === 'market')
  );
}

function replaceMarket(source: SourceDraft, context: SourceContext): SourceDraft {
  const { id, place } = source;
  const { reader, registry, marketSource } = context;
  const use: ScalarTree = {
    kind: 'scalar',
    place,
    value: marketSource!.use,
    quoted: true,
    inFlow: false,
    placeAt: () => place,
  };
  const found = readUse(use, 'source', reader, registry);
  if (found?.plugin.kind !== 'source') return { id, place, kind: 'broken' };
  const { plugin } = found;
  const config = checkConfig(
    marketSource!.with,
    null,
    plugin.config,
    { place, name: `source '${id}'` },
    reader,
  );
  return { id, place, kind: 'plugin', plugin, config };
}

function sameSource(
  a: SourceDraft & { readonly kind: 'plugin' },
  b: SourceDraft & { readonly kind: 'plugin' },
): boolean {
  return a.plugin.id === b.plugin.id && canonicalJson(a.config) === canonicalJson(b.config);
}

/** Reads `sources:`; with `marketSource` given, one source takes the place of all that bring market data. */
export function readSources(entries: readonly Entry[], context: SourceContext): Sources {
  const { reader } = context;
  const byName = new Map<string, SourceDraft>();
  const aliases = new Map<string, string>();
  for (const entry of entries) {
    if (reader.nodeName(entry.name, 'source', entry.place))
      byName.set(entry.name, readSource(entry, context));
  }
  const [first, ...others] = [...byName.values()].filter(isMarket);
  if (!first) return { byName, aliases };
  if (context.marketSource) byName.set(first.id, replaceMarket(first, context));
  for (const other of others) {
    if (context.marketSource || sameSource(first, other)) aliases.set(other.id, first.id);
    else
      reader.lints.add('WF013.two', other.place, {
        name: other.id,
        other: first.id,
        line: first.place.line,
      });
  }
  return { byName, aliases };
}
