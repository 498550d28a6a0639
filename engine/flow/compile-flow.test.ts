import { expect, test } from 'vitest';
import type { FlowGraph } from './graph.ts';
import { compileWithDoubles } from './plugin-doubles.ts';

const text = `# a comment
flow: made
version: 1.0.0
doc: Made for a test.
instruments: [ES]
params:
  absorbVolume: { type: integer, default: 400, min: 1, max: 5000, unit: contract, tune: true }
sources:
  market: { use: simulator@^1, with: { seed: 7 } }
nodes:
  absorb:
    use: absorption@^1.2
    with: { minVolume: "\${param.absorbVolume}", cooldown: 30s }
    in: { market: market, level: { from: cva.level, where: "it.kind in ['vah', 'val']" } }
    onError: quarantine
  cva:
    use: composite-value-area@^1
    in: { completed: profile.completed }
  profile:
    use: volume-profile@^1
    in: { market: market }
  strategy:
    in:
      absorb: { from: absorb.signal, late: drop }
      open: { at: "09:30", days: [mon, fri] }
    tables: { area: cva.area }
    out: { idea: tradeIdea }
    machine:
      initial: waiting
      states:
        waiting:
          on:
            absorb:
              when: has(area.vah)
              emit:
                idea: { side: ev.side, entry: ev.price, stop: ev.price - ticks(8), target: area.vah, reason: ev.reason }
            open: { to: waiting }
`;

function graphOf(...of: Parameters<typeof compileWithDoubles>): FlowGraph {
  const { graph, messages } = compileWithDoubles(...of);
  if (!graph) throw new Error(messages.join('\n'));
  expect(messages).toEqual([]);
  return graph;
}

test('a right flow gives a typed graph, upstream first, ties in file order', () => {
  const graph = graphOf(text);
  expect(graph.nodes.map(({ id }) => id)).toEqual(['profile', 'cva', 'absorb', 'strategy']);
  expect(graph).toMatchObject({
    name: 'made',
    version: '1.0.0',
    doc: 'Made for a test.',
    zone: 'America/New_York',
    topics: [],
    moved: {},
  });
  expect(graph.instruments.map(({ symbol }) => symbol)).toEqual(['ES']);
  expect(graph.sources).toMatchObject([{ id: 'market', config: { seed: 7 } }]);
  expect(graph.hash).toMatch(/^[0-9a-f]{64}$/);
});

test('with: keeps the type of a parameter and knows durations; defaults come from the plugin', () => {
  const absorb = graphOf(text).nodes.find(({ id }) => id === 'absorb');
  expect(absorb?.config).toEqual({
    minVolume: 400,
    maxProgressTicks: 2,
    shareMin: 0.7,
    cooldown: 30_000_000,
  });
  expect(absorb?.onError).toBe('quarantine');
});

test('wires carry origin, kind, condition and what to do with late records', () => {
  const [, , absorb, strategy] = graphOf(text).nodes;
  expect(absorb!.wires).toMatchObject([
    { port: 'market', kind: 'market', origin: { kind: 'market', source: 'market' }, late: 'take' },
    {
      port: 'level',
      kind: 'table',
      origin: { kind: 'node', node: 'cva', port: 'level' },
      place: { line: 14 },
    },
  ]);
  const { where } = absorb!.wires[1]!;
  expect([where?.({ kind: 'vah' }), where?.({ kind: 'poc' })]).toEqual([true, false]);
  expect(() => where?.({ kind: null })).toThrow(/OF_EXPRESSION/);
  expect(strategy!.wires).toMatchObject([
    { port: 'absorb', kind: 'event', late: 'drop' },
    {
      port: 'open',
      kind: 'event',
      origin: { kind: 'schedule', at: '09:30', days: ['mon', 'fri'] },
    },
  ]);
  expect(strategy).toMatchObject({
    use: null,
    plugin: { id: 'flow:made.strategy', version: '1.0.0' },
    tables: { area: { node: 'cva', port: 'area' } },
    onError: 'halt-trading',
  });
});

test('parameters come from the command line, then the environment, then the file', () => {
  const environment = {
    file: 'flows/environments/paper.yaml',
    text: 'params: { absorbVolume: 500 }\n',
  };
  const minVolume = (more: Parameters<typeof compileWithDoubles>[1]): unknown =>
    graphOf(text, more).nodes[2]!.config['minVolume'];
  expect(minVolume({ environment })).toBe(500);
  expect(minVolume({ environment, params: { absorbVolume: 600 } })).toBe(600);
  expect(compileWithDoubles(text, { params: { absorbVolume: 9_000 } }).messages).toEqual([
    expect.stringMatching(
      /made\.flow\.yaml:7:43 error WF014 'absorbVolume' expected a whole number >= 1 and <= 5000 \(contract\), was 9000$/,
    ),
  ]);
  expect(compileWithDoubles(text, { params: { absorbVolumes: 1 } }).messages).toEqual([
    expect.stringMatching(
      /WF001 parameter 'absorbVolumes' is not declared under params; nearest: 'absorbVolume'$/,
    ),
  ]);
});

