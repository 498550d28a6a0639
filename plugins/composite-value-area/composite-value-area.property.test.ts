import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findInstrument, packVolumes, unpackVolumes } from '#engine';
import { type Member, mergeSessions, withMember } from './composite-value-area.ts';
import { config } from './config.ts';

const es = findInstrument('ES');
const c = config.parse({});
const dates = ['2025-11-10', '2025-11-11', '2025-11-12', '2025-11-13', '2025-11-14'];

const members = fc
  .array(
    fc.record({
      low: fc.integer({ min: 0, max: 40 }),
      volumes: fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 30 }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((list): Member[] =>
    list.map(({ low, volumes }, i) => ({
      tradeDate: dates[i]!,
      contract: null,
      approximate: false,
      volume: volumes.reduce((sum, v) => sum + v, 0),
      low,
      rows: packVolumes(volumes),
    })),
  );

function held(list: readonly Member[], from: number, to: number): number {
  let sum = 0;
  for (const { low, rows } of list)
    for (const [i, v] of unpackVolumes(rows).entries())
      if (low + i >= from && low + i <= to) sum += v;
  return sum;
}

it('holds the fraction of all contracts, whichever way the sessions are ordered', () => {
  fc.assert(
    fc.property(members, (list) => {
      const area = mergeSessions(list, es, c);
      expect(area.volume).toBe(held(list, area.low, area.high));
      expect(held(list, area.val, area.vah) * 100).toBeGreaterThanOrEqual(area.volume * 70);
      expect(area.val <= area.poc && area.poc <= area.vah).toBe(true);
      const reversed = list.map((member, i) => ({
        ...list[list.length - 1 - i]!,
        tradeDate: member.tradeDate,
      }));
      const { poc, vah, val, one } = mergeSessions(reversed, es, c);
      expect({ poc, vah, val, one }).toEqual({
        poc: area.poc,
        vah: area.vah,
        val: area.val,
        one: area.one,
      });
    }),
  );
});

it('moves every level by the shift and nothing else', () => {
  fc.assert(
    fc.property(members, fc.integer({ min: -300, max: 300 }), (list, shift) => {
      const plain = mergeSessions(list, es, c);
      const moved = mergeSessions(
        list,
        es,
        config.parse({
          rollShifts: { [`2025-11-${list.length === 5 ? '17' : 10 + list.length}`]: shift },
        }),
      );
      for (const field of ['poc', 'vah', 'val', 'low', 'high'] as const)
        expect(moved[field]).toBe(plain[field] + shift);
      expect(moved).toMatchObject({
        volume: plain.volume,
        widthTicks: plain.widthTicks,
        rollShiftTicks: shift,
      });
    }),
  );
});

it('never keeps more sessions than may be merged', () => {
  const most = fc.integer({ min: 2, max: 30 });
  fc.assert(
    fc.property(members, fc.integer({ min: 1, max: 30 }), most, (list, sessions, maxSessions) => {
      const wanted = config.parse({ sessions, maxSessions });
      const kept = list.reduce<Member[]>((all, member) => withMember(all, member, wanted), []);
      expect(kept).toEqual(list.slice(-Math.max(sessions, maxSessions)));
    }),
  );
});
