import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Task } from '#engine/runtime/task.ts';
import { graphOf } from '../../inspect/staged-fixture.ts';
import { countsBeside, whenLines } from './when-lines.ts';

const text = `flow: made
nodes:
  strategy:
    in: { look: a.b }
    machine:
      initial: idle
      on:
        reset: { when: { expr: true }, to: idle }
      states:
        idle:
          on:
            look:
              - to: busy
              - { when: &ok { expr: ev.x > 1, why: enough }, to: busy.deep }
          after:
            60s: { when: *ok, to: idle }
            1m: { when: { expr: false }, to: idle }
        busy:
          always: { when: *ok, to: idle }
          states:
            deep:
              on: { look: { when: *ok, to: idle } }
  other: { use: x@^1 }
`;
const ids = (of: string) => whenLines(of).map(({ node, transition }) => `${node} ${transition}`);

describe('where conditions stand in a text', () => {
  it('are named as the journal names their transitions', () => {
    expect(ids(text)).toEqual([
      'strategy (root):reset:0',
      'strategy idle:look:1',
      'strategy idle:after 60000:0',
      'strategy idle:after 60000:1',
      'strategy busy:always:0',
      'strategy busy.deep:look:0',
    ]);
    const [first] = whenLines(text);
    expect(text.slice(first?.at, (first?.at ?? 0) + 5)).toBe('when:');
    expect(whenLines('nodes: [')).toEqual([]);
  });

  it('are those of the machines of the course, each guard once', () => {
    const root = resolve(import.meta.dirname, '../../..');
    const course = readFileSync(`${root}/flows/pro-course.flow.yaml`, 'utf8');
    const graph = graphOf(course);
    const [instrument] = graph.instruments;
    if (!instrument) throw new Error('the course has an instrument');
    const charts = new Task(graph, instrument).nodes.filter(({ graphNode }) => !graphNode.use);
    const guarded = charts.flatMap(({ id, machine }) =>
      [...(machine?.transitions.values() ?? [])].flatMap(({ id: transition, guard }) =>
        guard === null ? [] : [`${id} ${transition}`],
      ),
    );
    expect(guarded.length).toBeGreaterThan(20);
    expect(ids(course).toSorted()).toEqual(guarded.toSorted());
  });
});

describe('counts beside a draft', () => {
  const running = whenLines(text);
  const count = { passed: 2, asked: 9 };
  const counts = { strategy: { 'idle:look:1': count, 'busy:always:0': count } };
  const beside = (draft: string) =>
    countsBeside(whenLines(draft), running, counts).map(({ at, passed, asked }) => [
      draft.slice(0, at).split('\n').length,
      `${passed}/${asked}`,
    ]);

  it('stand where the text asks what runs, wherever that line is now', () => {
    expect(beside(text)).toEqual([
      [14, '2/9'],
      [19, '2/9'],
    ]);
    expect(beside(`# more\n${text}`)).toEqual([
      [15, '2/9'],
      [20, '2/9'],
    ]);
  });

  it('are gone where another thing is asked: there, behind its name, or before it', () => {
    expect(beside(text.replace('ev.x > 1', 'ev.x > 2'))).toEqual([]);
    expect(beside(text.replace('              - to: busy\n', '')).length).toBe(1);
    expect(beside(text.replace('- to: busy\n', '- to: idle\n')).length).toBe(1);
    expect(beside('nodes: [')).toEqual([]);
  });
});
