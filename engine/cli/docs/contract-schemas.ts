import { z } from 'zod';
import { contractTable } from '../../flow/contract-table.ts';
import type { Plugin } from '../../plugin/define-plugin.ts';
import { contractId } from '../../plugin/port.ts';

/** Returns one JSON Schema with a definition for each contract that a record can have, by the id in its header `schema`. */
export function contractSchemas(plugins: readonly Plugin[]): object {
  const schemas = new Map<string, z.ZodObject>();
  for (const { id, schema } of contractTable.values()) schemas.set(id, schema);
  for (const plugin of plugins)
    for (const [name, port] of Object.entries(plugin.out))
      if (port.kind !== 'market')
        schemas.set(contractId(port.schema, plugin.id, name), port.schema);
  const defs: Record<string, object> = {};
  for (const [id, schema] of schemas) {
    const {
      $schema: _,
      $defs: inner = {},
      ...own
    } = z.toJSONSchema(schema, { unrepresentable: 'any' });
    // A schema with an id stands among the definitions, and what is left refers to it.
    Object.assign(defs, inner, own.$ref === undefined ? { [id]: own } : {});
  }
  const sorted = Object.entries(defs).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Payloads of records',
    description:
      'Made by `npm run docs`. One definition per contract; `unit` says what a number counts: kafka/RECORDS.md. The field `ts`, event time in microseconds, is in every payload of a node.',
    $defs: Object.fromEntries(sorted),
  };
}
