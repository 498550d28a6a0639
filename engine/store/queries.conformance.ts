// What the questions of the store answer, on every backend.
import { beforeEach, describe, expect, it } from 'vitest';
import { FaultyLog } from '../faults/faulty-log.ts';
import type { Log } from '../runtime/ports.ts';
import { answer } from './queries.ts';
import { appendDays, dateOf, firstDay } from './store-fixture.ts';
import type { StoreSession } from './store-session.ts';

const day = { instrument: 'ES', tradeDate: dateOf(0) };

/** Registers what the questions must answer; `fill` puts a log into an empty store. */
export function describeQueries(fill: (log: Log) => Promise<StoreSession>): void {
  describe('questions', () => {
    let session: StoreSession;
    beforeEach(async () => {
      const log = new FaultyLog();
      await appendDays(log, 0, 3);
      session = await fill(log);
    });

    it('days, bars and prices', async () => {
      const em = session.em();
      const days = await answer(em, 'sessionDays', { instrument: 'ES' });
      expect(days.map(({ tradeDate, phase }) => [tradeDate, phase])).toEqual(
        [2, 1, 0].map((n) => [dateOf(n), 'closed']),
      );
      const range = await answer(em, 'dayRange', day);
      expect(range).toEqual({ from: firstDay + 123_457, to: firstDay + 86_400_123_457 });
      expect(await answer(em, 'dayRange', { ...day, tradeDate: '1999-01-01' })).toBeNull();
      const single = await answer(em, 'bars', { instrument: 'ES', ...range! });
      expect(single).toHaveLength(57);
      expect(single[0]).toEqual({
        ...{ instrument: 'ES', start: firstDay + 54_000_000_000 },
        ...{ open: 24_000, high: 24_021, low: 24_000, close: 24_021, trades: 4 },
        ...{ volume: 10, sellVolume: 5, unknownVolume: 2, buyVolume: 3 },
      });
      const [joined, ...more] = await answer(em, 'bars', {
        ...{ instrument: 'ES', minutes: 60 },
        ...range!,
      });
      expect(more).toEqual([]);
      // A minute that two batches share.
      expect(single[5]).toMatchObject({ volume: 6, trades: 3 });
      expect(joined?.volume).toBe(450);
      expect(joined?.volume).toBe(single.reduce((sum, { volume }) => sum + volume, 0));
      expect(joined).toMatchObject({ open: 24_000, high: 24_022, low: 24_000, trades: 180 });
      expect(joined?.close).toBe(single.at(-1)?.close);
      const [price] = await answer(em, 'latestPrices', undefined);
      expect(price).toMatchObject({ instrument: 'ES', bidSize: 3, askSize: 4 });
      expect(price?.last).toBe(24_000 + ((179 * 7 + 2) % 23));
    });

    it('signals, ideas, plan, expectations and outcomes', async () => {
      const em = session.em();
      const newest = await answer(em, 'latestSignals', { instrument: 'ES', limit: 2 });
      expect(newest.map(({ node, tradeDate }) => [node, tradeDate])).toEqual([
        ['tape', dateOf(2)],
        ['absorb', dateOf(2)],
      ]);
      const older = await answer(em, 'latestSignals', { before: newest[1]!.ts, node: 'tape' });
      expect(older.map(({ tradeDate }) => tradeDate)).toEqual([
        dateOf(1),
        dateOf(1),
        dateOf(0),
        dateOf(0),
      ]);
      const [signal] = await answer(em, 'signalsOf', day);
      expect(signal).toMatchObject({
        ...{ topic: 'made.absorb.signal', partition: 0, offset: 0, seq: 7, flow: 'made' },
        ...{ schema: 'absorb.signal/1', side: 'long', price: 24_000, target: null },
        ...{ ts: firstDay + 57_600_123_457, reason: 'zero \uFFFD character' },
      });
      expect(signal?.record).toMatchObject({ own: 0 });
      const ideas = { instrument: 'ES', from: firstDay, to: firstDay + 86_400_000_000 };
      expect(await answer(em, 'tradeIdeas', ideas)).toMatchObject([
        {
          ...{ stop: 23_992, seq: 8, trigger: 'turn' },
          signals: [{ topic: 'made.absorb.signal', partition: 0, offset: 0, node: 'absorb' }],
        },
      ]);
      // The signal of the day before was for the idea of that day.
      const second = { instrument: 'ES', from: ideas.to, to: ideas.to + 86_400_000_000 };
      const [next] = await answer(em, 'tradeIdeas', second);
      expect(next?.signals.map(({ offset, side }) => [offset, side])).toEqual([[1, 'short']]);
      const scores = await answer(em, 'hypothesisScores', { instrument: 'ES', until: dateOf(1) });
      expect(scores.map(({ tradeDate }) => tradeDate)).toEqual([dateOf(1), dateOf(0)]);
      expect(scores[0]).toMatchObject({
        ...{ version: 1, realised: 'trend-up', conditionHit: false, biasHit: null },
        ...{ closeMinusOpenTicks: -12, record: { condition: { n: 1 } } },
      });
      const plans = await answer(em, 'hypothesisOf', day);
      expect(plans.map(({ version, reason }) => [version, reason])).toEqual([
        [0, 'pre-market'],
        [1, 'open'],
      ]);
      const expected = await answer(em, 'expectationsOf', day);
      expect(expected.map(({ status }) => status)).toEqual(['active', 'fulfilled']);
      expect(await answer(em, 'outcomesOf', day)).toMatchObject([{ resultTicks: 9 }]);
      const hits = await answer(em, 'outcomesOfSetup', { instrument: 'ES', setup: 'eighty' });
      expect(hits.map(({ tradeDate }) => tradeDate)).toEqual([2, 1, 0].map(dateOf));
      const none = { instrument: 'ES', setup: 'eighty', variant: 'close1' };
      expect(await answer(em, 'outcomesOfSetup', none)).toEqual([]);
    });

    it('profiles and composites', async () => {
      const em = session.em();
      const until = { instrument: 'ES', until: dateOf(1) };
      const profiles = await answer(em, 'dailyProfiles', until);
      expect(profiles.map(({ tradeDate, poc }) => [tradeDate, poc])).toEqual([
        [dateOf(1), 24_010],
        [dateOf(0), 24_010],
      ]);
      expect(profiles[0]).not.toHaveProperty('record');
      const whole = await answer(em, 'dailyProfile', day);
      expect(whole?.record).toMatchObject({ rows: { volumes: [1, 2] } });
      expect(await answer(em, 'dailyProfile', { ...day, node: 'other' })).toBeNull();
      const composites = await answer(em, 'compositeProfiles', { ...until, limit: 1 });
      expect(composites).toMatchObject([{ asOf: dateOf(1), vah: 24_018, partial: true }]);
      expect(await answer(em, 'compositeStacks', until)).toMatchObject([{ asOf: dateOf(1) }]);
    });

    it('journal, near misses, dead letters', async () => {
      const em = session.em();
      const range = (await answer(em, 'dayRange', day))!;
      const of = { instrument: 'ES', flow: 'made', node: 'absorb', ...range };
      const steps = await answer(em, 'journalIndex', of);
      expect(steps.map(({ seq }) => seq)).toEqual([1, 3, 5, 7, 9, 11]);
      expect(steps.map(({ blocked }) => blocked)).toEqual([2, null, null, 2, null, null]);
      const taken = await answer(em, 'journalIndex', { ...of, transitionsOnly: true });
      expect(taken.map(({ seq, emits, taken: ids }) => [seq, emits, ids])).toEqual(
        [1, 5, 9].map((seq) => [seq, ['signal'], ['idle:bar:2']]),
      );
      const around = { instrument: 'ES', flow: 'made', from: range.from, to: range.to };
      const near = await answer(em, 'journalAround', around);
      expect(near).toEqual({ before: null, after: firstDay + 86_400_000_000 + 10 * 3_600_000_000 });
      const all = { ...around, from: near.after! + 1, to: near.after! + 86_400_000_000 * 9 };
      expect(await answer(em, 'journalAround', all)).toEqual({ before: near.after, after: null });
      expect(await answer(em, 'journalAround', { ...around, flow: 'other' })).toEqual({
        before: null,
        after: null,
      });
      const misses = await answer(em, 'nearMissesOf', { ...day, kind: 'guard' });
      expect(misses).toHaveLength(4);
      expect(misses[0]).toMatchObject({ what: 'idle:bar:0', held: 0, missed: 1, seq: 10 });
      expect(misses[0]?.shortfall).toBeCloseTo(10 / 300);
      const probes = await answer(em, 'nearMissesOf', { ...day, kind: 'probe', node: 'absorb' });
      expect(probes).toMatchObject([{ what: 'p0', shortfall: 0.05, seq: null }]);
      const nowhere = { instrument: 'ES', tradeDate: '1999-01-01' };
      expect(await answer(em, 'nearMissesOf', nowhere)).toEqual([]);
      expect(await answer(em, 'deadLetters', {})).toMatchObject([
        { node: 'tape', error: 'made to fail', event: null },
        { instrument: 'MES' },
      ]);
    });

    it('status, runs, audit', async () => {
      const em = session.em();
      const status = await answer(em, 'systemStatus', undefined);
      const ofEs = status.filter(({ instrument }) => instrument === 'ES');
      expect(ofEs.map(({ component, state }) => [component, state])).toEqual([
        ['made.journal', 'written'],
        ['made.regime', 'trend-up'],
        ['made.session', 'closed'],
        ['made.tape', 'quarantine'],
      ]);
      expect(ofEs[1]?.since).toBe(firstDay + 2 * 86_400_000_000 + 54_000_123_457);
      const runs = await answer(em, 'runs', {});
      const told = runs.filter(({ instrument }) => instrument === 'ES');
      expect(told.map(({ id, state, isLost }) => [id, state, isLost])).toEqual([
        ['run-2', 'running', false],
        ['run-1', 'running', true],
        ['run-0', 'stopped', false],
      ]);
      const [entry] = await answer(em, 'audit', { limit: 1 });
      expect(entry).toMatchObject({
        ...{ command: 'market.pause', actor: 'me', outcome: 'done', reason: null, key: 'k2' },
        at: entry!.ts + 1,
      });
      expect(await answer(em, 'audit', { before: firstDay })).toEqual([]);
      expect(await answer(em, 'orders', {})).toEqual([]);
      expect(await answer(em, 'tradesOf', day)).toEqual([]);
    });
  });
}
