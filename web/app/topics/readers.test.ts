import { describe, expect, it } from 'vitest';
import { LiveEngine } from '#engine/cli/live-engine.ts';
import type { LiveTask } from '#engine/cli/live-task.ts';
import { readTopicReaders } from './readers.server.ts';
import { lagText } from './readers.ts';

function engineOn(kind: string): LiveEngine {
  const engine = new LiveEngine({ wallClock: () => 0, flowFile: 'a.flow.yaml', home: 'data' });
  const log = {
    kind,
    end: async (topic: string) => (topic === 'market.data' ? 1_000 : 8),
    read: async () => [{}],
  };
  const task = { instrument: { number: 0, symbol: 'ES' }, offsets: { 'market.data': 400 } };
  const graph = { topics: ['broker.facts'] };
  Object.assign(engine, { log });
  engine.tasks.set('ES', { symbol: 'ES', log, graph, runner: { task } } as unknown as LiveTask);
  return engine;
}

const read = (engine: LiveEngine) => readTopicReaders({ engine });

describe('who reads the log, and how far behind', () => {
  it('is each task for each of its topics, and the store over all', async () => {
    const engine = engineOn('local');
    const status = { state: 'current', done: 90, all: 96, problem: null };
    Object.assign(engine, { store: { name: 'data/store', status } });
    const readings = await read(engine);
    expect(readings.map(({ reader, topic, records }) => [reader, topic, records])).toEqual([
      ['task ES', 'market.data', 600],
      ['task ES', 'broker.facts', 8],
      ['store data/store', null, 6],
    ]);
    expect(lagText(readings, 'market.data', 'ES')).toBe('600');
    expect(lagText(readings, 'market.data', 'NQ')).toBe('—');
    expect(lagText(readings, 'desk.journal', 'ES')).toBe('—');
  });

  it('says at most where marks may be counted, and why nothing is known', async () => {
    const engine = engineOn('kafka');
    const status = { state: 'opening', done: null, all: null, problem: null };
    Object.assign(engine, { store: { name: 'a', status } });
    const readings = await read(engine);
    expect(lagText(readings, 'market.data', 'ES')).toBe('at most 600');
    expect(readings.at(-1)).toMatchObject({ records: null, why: 'it is opening' });
  });
});
