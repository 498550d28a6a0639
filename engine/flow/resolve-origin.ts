import { nearestName } from '../plugin/nearest.ts';
import { topicPorts } from './contract-table.ts';
import {
  type FileScope,
  type FragmentUse,
  type NodeDraft,
  type Origin,
  outPortsOf,
  type SourceDraft,
} from './flow-scope.ts';
import type { Place } from './graph.ts';
import { type Lints, nearestFix } from './lint-table.ts';
import { shorten } from './reader.ts';

/** Everything of a flow a wire may lead to. */
export interface Names {
  readonly nodes: ReadonlyMap<string, NodeDraft>;
  readonly fragments: ReadonlyMap<string, FragmentUse>;
  readonly sources: ReadonlyMap<string, SourceDraft>;
  /** Nodes and sources that were noted as wrong: wires to them are not told again. */
  readonly broken: ReadonlySet<string>;
  /** Sources that stand for another one, when all market in-ports get the same source. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** Where a name is looked up, and who asks. */
export interface Asking {
  readonly scope: FileScope;
  readonly place: Place;
  /** The node or sink, for messages. */
  readonly node: string;
}

/** Finds what the names of wires mean. */
export class OriginResolver {
  private readonly names: Names;
  private readonly lints: Lints;
  /** `node.port` and source names that some wire reads. */
  readonly read = new Set<string>();

  constructor(names: Names, lints: Lints) {
    this.names = names;
    this.lints = lints;
  }

  /** Returns the origin a text names; null when it leads nowhere, which is then noted. */
  resolve(text: string, asking: Asking): Origin | null {
    const dot = text.indexOf('.');
    const head = dot < 0 ? text : text.slice(0, dot);
    if (this.names.broken.has(asking.scope.prefix + head)) return null;
    const port = dot < 0 ? null : text.slice(dot + 1);
    const found =
      port === null ? this.bare(head, asking.scope) : this.dotted(head, port, text, asking);
    if (found !== undefined) return found;
    const nearest = nearestName(text, this.known(asking.scope));
    this.lints.add(
      'WF001.node',
      asking.place,
      { node: asking.node, name: shorten(text) },
      nearestFix(nearest),
    );
    return null;
  }

  /** undefined: no such name; null: the name is right, but what it means was noted as wrong. */
  private bare(name: string, scope: FileScope): Origin | null | undefined {
    const bound = scope.ports.get(name);
    if (bound) return bound();
    const source = scope.prefix === '' ? this.names.sources.get(name) : undefined;
    return source && this.ofSource(source, null, name);
  }

  private dotted(
    head: string,
    port: string,
    text: string,
    asking: Asking,
  ): Origin | null | undefined {
    const { scope } = asking;
    const use = this.names.fragments.get(scope.prefix + head);
    if (use) {
      const out = use.out.get(port);
      if (!out || out.target.kind !== 'scalar' || typeof out.target.value !== 'string')
        return undefined;
      const inner = this.resolve(out.target.value, {
        ...asking,
        scope: out.scope,
        place: out.target.place,
      });
      return inner && { ...inner, label: text };
    }
    const node = this.names.nodes.get(scope.prefix + head);
    if (node) return this.ofNode(node, port, text);
    const source = scope.prefix === '' ? this.names.sources.get(head) : undefined;
    return source && this.ofSource(source, port, text);
  }

  private ofNode(node: NodeDraft, port: string, label: string): Origin | null | undefined {
    const found = outPortsOf(node).get(port);
    if (found === undefined) return undefined;
    this.read.add(`${node.id}.${port}`);
    return (
      found && { origin: { kind: 'node', node: node.id, port }, label, port: found, where: [] }
    );
  }

  private ofSource(
    source: SourceDraft,
    port: string | null,
    label: string,
  ): Origin | null | undefined {
    this.read.add(source.id);
    if (source.kind === 'broken') return null;
    if (source.kind === 'topic') return topicOrigin(source, port, label);
    const ports = Object.entries(source.plugin.out);
    const [name, found] =
      port === null
        ? (ports.find(([, p]) => p.kind === 'market') ?? [null, null])
        : [port, source.plugin.out[port]];
    if (!found) return undefined;
    const id = this.names.aliases.get(source.id) ?? source.id;
    if (found.kind === 'market')
      return { origin: { kind: 'market', source: id }, label, port: found, where: [] };
    return {
      origin: { kind: 'topic', topic: 'broker.facts', port: name },
      label,
      port: found,
      where: [],
    };
  }

  /** All texts that would be right here, for the nearest of them. */
  private known(scope: FileScope): readonly string[] {
    const inScope = (id: string): string | null =>
      id.startsWith(scope.prefix) ? id.slice(scope.prefix.length) : null;
    const known = [...scope.ports.keys()];
    for (const node of this.names.nodes.values()) {
      const name = node.scope === scope ? inScope(node.id) : null;
      if (name !== null)
        known.push(...[...outPortsOf(node).keys()].map((port) => `${name}.${port}`));
    }
    for (const use of this.names.fragments.values()) {
      const name = inScope(use.id);
      if (name !== null) known.push(...[...use.out.keys()].map((port) => `${name}.${port}`));
    }
    if (scope.prefix === '') {
      for (const source of this.names.sources.values())
        known.push(source.id, ...sourcePorts(source).map((p) => `${source.id}.${p}`));
    }
    return known;
  }
}

function sourcePorts(source: SourceDraft): readonly string[] {
  if (source.kind === 'plugin') return Object.keys(source.plugin.out);
  return source.kind === 'topic' ? (topicPorts[source.topic] ?? []) : [];
}

function topicOrigin(
  source: SourceDraft & { readonly kind: 'topic' },
  port: string | null,
  label: string,
): Origin | undefined {
  const ports = topicPorts[source.topic];
  if (port === null ? ports !== undefined : !ports?.includes(port)) return undefined;
  return {
    origin: { kind: 'topic', topic: source.topic, port },
    label,
    port: source.schema,
    where: [],
  };
}
