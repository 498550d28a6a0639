import type { PluginFact } from '#engine/cli/desk.ts';

type Data = Readonly<Record<string, unknown>>;

/** A topic that another flow or process writes. */
export interface TopicName {
  readonly topic: string;
  readonly kind: 'event' | 'table';
  /** Contract of its records; null where nobody says. */
  readonly contract: string | null;
  /** Ports of a topic that is shared; null for one that holds one thing. */
  readonly ports: readonly string[] | null;
}

/** What there is to be named beside what a text brings itself. */
export interface KnownNames {
  readonly plugins: readonly PluginFact[];
  readonly topics: readonly TopicName[];
  /** Ids of contracts by the name a flow gives them. */
  readonly contracts: Readonly<Record<string, string>>;
}

/** An out-port of a flow that is being written. */
export interface OutName {
  /** `node.port`. */
  readonly name: string;
  readonly kind: 'market' | 'event' | 'table';
  readonly contract: string;
  readonly doc: string;
}

/** What an in-port wants. */
export interface InName {
  readonly kind: 'market' | 'event' | 'table';
  readonly contract: string;
  readonly doc: string;
}

/** Returns a mapping of a value, an empty one for anything else. */
export function mapOf(value: unknown): Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Data)
    : {};
}

/** Returns the id in `id@range`. */
export function pluginIdOf(node: unknown): string | null {
  const { use } = mapOf(node);
  return typeof use === 'string' ? (use.split('@')[0] ?? null) : null;
}

/** The names of a flow as its text has them now, right or wrong: what completion offers. */
export class FlowNames {
  private readonly document: Data;
  private readonly known: KnownNames;
  private readonly plugins: ReadonlyMap<string, PluginFact>;

  constructor(document: unknown, known: KnownNames) {
    this.document = mapOf(document);
    this.known = known;
    this.plugins = new Map(known.plugins.map((plugin) => [plugin.id, plugin]));
  }

  plugin(id: string | null): PluginFact | null {
    return id === null ? null : (this.plugins.get(id) ?? null);
  }

  node(id: string): Data {
    return mapOf(mapOf(this.document['nodes'])[id]);
  }

  /** What comes out of every source: the market, or what the topic of another flow holds. */
  private sources(): readonly OutName[] {
    return Object.entries(mapOf(this.document['sources'])).flatMap(([name, source]): OutName[] => {
      const { topic, contract, kind } = mapOf(source);
      if (typeof topic !== 'string')
        return [{ name, kind: 'market', contract: 'market-batch/1', doc: 'The market' }];
      const { ports = null } = this.known.topics.find((one) => one.topic === topic) ?? {};
      const of = {
        kind: kind === 'table' ? ('table' as const) : ('event' as const),
        contract: this.known.contracts[String(contract)] ?? '',
        doc: `Topic ${topic}`,
      };
      return ports ? ports.map((port) => ({ name: `${name}.${port}`, ...of })) : [{ name, ...of }];
    });
  }

  /** Topics of others that a source may read. */
  topics(): readonly TopicName[] {
    const own = `${String(this.document['flow'])}.`;
    return this.known.topics.filter(({ topic }) => !topic.startsWith(own));
  }

  get params(): Data {
    return mapOf(this.document['params']);
  }

  /** Every out-port of every node. */
  outs(): readonly OutName[] {
    return Object.entries(mapOf(this.document['nodes'])).flatMap(([id, node]) => {
      const plugin = this.plugin(pluginIdOf(node));
      if (plugin)
        return plugin.out.map(({ port, kind, contract, doc }) => ({
          name: `${id}.${port}`,
          kind,
          contract,
          doc,
        }));
      return Object.keys(mapOf(mapOf(node)['out'])).map((port) => ({
        name: `${id}.${port}`,
        kind: 'event' as const,
        contract: '',
        doc: '',
      }));
    });
  }

  /** What an in-port of a node wants; null where nobody says. */
  wanted(node: string, port: string): InName | null {
    const plugin = this.plugin(pluginIdOf(this.node(node)));
    return plugin?.in.find((one) => one.port === port) ?? null;
  }

  /** What a wire into an in-port may come from, the fitting contracts first. */
  origins(node: string, port: string): readonly OutName[] {
    const wanted = this.wanted(node, port);
    const sources = this.sources();
    if (wanted?.kind === 'market') return sources.filter(({ kind }) => kind === 'market');
    const outs = this.outs().filter(({ name }) => !name.startsWith(`${node}.`));
    const others = [...outs, ...sources.filter(({ kind }) => kind !== 'market')];
    if (!wanted) return others;
    const isFitting = ({ contract }: OutName): boolean => contract === wanted.contract;
    return [
      ...others.filter(isFitting),
      ...others.filter((one) => !isFitting(one) && one.kind === wanted.kind),
    ];
  }

  /** States of a node's statechart, by name. */
  states(node: string): readonly string[] {
    const collect = (chart: unknown): string[] =>
      Object.entries(mapOf(mapOf(chart)['states'])).flatMap(([name, inner]) => [
        name,
        ...collect(inner),
      ]);
    return [...new Set(collect(this.node(node)['machine']))];
  }
}