test('another market source comes behind every market in-port', () => {
  const graph = graphOf(text, { marketSource: { use: 'replay@^1', with: { files: ['a.csv'] } } });
  expect(graph.sources).toMatchObject([
    { id: 'market', plugin: { id: 'replay' }, config: { files: ['a.csv'] } },
  ]);
  expect(graph.hash).toBe(graphOf(text).hash);
  expect(compileWithDoubles(text, { marketSource: { use: 'replay', with: {} } }).messages).toEqual([
    expect.stringMatching(/:9:3 error WF005 source 'market' needs 'files'/),
  ]);
});

test('instruments may be given from outside, and a flow may add its own', () => {
  expect(
    graphOf(text, { instruments: ['NQ', 'ES'] }).instruments.map(({ symbol }) => symbol),
  ).toEqual(['NQ', 'ES']);
  const own = text.replace(
    '[ES]',
    '[M6E]\ninstrumentTable:\n  - { symbol: M6E, number: 50, description: Micro euro, tickSize: { num: 1, den: 10000 }, multiplierUsd: 12500, tickValueCents: 125, kind: future, calendar: cme-equity, months: HMUZ }',
  );
  expect(graphOf(own).instruments).toMatchObject([{ symbol: 'M6E', number: 50 }]);
  expect(compileWithDoubles(own.replace('12500', '1')).messages[0]).toMatch(
    /WF014 instrument row: .*tickValueCents/,
  );
});

test('an environment replaces a source by a node, which delays, so the circle of orders is none', () => {
  const trading = text
    .replace(
      '    machine:',
      `    context: { contracts: { type: number } }
    machine:`,
    )
    .replace('      open:', '      position: broker.position\n      open:')
    .replace(
      '            open:',
      '            position: { set: { contracts: ev.contracts } }\n            open:',
    )
    .replace('nodes:', '  broker: { topic: broker.facts }\nnodes:')
    .replace(
      '  strategy:',
      '  risk:\n    use: risk-gate@^1\n    with: { flatBy: "15:55" }\n    in: { intent: strategy.idea, fill: broker.fill }\n  strategy:',
    );
  const live = compileWithDoubles(trading);
  expect(live.messages).toEqual([expect.stringMatching(/warning WF012 .*an event of 'risk'$/)]);
  expect(live.graph?.topics).toEqual(['broker.facts']);
  const environment = {
    file: 'flows/environments/backtest.yaml',
    text: 'nodes:\n  broker:\n    use: paper-execution@^1\n    in: { market: market, approved: risk.approved }\n',
  };
  const graph = graphOf(trading, { environment });
  expect(graph.topics).toEqual([]);
  expect(graph.nodes.map(({ id }) => id)).toEqual([
    'profile',
    'cva',
    'absorb',
    'broker',
    'strategy',
    'risk',
  ]);
  expect(
    compileWithDoubles(trading, {
      environment: { ...environment, text: 'nodes:\n  brokr: { use: x }\n' },
    }).messages,
  ).toEqual([
    expect.stringMatching(
      /backtest\.yaml:2:3 error WF001 the environment replaces 'brokr', .*nearest: 'broker'$/,
    ),
  ]);
});

test('a circle of wires is broken by way of the log', () => {
  const echo = (wire: string): string =>
    text
      .replace(
        '  strategy:',
        `  echo:\n    use: echo@^2\n    in: { idea: strategy.idea }\n  strategy:`,
      )
      .replace('      open:', `      again: ${wire}\n      open:`)
      .replace('            open:', '            again: { to: waiting }\n            open:');
  expect(compileWithDoubles(echo('echo.idea')).messages).toEqual([
    expect.stringMatching(/error WF040 .*(echo → strategy → echo|strategy → echo → strategy)$/),
  ]);
  const graph = graphOf(echo('{ from: echo.idea, via: topic }'));
  expect(graph.topics).toEqual(['made.echo.idea']);
});

test('environment variables and secrets are filled in where they are allowed', () => {
  const sink = text
    .replace('sources:', 'sources:\n  control: { topic: control.commands }')
    .replace(
      '  strategy:',
      '  risk:\n    use: risk-gate@^1\n    with: { flatBy: "15:55", riskUsd: "${env:RISK:250}" }\n    in: { intent: strategy.idea, kill: control.kill }\n  strategy:',
    )
    .concat(
      'sinks:\n  execution:\n    use: ibkr-execution@^1\n    with: { contract: MES, mode: "${env:MODE:observe}", account: "${secret:ibkr/account}" }\n    in: { approved: risk.approved }\n',
    );
  const graph = graphOf(sink, { env: { RISK: '100' } });
  expect(graph.sinks).toMatchObject([
    {
      id: 'execution',
      config: { contract: 'MES', mode: 'observe', account: '${secret:ibkr/account}' },
    },
  ]);
  expect(graph.nodes.at(-1)).toMatchObject({
    id: 'risk',
    config: { riskUsd: 100, flatBy: '15:55' },
  });
  expect(graph.topics).toEqual(['control.commands']);
  expect(compileWithDoubles(sink.replace(':observe}', '}')).messages).toEqual([
    expect.stringMatching(
      /WF014 environment variable 'MODE' is not set and has no default; write \$\{env:MODE:default\}$/,
    ),
  ]);
});

