import { z } from 'zod';
import { OrderflowError } from '../errors.ts';
import type { Plugin } from './define-plugin.ts';
import type { Port, Ports, RecordPort } from './port.ts';
import { parseRange, parseVersion } from './version.ts';

const idText = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const nameText = /^[a-z][a-zA-Z0-9]*$/;
/** A sense is an event of its own machine only: SCXML's dots are welcome there. */
const senseText = /^[a-z][a-zA-Z0-9]*(\.[a-z][a-zA-Z0-9]*)*$/;
const durationText = /^\d+(ms|s|m|h)$/;

/** Names CEL or the engine keeps for itself: they cannot be a port, and so no event. */
const reservedNames: ReadonlySet<string> = new Set([
  ...[
    'as',
    'break',
    'const',
    'continue',
    'else',
    'false',
    'for',
    'function',
    'if',
    'import',
    'in',
    'let',
    'loop',
  ],
  ...['namespace', 'null', 'package', 'prototype', 'return', 'true', 'var', 'void', 'while'],
  ...['init', 'always', 'after', 'done', 'error', 'xstate'],
]);

/** Fields the engine adds to every event and record. */
const reservedFields = ['type', 'ts'] as const;

/** Returns whether a name can be a port, and with that a machine event, a CEL variable and a part of a topic. */
export function isPortName(name: string): boolean {
  return nameText.test(name) && !reservedNames.has(name);
}

type Refuse = (what: string, expected: string, was: unknown) => OrderflowError;

function checkRecordPort(place: string, port: RecordPort, refuse: Refuse): void {
  if (!(port.schema instanceof z.ZodObject))
    throw refuse(`${place}.schema`, 'a z.object(…)', typeof port.schema);
  const fields = Object.keys(port.schema.shape);
  for (const field of reservedFields) {
    if (fields.includes(field))
      throw refuse(`${place}.schema`, `no field '${field}' (the engine adds it)`, field);
  }
  if (port.key !== undefined && port.kind !== 'table')
    throw refuse(`${place}.key`, 'a key on tables only', port.kind);
  if (port.key !== undefined && !fields.includes(port.key)) {
    throw refuse(`${place}.key`, `a field of its schema (${fields.join(', ')})`, port.key);
  }
  if (port.every !== undefined && !durationText.test(port.every)) {
    throw refuse(`${place}.every`, 'a duration like 250ms or 1s', port.every);
  }
}

function checkPorts(side: string, ports: Ports, market: boolean, refuse: Refuse): void {
  for (const [name, port] of Object.entries<Port>(ports)) {
    const place = `${side}.${name}`;
    const isName =
      side === 'senses' ? senseText.test(name) && !reservedNames.has(name) : isPortName(name);
    if (!isName)
      throw refuse(place, 'a camelCase name that neither CEL nor the engine reserves', name);
    if (port.kind === 'market') {
      if (!market) throw refuse(place, 'an event or table port', 'market');
      if (port.takes.length === 0)
        throw refuse(`${place}.takes`, 'at least one of trade, quote, depth, bar', 'none');
    } else checkRecordPort(place, port, refuse);
  }
}

/** Either every probe says what it holds back or none does: of some that are silent nobody knows what it means. */
function checkWithheld(
  { senses = {}, out, sensor }: Exclude<Plugin, { kind: 'source' | 'sink' }>,
  refuse: Refuse,
): void {
  if (sensor?.withholds === undefined) return;
  const probes = Object.keys(sensor.probes ?? {});
  for (const probe of probes) {
    if (!(probe in sensor.withholds))
      throw refuse(`sensor.withholds.${probe}`, 'ports that the probe holds back, or []', 'none');
  }
  const ports = [...new Set([...Object.keys(senses), ...Object.keys(out)])];
  for (const [probe, withheld] of Object.entries(sensor.withholds)) {
    const place = `sensor.withholds.${probe}`;
    if (!probes.includes(probe)) throw refuse(place, `a probe (${probes.join(', ')})`, probe);
    const unknown = withheld.find((port) => !ports.includes(port));
    if (unknown !== undefined)
      throw refuse(place, `senses and out-ports (${ports.join(', ')})`, unknown);
  }
}

function checkProcessor(
  plugin: Exclude<Plugin, { kind: 'source' | 'sink' }>,
  refuse: Refuse,
): void {
  const senses = plugin.senses ?? {};
  checkPorts('senses', senses, false, refuse);
  const twice = Object.keys(senses).find((name) => name in plugin.in);
  if (twice !== undefined)
    throw refuse(
      `senses.${twice}`,
      'a name no in-port has (both are events of the machine)',
      twice,
    );
  for (const name of Object.keys(plugin.sensor?.views ?? {})) {
    if (plugin.out[name]?.kind !== 'table')
      throw refuse(`sensor.views.${name}`, 'the name of a table out-port', name);
  }
  checkWithheld(plugin, refuse);
  for (const range of Object.keys(plugin.migrate ?? {})) {
    if (parseRange(range) === null)
      throw refuse(`migrate['${range}']`, "a range like '<1.2'", range);
  }
}

/**
 * Checks what every plugin must obey before a flow may name it.
 *
 * @throws {OF_PLUGIN_SPEC} with the field, what was expected and what was found.
 */
export function checkPlugin(plugin: Plugin): void {
  const refuse: Refuse = (what, expected, was) =>
    new OrderflowError('OF_PLUGIN_SPEC', { plugin: plugin.id, what, expected, was: String(was) });
  if (!idText.test(plugin.id))
    throw refuse('id', 'a kebab-case name like opening-drive', plugin.id);
  if (parseVersion(plugin.version) === null)
    throw refuse('version', 'three numbers like 1.2.0', plugin.version);
  if ((plugin.api as number) !== 1) throw refuse('api', '1', plugin.api);
  if (plugin.summary.trim() === '') throw refuse('summary', 'one plain sentence', 'empty');
  if (!(plugin.config instanceof z.ZodObject))
    throw refuse('config', 'a z.object(…)', typeof plugin.config);
  checkPorts('in', plugin.in, plugin.kind !== 'source' && plugin.kind !== 'sink', refuse);
  checkPorts('out', plugin.out, plugin.kind === 'source', refuse);
  if (plugin.kind !== 'source' && plugin.kind !== 'sink') checkProcessor(plugin, refuse);
}
