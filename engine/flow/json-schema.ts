import { z } from 'zod';
import type { Plugin } from '../plugin/define-plugin.ts';
import type { Registry } from '../plugin/registry.ts';
import { contractTable } from './contract-table.ts';
import { units } from './field-schema.ts';

type Json = Readonly<Record<string, unknown>>;

const identifier = '^[a-z][a-zA-Z0-9]*$';
const nodeKey = '^[a-z][a-zA-Z0-9-]*$';
const duration = '^\\d{1,9}(\\.\\d{1,3})?(ms|s|m|h)$';

function object(properties: Json, more: Json = {}): Json {
  return { type: 'object', additionalProperties: false, properties, ...more };
}

function mapOf(key: string, value: Json): Json {
  return { type: 'object', propertyNames: { pattern: key }, additionalProperties: value };
}

/** A schema that depends on a test; made of pairs, because an object with a key `then` passes for a promise. */
function choose(test: Json, then: Json, otherwise: Json | null): Json {
  const parts = [['if', test] as const, ['then', then] as const];
  return Object.fromEntries(otherwise ? [...parts, ['else', otherwise] as const] : parts);
}

const ref = (name: string): Json => ({ $ref: `#/$defs/${name}` });
const expression = {
  type: 'string',
  description: 'CEL: ev (the event), ctx, p (parameters) and the tables of the node',
};

const wire = {
  description: 'Where it comes from: node.port, a source, or a time of day',
  oneOf: [
    {
      type: 'string',
      pattern: '^[a-zA-Z][a-zA-Z0-9-]*(\\.[a-zA-Z][a-zA-Z0-9]*)?$',
      description: 'node.port, or a source',
    },
    object(
      {
        from: { type: 'string', description: 'node.port, or a source' },
        where: {
          type: 'string',
          description: 'CEL over it: takes only records for which this holds',
        },
        via: {
          const: 'topic',
          description: 'Through the log instead of within the instant; breaks a feedback loop',
        },
        late: {
          enum: ['take', 'drop'],
          description: 'What to do with a record that came after a later one',
        },
      },
      { required: ['from'] },
    ),
    object(
      {
        at: {
          type: 'string',
          pattern: '^([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d)?$',
          description: "Time of day in the flow's zone",
        },
        days: {
          description: 'Days with regular trading hours (default), every trade day, or weekdays',
          oneOf: [
            { enum: ['rth', 'all'] },
            { type: 'array', items: { enum: ['mon', 'tue', 'wed', 'thu', 'fri'] } },
          ],
        },
      },
      { required: ['at'] },
    ),
  ],
};

const port = { type: 'string', description: 'An in-port of this node' };
const last = { type: 'string', pattern: duration };
const label = { why: { type: 'string', description: 'Shown when it blocks or fires' } };
const listOfConditions = { type: 'array', minItems: 1, items: ref('condition') };
const condition = {
  oneOf: [
    expression,
    object({ expr: expression, ...label }, { required: ['expr'] }),
    object({ all: listOfConditions, ...label }, { required: ['all'] }),
    object({ any: listOfConditions, ...label }, { required: ['any'] }),
    object({ not: ref('condition'), ...label }, { required: ['not'] }),
    object(
      { within: object({ port, last }, { required: ['port', 'last'] }), ...label },
      { required: ['within'] },
    ),
    object(
      { held: object({ expr: expression, for: last }, { required: ['expr', 'for'] }), ...label },
      { required: ['held'] },
    ),
    object({ newly: expression, ...label }, { required: ['newly'] }),
    object(
      { since: object({ port, after: port }, { required: ['port', 'after'] }), ...label },
      { required: ['since'] },
    ),
    object(
      {
        count: object(
          { port, last, min: { type: 'integer', minimum: 1, maximum: 1000 } },
          { required: ['port', 'last', 'min'] },
        ),
        ...label,
      },
      { required: ['count'] },
    ),
  ],
};

const transition = object({
  when: ref('condition'),
  ...label,
  set: {
    type: 'object',
    description: 'Context fields and their new values; text is CEL, words are { text: … }',
  },
  emit: {
    type: 'object',
    description: 'Out-ports and their payloads; text is CEL, words are { text: … }',
  },
  to: {
    type: 'string',
    description: 'The next state; without it the state stays and its timers run on',
  },
});
const candidates = { oneOf: [ref('transition'), { type: 'array', items: ref('transition') }] };

const state = {
  type: ['object', 'null'],
  additionalProperties: false,
  properties: {
    type: { enum: ['parallel', 'final'] },
    description: { type: 'string' },
    initial: { type: 'string' },
    states: mapOf(identifier, ref('state')),
    on: mapOf(identifier, candidates),
    after: mapOf(duration, candidates),
    always: candidates,
  },
};

const fieldType = {
  type: { enum: ['string', 'number', 'integer', 'boolean', 'list'] },
  unit: { enum: units },
  oneOf: { type: 'array', items: { type: 'string' } },
  doc: { type: 'string' },
};
const policy = {
  enum: ['halt-trading', 'quarantine'],
  description: 'What happens when the node throws',
};

const chart = object(
  {
    doc: { type: 'string' },
    in: mapOf(identifier, ref('wire')),
    tables: {
      ...mapOf(identifier, { type: 'string' }),
      description: 'Name in expressions → node.port of a table: its latest value',
    },
    out: mapOf(identifier, {
      oneOf: [
        { enum: [...contractTable.keys()], description: 'A contract' },
        object({
          kind: { const: 'event' },
          doc: { type: 'string' },
          fields: mapOf(identifier, object({ ...fieldType, optional: { type: 'boolean' } })),
        }),
      ],
    }),
    context: mapOf(identifier, object({ ...fieldType, default: {} }, { required: ['type'] })),
    machine: ref('state'),
    onError: policy,
  },
  { required: ['machine'] },
);

