import { describe, expect, it } from 'vitest';
import type { Candidate, JournalRecord } from '#engine/contracts/journal.ts';
import { contractId } from '#engine/plugin/port.ts';
import { Task } from '#engine/runtime/task.ts';
import { graphOf } from '../inspect/staged-fixture.ts';
import { lampsValue } from './machine-values.ts';
import { TaskFeed } from './task-feed.ts';

const graph = graphOf();
const [instrument] = graph.instruments;
if (!instrument) throw new Error('the course has an instrument');
const strategy = graph.nodes.find(({ plugin }) =>
  Object.values(plugin.out).some(({ schema }) => contractId(schema, '', '') === 'trade-idea/1'),
)?.id;

/** The course, of which made macrosteps of its strategy are told. */
function opened() {
  const task = new Task(graph, instrument as NonNullable<typeof instrument>);
  const feed = new TaskFeed('r');
  let seq = 0;
  const tell = (from: string, to: string, more: Partial<JournalRecord>): void => {
    seq += 1;
    const event = { type: 'asked' };
    const record = { seq, ts: seq, node: strategy, event, from, to, taken: [], ...more };
    feed.noteAsked(record as unknown as JournalRecord);
  };
  return { tell, lamps: () => lampsValue(task, feed) };
}

function candidate(
  transition: string,
  verdict: Candidate['verdict'],
  oks: readonly boolean[],
): Candidate {
  return {
    transition,
    target: 'next',
    verdict,
    leaves: oks.map((ok, i) => ({ text: `comparison ${i}`, ok })),
  };
}

describe('the lamps', () => {
  it('are the comparisons of what the strategy still waits for', () => {
    const { tell, lamps } = opened();
    expect(lamps()).toBeNull();
    const refused = candidate('seeking:asked:0', 'guard-blocked', [true, false, true]);
    tell('seeking', 'seeking', { explain: [refused] });
    expect(lamps()).toMatchObject({ node: strategy, state: 'seeking', seq: 1 });
    expect(lamps()?.leaves.map(({ ok }) => ok)).toEqual([true, false, true]);
  });

  it('go out with the transition that was taken, and with the state that was left', () => {
    const { tell, lamps } = opened();
    tell('seeking', 'seeking', {
      explain: [candidate('seeking:other:0', 'guard-blocked', [false, false])],
    });
    tell('seeking', 'closed', {
      taken: ['seeking:asked:0'],
      explain: [candidate('seeking:asked:0', 'fired', [true, true, true])],
    });
    expect(lamps()).toBeNull();
    tell('closed', 'closed', { explain: [candidate('closed:asked:0', 'guard-blocked', [false])] });
    expect(lamps()).toMatchObject({ state: 'closed', transition: 'closed:asked:0', seq: 3 });
  });

  it('show no transition that held and lost to another', () => {
    const { tell, lamps } = opened();
    tell('seeking', 'seeking', {
      explain: [
        candidate('seeking:asked:0', 'shadowed', [true, true]),
        candidate('seeking:asked:1', 'guard-blocked', [false]),
      ],
    });
    expect(lamps()?.transition).toBe('seeking:asked:1');
  });

  it('keep what another event asked, until it is asked again', () => {
    const { tell, lamps } = opened();
    const ask = (id: string, oks: readonly boolean[]): void =>
      tell('seeking', 'seeking', { explain: [candidate(id, 'guard-blocked', oks)] });
    ask('seeking:asked:0', [true, false]);
    ask('seeking:other:0', [false]);
    expect(lamps()).toMatchObject({ transition: 'seeking:asked:0', seq: 1 });
    ask('seeking:asked:0', [false, false]);
    expect(lamps()).toMatchObject({ transition: 'seeking:asked:0', seq: 3 });
    tell('seeking', 'seeking', { taken: ['seeking:asked:0'] });
    expect(lamps()?.transition).toBe('seeking:other:0');
  });

  it('keep the comparisons of a parallel region that stayed', () => {
    const { tell, lamps } = opened();
    tell('long.idle,short.idle', 'long.idle,short.idle', {
      explain: [
        candidate('long.idle:asked:0', 'guard-blocked', [false, true]),
        candidate('short.idle:asked:0', 'guard-blocked', [true]),
      ],
    });
    tell('long.idle,short.idle', 'long.armed,short.idle', { taken: ['long.idle:asked:0'] });
    expect(lamps()).toMatchObject({
      state: 'long.armed,short.idle',
      transition: 'short.idle:asked:0',
    });
  });
});
