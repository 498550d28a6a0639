import type { PluginFact } from '#engine/cli/desk.ts';

type Data = Readonly<Record<string, unknown>>;

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
  private readonly plugins: ReadonlyMap<string, PluginFact>;

  constructor(document: unknown, plugins: readonly PluginFact[]) {
    this.document = mapOf(document);
    this.plugins = new Map(plugins.map((plugin) => [plugin.id, plugin]));
  }

  plugin(id: string | null): PluginFact | null {
    return id === null ? null : (this.plugins.get(id) ?? null);
  }

  node(id: string): Data {
    return mapOf(mapOf(this.document['nodes'])[id]);
  }

  get sources(): readonly string[] {
    return Object.keys(mapOf(this.document['sources']));
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
    const sources = this.sources.map((name) => ({
      name,
      kind: 'market' as const,
      contract: 'market-batch/1',
      doc: 'The market',
    }));
    if (wanted?.kind === 'market') return sources;
    const others = this.outs().filter(({ name }) => !name.startsWith(`${node}.`));
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