function configSchema(plugin: Plugin): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(plugin.config, {
    io: 'input',
    unrepresentable: 'any',
  });
  return { ...schema, additionalProperties: false };
}

/** What a node, source or sink of one plugin may say; taken when `use` names the plugin. */
function useSchema(plugin: Plugin, more: Json): Json {
  const ports = Object.entries(plugin.in);
  const wired = ports.filter(
    ([, { kind }]) => kind === 'market' || kind === 'event' || kind === 'table',
  );
  const required = wired
    .filter(([, p]) => p.kind === 'market' || p.optional !== true)
    .map(([name]) => name);
  const inPorts = Object.fromEntries(
    wired.map(([name, p]) => [
      name,
      {
        allOf: [ref('wire')],
        description:
          p.kind === 'market' ? `Market data (${p.takes.join(', ')})` : (p.doc ?? `A ${p.kind}`),
      },
    ]),
  );
  return object(
    {
      use: { type: 'string', description: plugin.summary },
      doc: { type: 'string' },
      with: configSchema(plugin),
      ...(ports.length === 0 ? {} : { in: object(inPorts, { required }) }),
      ...more,
    },
    { required: ['use', ...(required.length === 0 ? [] : ['in'])] },
  );
}

/** `use:` of one kind of plugin: the ids with their installed versions, then what each of them takes. */
function useOf(plugins: readonly Plugin[], more: Json, others: Json): Json {
  const uses = plugins.map(({ id, version }) => `${id}@^${version.split('.')[0]}`);
  return {
    type: 'object',
    properties: {
      use: {
        anyOf: [{ enum: uses }, { type: 'string' }],
        description: 'A plugin with a range of versions',
      },
    },
    allOf: plugins.map((plugin) => {
      const named = { use: { type: 'string', pattern: `^${plugin.id}(@|$)` } };
      return choose({ required: ['use'], properties: named }, useSchema(plugin, more), null);
    }),
    ...others,
  };
}

function ofKind(registry: Registry, kind: string): readonly Plugin[] {
  return registry.all().filter((plugin) => (plugin.kind ?? 'processor') === kind);
}

const fragmentUse = object(
  {
    use: { type: 'string', pattern: '^\\.{1,2}/' },
    with: { type: 'object' },
    in: mapOf(identifier, ref('wire')),
    onError: policy,
    doc: { type: 'string' },
  },
  { required: ['use'] },
);

function nodeSchema(registry: Registry): Json {
  const plugin = useOf(ofKind(registry, 'processor'), { onError: policy }, { required: ['use'] });
  const used = choose({ properties: { use: { pattern: '^\\.' } } }, fragmentUse, plugin);
  return choose({ required: ['use'] }, used, chart);
}

const topicSource = object(
  {
    topic: { type: 'string' },
    contract: { enum: [...contractTable.keys()] },
    kind: { enum: ['event', 'table'] },
    doc: { type: 'string' },
  },
  { required: ['topic'] },
);

const param = object(
  {
    type: { enum: ['number', 'integer', 'string', 'boolean'] },
    default: { type: ['number', 'string', 'boolean'] },
    min: { type: 'number' },
    max: { type: 'number' },
    unit: { enum: units.filter((unit) => unit !== 'price') },
    doc: { type: 'string' },
    tune: { type: 'boolean', description: 'Worth a sweep' },
  },
  { required: ['type'] },
);

/**
 * Returns the JSON Schema of a flow file for editors, with the ids, versions, configurations and in-ports of these
 * plugins. It helps while writing; what a flow means is decided by the lints alone.
 */
export function flowJsonSchema(registry: Registry): Json {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'OrderFlowAI flow',
    ...object(
      {
        flow: {
          type: 'string',
          pattern: nodeKey,
          description: 'Name of the flow: its topics and state are named after it',
        },
        version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+$' },
        doc: { type: 'string' },
        instruments: {
          type: 'array',
          minItems: 1,
          items: { type: 'string' },
          description: 'One task per instrument',
        },
        instrumentTable: {
          type: 'array',
          items: { type: 'object' },
          description: 'Instruments beside those that ship',
        },
        time: object({ zone: { enum: ['America/New_York', 'America/Chicago', 'UTC'] } }),
        params: {
          ...mapOf(identifier, ref('param')),
          description: 'Typed parameters; p in expressions, ${param.name} under with:',
        },
        sources: mapOf(nodeKey, ref('source')),
        nodes: mapOf(nodeKey, ref('node')),
        sinks: mapOf(nodeKey, ref('sink')),
        onError: policy,
        moved: {
          ...mapOf(nodeKey, { type: 'string' }),
          description: 'Old node key → new node key: keeps the state of a renamed node',
        },
      },
      { required: ['flow', 'version', 'instruments'] },
    ),
    $defs: {
      wire,
      condition,
      transition,
      state,
      param,
      node: nodeSchema(registry),
      source: choose(
        { required: ['topic'] },
        topicSource,
        useOf(ofKind(registry, 'source'), {}, { required: ['use'] }),
      ),
      sink: useOf(ofKind(registry, 'sink'), {}, { required: ['use'] }),
    },
  };
}
