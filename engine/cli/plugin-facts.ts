import { dirname, join } from 'node:path';
import { z } from 'zod';
import { describeSchema } from '../flow/schema-text.ts';
import { type Statechart, statechartOf } from '../inspect/statechart.ts';
import { findInstrument } from '../market/instrument.ts';
import type { Plugin } from '../plugin/define-plugin.ts';
import { contractId, type Port } from '../plugin/port.ts';
import { unwrapSchema } from '../plugin/schema.ts';
import type { ParameterFact, PluginDetail, PluginFact, PortFact } from './desk.ts';
import type { FoundPlugin, Host } from './host.ts';

function portsOf(plugin: Plugin, ports: Readonly<Record<string, Port>>): PortFact[] {
  return Object.entries(ports).map(([port, spec]) =>
    spec.kind === 'market'
      ? {
          port,
          kind: 'market' as const,
          contract: spec.takes.join(', '),
          optional: false,
          key: null,
          doc: '',
        }
      : {
          port,
          kind: spec.kind,
          contract: contractId(spec.schema, plugin.id, port),
          optional: spec.optional === true,
          key: spec.key ?? null,
          doc: spec.doc ?? '',
        },
  );
}

interface Described {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Described>>;
}

function defaultOf(schema: z.ZodType): string {
  const absent = schema.safeParse(undefined);
  if (!absent.success) return 'required';
  return absent.data === undefined ? 'none' : JSON.stringify(absent.data);
}

function parametersOf(schema: z.ZodObject, about: Described, prefix: string): ParameterFact[] {
  return Object.entries(schema.shape).flatMap(([key, field]) => {
    const described = about.properties?.[key] ?? {};
    const { inner, unit } = unwrapSchema(field as z.ZodType);
    const name = `${prefix}${key}`;
    if (inner instanceof z.ZodObject) return parametersOf(inner, described, `${name}.`);
    return [
      {
        name,
        value: describeSchema(field as z.ZodType).replace(/ \([a-z]+\)$/, ''),
        default: defaultOf(field as z.ZodType),
        unit: unit ?? '',
        meaning: described.description ?? '',
      },
    ];
  });
}

/** Returns a plugin as data. */
export function pluginFact(plugin: Plugin, usedBy: readonly string[]): PluginFact {
  const { id, version, kind = 'processor', summary } = plugin;
  const about = z.toJSONSchema(plugin.config, { io: 'input', unrepresentable: 'any' }) as Described;
  const isProcessor = kind === 'processor';
  return {
    id,
    version,
    kind,
    summary,
    in: portsOf(plugin, plugin.in),
    out: portsOf(plugin, plugin.out),
    parameters: parametersOf(plugin.config, about, ''),
    hasSensor: isProcessor && 'sensor' in plugin && plugin.sensor !== undefined,
    hasMachine: isProcessor && 'machine' in plugin && plugin.machine !== undefined,
    usedBy,
  };
}

/** The statechart a flow with all defaults would run; null without one, or where a parameter has no default. */
function chartOf(plugin: Plugin): Statechart | null {
  if (plugin.kind === 'source' || plugin.kind === 'sink' || !plugin.machine) return null;
  const config = plugin.config.safeParse({});
  if (!config.success) return null;
  const environment = { table: () => undefined, now: () => 0, memory: {} };
  const instrument = findInstrument('ES');
  return statechartOf(plugin.machine({ config: config.data as never, instrument, environment }));
}

/** Returns a plugin with its statechart, examples and README. */
export function pluginDetail(
  host: Host,
  { plugin, file }: FoundPlugin,
  usedBy: readonly string[],
): PluginDetail {
  return {
    ...pluginFact(plugin, usedBy),
    statechart: chartOf(plugin),
    examples: plugin.examples,
    readme: host.readText(join(dirname(file), 'README.md')),
  };
}
