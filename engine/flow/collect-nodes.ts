import type { Plugin } from '../plugin/define-plugin.ts';
import { nearestName } from '../plugin/nearest.ts';
import type { Registry } from '../plugin/registry.ts';
import { contractId, contractTable } from './contract-table.ts';
import type { FileScope, FragmentUse, NodeDraft, Origin } from './flow-scope.ts';
import type { Place } from './graph.ts';
import { nearestFix } from './lint-table.ts';
import { type Override, type ParamScope, readParams } from './params.ts';
import { readOutPorts } from './read-chart.ts';
import { type ConfigContext, readReference } from './read-config.ts';
import { readPolicy } from './read-header.ts';
import type { Reader } from './reader.ts';
import { schemaMismatch } from './schema-match.ts';
import { type Entry, type MapTree, parseYamlTree, type Tree } from './yaml-tree.ts';

const deepestUse = 8;

/** What nodes are collected with. */
export interface CollectContext {
  readonly reader: Reader;
  readonly registry: Registry;
  readonly variables: ConfigContext['variables'];
  readFile(path: string): string | null;
  /** Resolves a wire of the file that uses a fragment; runs once all nodes are known. */
  resolveBinding(entry: Entry, node: string, scope: FileScope): Origin | null;
}

/** The nodes of a flow, those inside fragments included, in file order. */
export interface Collected {
  readonly nodes: Map<string, NodeDraft>;
  readonly fragments: Map<string, FragmentUse>;
  /** Nodes that were noted as wrong. */
  readonly broken: Set<string>;
  readonly scopes: FileScope[];
}

/** Returns the plugin of a `use:`; null when there is none of that kind, which is then noted. */
export function readUse(
  tree: Tree,
  kind: 'processor' | 'source' | 'sink',
  reader: Reader,
  registry: Registry,
): { plugin: Plugin; use: string } | null {
  const use = reader.text(tree, 'use', 'id@range like vwap@^1');
  if (use === null) return null;
  const { lints } = reader;
  const resolved = registry.resolve(use);
  if (resolved.plugin) {
    const was = resolved.plugin.kind ?? 'processor';
    if (was === kind) return { plugin: resolved.plugin, use };
    lints.add('WF001.pluginKind', tree.place, { name: resolved.plugin.id, was, expected: kind });
    return null;
  }
  const { id, nearest, problem, range } = resolved;
  if (problem === 'version')
    lints.add(
      'WF001.pluginVersion',
      tree.place,
      { name: id, installed: nearest ?? '', range },
      `write ${id}@^${nearest}`,
    );
  else if (problem === 'unknown')
    lints.add('WF001.plugin', tree.place, { name: id }, nearestFix(nearest));
  else lints.add('WF001.use', tree.place, { name: use });
  return null;
}

/** Joins a path to the folder of a file: `flows/a.yaml` and `./fragments/x.yaml` give `flows/fragments/x.yaml`. */
function joinPath(file: string, path: string): string {
  const parts = file.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  const joined = parts.join('/');
  return file.startsWith('/') && !joined.startsWith('/') ? `/${joined}` : joined;
}

class Collector {
  readonly result: Collected = {
    nodes: new Map(),
    fragments: new Map(),
    broken: new Set(),
    scopes: [],
  };
  private readonly context: CollectContext;

  constructor(context: CollectContext) {
    this.context = context;
  }

  collect(entries: readonly Entry[], scope: FileScope, files: readonly string[]): void {
    this.result.scopes.push(scope);
    for (const entry of entries) {
      const { reader } = this.context;
      if (!reader.nodeName(entry.name, 'node', entry.place)) continue;
      const id = scope.prefix + entry.name;
      const first = this.result.nodes.get(id);
      if (first) reader.lints.add('WF015.node', entry.place, { name: id, line: first.place.line });
      else if (!this.node(entry, id, scope, files)) this.result.broken.add(id);
    }
  }

