import { describe, expect, it } from 'vitest';
import { MarketBatchBuilder } from '../contracts/market-batch.ts';
import { leanFlow, outcomePorts } from './lean-flow.ts';
import {
  addDay,
  at,
  es,
  type Heard,
  madeBatches,
  madeStudyGraph,
  november,
} from './study-fixture.ts';
import { runStudy, type StudyRun } from './study-run.ts';
import { tapeOf } from './tape.ts';
import { contractLookup, tradeDays } from './trade-days.ts';

const tape = tapeOf(madeBatches());

function runOf(heard: Heard[] = [], more: Partial<StudyRun> = {}): StudyRun {
  const days = tradeDays(tape, es, more.contractOf ?? (() => null));
  const graph = leanFlow(madeStudyGraph(heard));
  return { graph, instrument: es, tape, days, contractOf: null, levels: null, ...more };
}

describe('a lean flow', () => {
  it('keeps what outcomes follow from, and of that what somebody reads', () => {
    const graph = madeStudyGraph();
    expect([...outcomePorts(graph)]).toEqual(['setup.outcome']);
    const lean = leanFlow(graph);
    expect(lean.nodes.map(({ id }) => id)).toEqual(['profile', 'setup']);
    expect(lean.nodes[0]?.plugin.sensor).toMatchObject({ views: {}, probes: {} });
    expect(lean.nodes[1]?.plugin.sensor).not.toHaveProperty('probes');
  });
});

describe('a run', () => {
  it('tells what became of each setup, with the time it was told', async () => {
    const { outcomes } = await runStudy(runOf());
    expect(outcomes.map((o) => [o.tradeDate, o.result])).toEqual(
      // The n-th day moves by n % 4 - 1 ticks a bar; two ticks of tail are on top.
      november.map((date, n) => [date, n % 4 >= 2 ? 'completed' : 'expired']),
    );
    expect(outcomes[0]).toMatchObject({
      node: 'setup',
      entry: 19_999,
      triggeredAt: at('2025-11-03', '10:00'),
      ts: at('2025-11-03', '16:00'),
      priorClose: 0,
    });
    expect(outcomes[1]).toMatchObject({ priorClose: 20_000 - 13 });
  });

  it('hands on completed sessions at their real times', async () => {
    const { levels } = await runStudy(runOf());
    expect(levels).toHaveLength(november.length);
    expect(levels[0]).toMatchObject({ ts: at('2025-11-03', '16:00'), name: 'profile.prior' });
    expect(JSON.parse(levels[0]?.text ?? '')).toMatchObject({ close: 19_987, contract: null });
  });

  it('takes the levels of another run in place of its own', async () => {
    const { levels } = await runStudy(runOf());
    const own: Heard[] = [];
    await runStudy(runOf(own));
    const given: Heard[] = [];
    const changed = levels.map((level) => ({
      ...level,
      text: JSON.stringify({ ...(JSON.parse(level.text) as object), close: 77 }),
    }));
    const { outcomes } = await runStudy(runOf(given, { levels: changed }));
    const priors = (heard: Heard[]) => heard.filter(({ port }) => port === 'prior');
    expect(priors(given).map(({ ts }) => ts)).toEqual(priors(own).map(({ ts }) => ts));
    expect(new Set(priors(given).map(({ payload }) => payload['close']))).toEqual(new Set([77]));
    expect(outcomes).toMatchObject(november.map((_, n) => ({ priorClose: n === 0 ? 0 : 77 })));
  });

  it('names the contract of a table, and withdraws what is in force at a change', async () => {
    const contractOf = contractLookup({ '2025-11-03': 'ESZ25', '2025-11-10': 'ESH26' });
    const heard: Heard[] = [];
    await runStudy(runOf(heard, { contractOf }));
    const contracts = heard
      .filter(({ port }) => port === 'prior')
      .map((h) => h.payload['contract']);
    expect(contracts).toEqual(november.map((date) => (date < '2025-11-10' ? 'ESZ25' : 'ESH26')));
    const zones = heard.filter(({ port }) => port === 'zone');
    const withdrawn = zones.filter(({ payload }) => payload['inForce'] === false);
    expect(withdrawn).toHaveLength(1);
    expect(withdrawn[0]?.ts).toBeGreaterThanOrEqual(at('2025-11-07', '16:30'));
    expect(withdrawn[0]?.ts).toBeLessThan(at('2025-11-10', '09:30'));
    expect(zones).toHaveLength(november.length + 1);
  });

  it('refuses figures of a flow that lost a node', async () => {
    const graph = leanFlow(madeStudyGraph([], { breaks: true }));
    await expect(runStudy(runOf([], { graph }))).rejects.toMatchObject({
      code: 'OF_STATS_QUARANTINED',
      facts: { nodes: 'setup', cause: 'made to break' },
    });
  });
});

describe('trade days', () => {
  it('knows half days, holidays, thin days, gaps and changes of contract', () => {
    const builder = new MarketBatchBuilder('ES');
    const dates = [...november.slice(0, 8), '2025-11-26', '2025-11-27', '2025-11-28', '2025-12-01'];
    for (const date of dates) {
      addDay(builder, date, 20_000, 1, date === '2025-11-12' ? 10 : 100);
    }
    const start = at('2025-12-02', '10:00');
    builder.bar(start, 1, 2, 0, 1, 2_000, Number.NaN, Number.NaN, Number.NaN);
    const contractOf = contractLookup({ '2025-11-01': 'ESZ25', '2025-12-01': 'ESH26' });
    const days = tradeDays(tapeOf([builder.finish()]), es, contractOf);
    const of = (date: string) => days.find(({ tradeDate }) => tradeDate === date);
    expect(of('2025-11-12')).toMatchObject({ thin: true, ordinary: false });
    expect(of('2025-11-26')).toMatchObject({ thin: false, ordinary: true, averageRange: 17 });
    expect(of('2025-11-27')).toMatchObject({ holiday: true, ordinary: false });
    expect(of('2025-11-28')).toMatchObject({ short: true, holiday: false, ordinary: false });
    expect(of('2025-12-01')).toMatchObject({ rolled: true, contract: 'ESH26', ordinary: true });
    expect(of('2025-12-02')).toMatchObject({ gap: true, ordinary: false, rolled: false });
    expect(days[0]).toMatchObject({ averageRange: null, contract: 'ESZ25', rolled: false });
    expect(of('2025-11-26')?.rth.until).toBe((of('2025-11-26')?.rth.from ?? 0) + 13);
  });
});
