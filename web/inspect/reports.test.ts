import { describe, expect, it } from 'vitest';
import type { RunningStore } from '#engine/runtime/store-port.ts';
import { mostSessions, readReports } from './reports.ts';

const subject = { flow: 'made', instrument: 'ES' };
const of = (flow: string, node: string) => ({ flow, node });
const expectation = (status: string, failure: string | null = null, flow = 'made') => ({
  ...of(flow, 'shift'),
  status,
  failure,
});
const outcome = (result: string, node = 'shift') => ({ ...of('made', node), result });
const score = (tradeDate: string, conditionHit: boolean | null, counted: boolean) => ({
  ...of('made', 'hypothesis'),
  ...{ tradeDate, regime: 'balance', bias: 'long', realised: 'trend' },
  ...{ conditionHit, biasHit: null, counted },
});

/** What the store answers, by question; the newest first, as it does. */
const kept: Readonly<Record<string, (date: string) => readonly object[]>> = {
  sessionDays: () => [{ tradeDate: '2025-11-18' }, { tradeDate: '2025-11-17' }],
  expectationsOf: (date) =>
    date === '2025-11-17'
      ? [
          expectation('armed'),
          expectation('active'),
          expectation('fulfilled'),
          expectation('failed', 'invalidated'),
          expectation('failed', 'expired'),
          expectation('failed', 'superseded'),
          expectation('fulfilled', null, 'another'),
        ]
      : [],
  outcomesOf: (date) =>
    date === '2025-11-18' ? [outcome('completed'), outcome('rejected', 'eighty')] : [],
  signalsOf: () => [of('made', 'tape'), of('another', 'tape')],
  hypothesisScores: () => [
    score('2025-11-18', true, true),
    score('2025-11-17', false, false),
    score('2025-11-14', false, true),
  ],
};

function storeOf(answers = kept): RunningStore {
  const status = { state: 'behind' as const, done: 90, all: 100, problem: null };
  const ask = async (name: string, about: unknown): Promise<unknown> =>
    answers[name]?.((about as { readonly tradeDate?: string }).tradeDate ?? '');
  return { name: 'the store', status, ask, close: async () => {} };
}

async function read(store = storeOf()) {
  const reading = await readReports(store, subject);
  if ('missing' in reading) throw new Error(reading.missing);
  return reading;
}

describe('a report from the store', () => {
  it('counts by trade day how things of this flow ended, oldest first', async () => {
    const { reports } = await read();
    expect(reports.days).toEqual(['2025-11-17', '2025-11-18']);
    const none = { fulfilled: 0, failed: 0, expired: 0, superseded: 0 };
    expect(reports.expectations).toEqual([
      { tradeDate: '2025-11-17', fulfilled: 1, failed: 1, expired: 1, superseded: 1 },
      { tradeDate: '2025-11-18', ...none },
    ]);
    expect(reports.setups).toEqual([
      { tradeDate: '2025-11-17', ...none },
      { tradeDate: '2025-11-18', ...none, fulfilled: 1, failed: 1 },
    ]);
  });

  it('keeps expectations and setups of a node apart, and gives each share its size', async () => {
    const { reports } = await read();
    expect(reports.nodes.map(({ node, signals }) => [node, signals])).toEqual([
      ['eighty', 0],
      ['shift', 0],
      ['tape', 2],
    ]);
    const [eighty, shift, tape] = reports.nodes;
    expect(tape?.ends).toEqual([]);
    expect(eighty?.ends.map(({ sort, share: { hits, n } }) => [sort, hits, n])).toEqual([
      ['setup', 0, 1],
    ]);
    // One that something else took the place of counts in no share.
    expect(shift?.ends.map(({ sort, share: { hits, n } }) => [sort, hits, n])).toEqual([
      ['expectation', 1, 3],
      ['setup', 1, 1],
    ]);
    const { low, high } = shift?.ends[0]?.share.interval ?? { low: 0, high: 1 };
    expect([low.toFixed(3), high.toFixed(3)]).toEqual(['0.061', '0.792']);
  });

  it('takes shares of scores of ordinary sessions that can be told alone', async () => {
    const { reports } = await read();
    expect(reports.scores.map(({ tradeDate }) => tradeDate)).toEqual(['2025-11-17', '2025-11-18']);
    expect(reports.condition).toMatchObject({ hits: 1, n: 1 });
    expect(reports.bias).toEqual({ hits: 0, n: 0, interval: null });
  });

  it('says how far the store is behind, and asks for no more sessions than it shows', async () => {
    const asked: unknown[] = [];
    const store = storeOf();
    const ask = (name: string, about: unknown): Promise<unknown> => {
      asked.push([name, about]);
      return store.ask(name, about);
    };
    expect(await read({ ...store, ask })).toMatchObject({ behind: 10, store: 'the store' });
    expect(asked[0]).toEqual(['sessionDays', { instrument: 'ES', limit: mostSessions }]);
  });
});

describe('a report that cannot be made', () => {
  const missing = async (store: RunningStore | null): Promise<string> => {
    const reading = await readReports(store, subject);
    return 'missing' in reading ? reading.missing : '';
  };

  it('says what is missing', async () => {
    expect(await missing(null)).toContain('no store beside it');
    const empty = storeOf({ ...kept, sessionDays: () => [] });
    expect(await missing(empty)).toContain('the store keeps no session yet');
    const broken = { ...storeOf(), ask: async () => Promise.reject(new Error('not there')) };
    expect(await missing(broken)).toBe('the store cannot be asked: not there');
  });
});