  private node(entry: Entry, id: string, scope: FileScope, files: readonly string[]): boolean {
    const { reader, registry } = this.context;
    const tree = reader.map(entry.value, `node '${entry.name}'`);
    if (!tree) return false;
    const use = tree.entries.get('use');
    if (!use) {
      if (!tree.entries.has('machine')) {
        reader.lints.add('WF005.missing', entry.place, {
          of: `node '${entry.name}'`,
          name: 'use',
          expected: 'a plugin, or machine: for a statechart',
        });
        return false;
      }
      this.result.nodes.set(id, {
        kind: 'chart',
        id,
        place: entry.place,
        tree,
        scope,
        out: readOutPorts(tree, reader),
      });
      return true;
    }
    const text = use.value.kind === 'scalar' ? use.value.value : null;
    if (typeof text === 'string' && /^\.{1,2}\//.test(text))
      return this.fragment(text, use.value.place, tree, id, scope, files);
    const found = readUse(use.value, 'processor', reader, registry);
    if (!found || found.plugin.kind === 'source' || found.plugin.kind === 'sink') return false;
    this.result.nodes.set(id, {
      kind: 'plugin',
      id,
      place: entry.place,
      tree,
      scope,
      use: found.use,
      plugin: found.plugin,
    });
    return true;
  }

  private fragment(
    path: string,
    place: Place,
    tree: MapTree,
    id: string,
    scope: FileScope,
    files: readonly string[],
  ): boolean {
    const { reader } = this.context;
    const file = joinPath(scope.file, path);
    reader.keys(tree, ['use', 'with', 'in', 'onError', 'doc'], `node '${id}'`);
    if (files.includes(file) || files.length > deepestUse) {
      reader.lints.add('WF040.loop', place, { path: [...files, file].join(' → ') });
      return false;
    }
    const text = this.context.readFile(file);
    if (text === null) {
      reader.lints.add('WF001.file', place, { name: file });
      return false;
    }
    const noted = reader.lints.list.length;
    const root = parseYamlTree(file, text, reader.lints);
    if (!root && reader.lints.list.length === noted) {
      const facts = { name: 'a fragment', expected: 'a mapping', was: 'empty' };
      reader.lints.add('WF005.shape', { file, line: 1, col: 1 }, facts);
    }
    const map = root && reader.map(root, 'a fragment');
    if (!map) return false;
    reader.keys(map, ['fragment', 'version', 'doc', 'params', 'in', 'out', 'nodes'], 'a fragment');
    const inner: FileScope = {
      file,
      prefix: `${id}-`,
      params: this.fragmentParams(map, tree, scope.params),
      ports: this.bindings(map, tree, id, scope, place),
      onError: readPolicy(tree, reader) ?? scope.onError,
    };
    const out = reader
      .section(map, 'out')
      .map((port) => [port.name, { target: port.value, scope: inner }] as const);
    this.result.fragments.set(id, { id, out: new Map(out) });
    this.collect(reader.section(map, 'nodes'), inner, [...files, file]);
    return true;
  }

  private fragmentParams(map: MapTree, use: MapTree, outer: ParamScope): ParamScope {
    const { reader, variables } = this.context;
    const given = new Map<string, Override>();
    for (const { name, value } of reader.section(use, 'with')) {
      if (value.kind !== 'scalar') reader.wrong(value, name, 'a value');
      else
        given.set(name, {
          value: readReference(value, { reader, params: outer, variables, secrets: false }),
          place: value.place,
        });
    }
    return readParams(reader.section(map, 'params'), given, reader);
  }

  private bindings(
    map: MapTree,
    use: MapTree,
    id: string,
    scope: FileScope,
    place: Place,
  ): FileScope['ports'] {
    const { reader } = this.context;
    const wired = new Map(reader.section(use, 'in').map((entry) => [entry.name, entry]));
    const declared = reader.section(map, 'in');
    const names = declared.map(({ name }) => name);
    for (const { name, place: at } of wired.values()) {
      if (!names.includes(name))
        reader.lints.add(
          'WF001.port',
          at,
          { of: `fragment ${id}`, side: 'in', name },
          nearestFix(nearestName(name, names)),
        );
    }
    const ports = new Map<string, () => Origin | null>();
    for (const port of declared) {
      const entry = wired.get(port.name);
      if (!entry) reader.lints.add('WF011.unwired', place, { port: port.name, node: id });
      let asked = false;
      let known: Origin | null = null;
      ports.set(port.name, () => {
        // Asked first, so that a fragment wired to itself finds nothing instead of going round.
        if (!asked) {
          asked = true;
          known = entry ? this.bind(port, entry, id, scope) : null;
        }
        return known;
      });
    }
    return ports;
  }

  /** The declared type of a fragment's in-port must fit what is wired to it. */
  private bind(port: Entry, entry: Entry, id: string, scope: FileScope): Origin | null {
    const { reader } = this.context;
    const type = reader.text(port.value, port.name, 'market, or a contract like level');
    const origin = this.context.resolveBinding(entry, id, scope);
    if (!origin?.port || type === null) return origin;
    const contract = contractTable.get(type);
    if (type !== 'market' && !contract) {
      reader.lints.add(
        'WF001.contract',
        port.value.place,
        { name: type },
        nearestFix(nearestName(type, ['market', ...contractTable.keys()])),
      );
      return null;
    }
    if ((origin.port.kind === 'market') !== (type === 'market')) {
      const was =
        origin.port.kind === 'market'
          ? 'market data'
          : (contractId(origin.port.schema) ?? `a ${origin.port.kind}`);
      reader.lints.add('WF010.kind', entry.value.place, {
        port: port.name,
        expected: type,
        origin: origin.label,
        was,
      });
      return null;
    }
    const cause =
      contract && origin.port.kind !== 'market'
        ? schemaMismatch(origin.port.schema, contract.schema)
        : null;
    if (cause === null) return origin;
    reader.lints.add('WF010.schema', entry.value.place, {
      port: port.name,
      origin: origin.label,
      cause,
    });
    return null;
  }
}

/** Collects the nodes of a flow and of the fragments it uses. */
export function collectNodes(
  entries: readonly Entry[],
  scope: FileScope,
  context: CollectContext,
): Collected {
  const collector = new Collector(context);
  collector.collect(entries, scope, [scope.file]);
  return collector.result;
}