test.each<[string, string, RegExp]>([
  [
    'price() in a condition of a wire of instruments with different ticks',
    text.replace("it.kind in ['vah', 'val']", 'it.price > price(4500)').replace('[ES]', '[ES, YM]'),
    /WF010 .*price\(\) needs one tick size/,
  ],
  [
    'a plugin that is a source',
    text.replace('use: absorption@^1.2', 'use: simulator@^1'),
    /:12:10 error WF001 plugin 'simulator' is a source: expected a processor here/,
  ],
  [
    'a wire to the market for a statechart',
    text.replace('absorb: { from: absorb.signal, late: drop }', 'absorb: market'),
    /WF010 in-port 'absorb' takes an event or a table, 'market' gives market data/,
  ],
  [
    'a table that is an event',
    text.replace('area: cva.area', 'area: profile.completed'),
    /WF001 'profile.completed' is no table out-port/,
  ],
  [
    'a table named like another variable',
    text.replace('tables: { area:', 'tables: { ev:').replace(/area\.vah/g, 'ev.price'),
    /WF006 'ev' already means something else/,
  ],
  ['a time without quotes', text.replace('"09:30"', '25:99'), /WF005 '25:99' is no time of day/],
  [
    'a day that is none',
    text.replace('[mon, fri]', '[monday]'),
    /WF005 'monday' is no kind of day/,
  ],
  [
    'a reserved name',
    text.replace('flow: made', 'flow: market'),
    /:2:7 error WF006 'market' is reserved/,
  ],
  [
    'a zone that is not known',
    text.replace('params:', 'time: { zone: America/New_Yrok }\nparams:'),
    /WF005 .*nearest: 'America\/New_York'$/,
  ],
  [
    'an unknown contract',
    text.replace('idea: tradeIdea', 'idea: tradeIdeas'),
    /WF001 contract 'tradeIdeas' is not known; nearest: 'tradeIdea'$/,
  ],
  [
    'an unknown field of a contract',
    text.replace('entry: ev.price,', 'entry: ev.price, entri: 1,'),
    /WF001 'entri' is no key of idea; nearest: 'entry'$/,
  ],
  [
    'a number for words',
    text.replace('reason: ev.reason', 'reason: 1'),
    /WF010 'reason' expected text, was 1$/,
  ],
  [
    'a distance for a price',
    text.replace('stop: ev.price - ticks(8)', 'stop: ticks(8)'),
    /WF010 'ticks\(8\)': 'stop' is in price, ticks\(8\) in tick$/,
  ],
  [
    'a bare number for a price',
    text.replace('target: area.vah', 'target: 4500'),
    /WF010 .*4500 alone is not a level; write price\(4500\)$/,
  ],
  [
    'a word a field cannot have',
    text.replace('side: ev.side', 'side: { text: buy }'),
    /WF010 'side' expected one of long, short, was text 'buy'$/,
  ],
  [
    'an unreadable reference',
    text.replace('${param.absorbVolume}', '${parm.x}'),
    /WF004 .*unreadable/,
  ],
  [
    'a plugin machine that names what it lacks',
    text.replace(
      '  strategy:',
      '  careless:\n    use: careless@^1\n    in: { phase: session.phase }\n  session:\n    use: session@^1\n    in: { market: market }\n  strategy:',
    ),
    /WF023 the machine of plugin 'careless' names action 'shout', which it does not implement/,
  ],
])('%s is told', (_, written, message) => {
  const { graph, messages } = compileWithDoubles(written);
  expect(messages).toEqual([expect.stringMatching(message)]);
  expect(graph).toBeNull();
});

test('warnings alone do not keep a flow from running', () => {
  const { graph, messages } = compileWithDoubles(
    text.replace('params:', 'params:\n  idle: { type: number, default: 1 }'),
  );
  expect(messages).toEqual([
    "flows/made.flow.yaml:7:3 warning WF012 parameter 'idle' is never read",
  ]);
  expect(graph).not.toBeNull();
});

test('a moved node keeps its state, and a newer plugin needs a migration', () => {
  const previous = {
    nodes: {
      watch: { plugin: 'absorption', version: '1.2.0' },
      profile: { plugin: 'volume-profile', version: '1.2.9' },
    },
  };
  expect(compileWithDoubles(text, { previous }).messages).toEqual([
    expect.stringMatching(/WF060 .*; write moved: \{ watch: absorb \}$/),
  ]);
  expect(graphOf(`${text}moved: { watch: absorb }\n`, { previous }).moved).toEqual({
    watch: 'absorb',
  });
  expect(compileWithDoubles(`${text}moved: { watch: absorbs }\n`).messages[0]).toMatch(
    /WF001 moved: 'absorbs' is no node of this flow/,
  );
});
