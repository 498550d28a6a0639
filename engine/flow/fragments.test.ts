import { expect, test } from 'vitest';
import { compileWithDoubles } from './plugin-doubles.ts';

const text = `flow: made
version: 1.0.0
instruments: [ES]
params:
  absorbVolume: { type: integer, default: 400, min: 1, max: 5000, unit: contract }
sources:
  market: { use: simulator@^1 }
nodes:
  watch:
    use: ./fragments/level-watch.yaml
    with: { volume: "\${param.absorbVolume}" }
    in: { market: market, level: { from: cva.level, where: it.kind == 'vah' } }
    onError: quarantine
  cva:
    use: composite-value-area@^1
    in: { completed: profile.completed }
  profile:
    use: volume-profile@^1
    in: { market: market }
  strategy:
    in: { absorb: watch.signal }
    out: { idea: tradeIdea }
    machine:
      initial: waiting
      states:
        waiting:
          on:
            absorb:
              emit: { idea: { side: ev.side, entry: ev.price, stop: ev.price, target: ev.price, reason: ev.reason } }
`;

const fragment = `fragment: level-watch
version: 1.0.0
params:
  volume: { type: integer, min: 1, default: 300 }
in: { market: market, level: level }
out: { signal: absorb.signal }
nodes:
  absorb:
    use: absorption@^1
    with: { minVolume: "\${param.volume}" }
    in: { market: market, level: { from: level, where: it.sessions >= 3 } }
`;

test('a fragment brings its nodes under the name of its use, with typed parameters and ports', () => {
  const files = { 'flows/fragments/level-watch.yaml': fragment };
  const { graph, messages } = compileWithDoubles(text, { files });
  if (!graph) throw new Error(messages.join('\n'));
  expect(messages).toEqual([]);
  expect(graph.nodes.map(({ id }) => id)).toEqual(['profile', 'cva', 'watch-absorb', 'strategy']);
  const inner = graph.nodes[2]!;
  expect(inner).toMatchObject({
    config: { minVolume: 400 },
    onError: 'quarantine',
    place: { file: 'flows/fragments/level-watch.yaml' },
  });
  const { where } = inner.wires[1]!;
  expect(where?.({ kind: 'vah', sessions: 3 })).toBe(true);
  expect(where?.({ kind: 'vah', sessions: 2 })).toBe(false);
  expect(where?.({ kind: 'val', sessions: 3 })).toBe(false);
  expect(graph.nodes[3]!.wires[0]).toMatchObject({
    origin: { kind: 'node', node: 'watch-absorb', port: 'signal' },
  });
});

test.each<[string, string, RegExp]>([
  [
    'a file that is not there',
    'nothing',
    /flows\/made\.flow\.yaml:10:10 error WF001 file 'flows\/fragments\/level-watch\.yaml' cannot be read/,
  ],
  [
    'a fragment that uses itself',
    fragment.replace('absorption@^1', './level-watch.yaml'),
    /level-watch\.yaml:9:10 error WF040 .*level-watch\.yaml → flows\/fragments\/level-watch\.yaml$/,
  ],
  [
    'a value outside the range of its parameter',
    fragment.replace('min: 1,', 'min: 500,'),
    /flows\/made\.flow\.yaml:11:\d+ error WF014 'volume' expected a whole number >= 500, was 400$/,
  ],
  [
    'another type at its in-port',
    fragment.replace('level: level }', 'level: signal }'),
    /flows\/made\.flow\.yaml:12:34 error WF010 in-port 'level' does not fit 'cva.level': it lacks/,
  ],
  [
    'an out-port that leads nowhere',
    fragment.replace('signal: absorb.signal', 'signal: absorb.sign'),
    /level-watch\.yaml:6:16 error WF001 .*'absorb.sign'.*nearest: 'absorb.signal'$/,
  ],
])('%s is told', (_, written, message) => {
  const files = written === 'nothing' ? {} : { 'flows/fragments/level-watch.yaml': written };
  expect(compileWithDoubles(text, { files }).messages[0]).toMatch(message);
});

test('an empty fragment is told of, not taken for one without nodes', () => {
  const { messages } = compileWithDoubles(text, {
    files: { 'flows/fragments/level-watch.yaml': '' },
  });
  expect(messages.join('\n')).toMatch(
    /level-watch\.yaml:1:1 error WF005 'a fragment' expected a mapping, was empty/,
  );
});

test('an expression too deep to read is told of', () => {
  const deep = text.replace("it.kind == 'vah'", `"${'!'.repeat(6_000)}true"`);
  const { messages } = compileWithDoubles(deep, {
    files: { 'flows/fragments/level-watch.yaml': fragment },
  });
  expect(messages.join('\n')).toMatch(/WF004 .*it is nested too deeply/);
});
