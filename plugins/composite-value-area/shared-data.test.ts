import { expect, it } from 'vitest';
import { findInstrument, packVolumes } from '#engine';
import { describeWithData, readShared } from '#engine/testing.ts';
import { barsOf, sessionOf } from './bars-fixture.ts';
import { type Member, mergeSessions } from './composite-value-area.ts';
import { config } from './config.ts';

interface Expected {
  readonly sessions: string[];
  readonly volume: number;
  readonly low: number;
  readonly high: number;
  readonly poc: number;
  readonly va1_vah: number;
  readonly va1_val: number;
  readonly va2_vah: number;
  readonly va2_val: number;
}

const es = findInstrument('ES');
const c = config.parse({});
const files = [
  'ES_1m_20130901_20130920_tickdata',
  'ES_1m_20260205_20260216_nt8-volumetric',
  'ES_1m_RTH_20260126_20260424_databento',
];

/** A session's regular hours, each bar spread evenly over its range. */
function memberOf(bars: ReturnType<typeof barsOf>, tradeDate: string): Member {
  const { low, volume, volumes } = sessionOf(bars, tradeDate);
  const rows = packVolumes(volumes);
  return { tradeDate, contract: null, approximate: true, volume, low, rows };
}

describeWithData(
  'composite-value-area on real bars',
  ['expected/composites.json', ...files.map((f) => `minute/${f}.csv.gz`)],
  () => {
    const expected = JSON.parse(readShared('expected/composites.json')) as Record<
      string,
      { rth: Record<string, Expected> }
    >;

    it.each(files)('equals the composites of an independent program to the tick: %s', (file) => {
      const bars = barsOf(readShared(`minute/${file}.csv.gz`));
      const composites = Object.values(expected[file]!.rth);
      const dates = [...new Set(composites.flatMap((composite) => composite.sessions))];
      const members = new Map(dates.map((date) => [date, memberOf(bars, date)]));
      expect(composites.length).toBeGreaterThan(2);
      for (const e of composites) {
        const { sessions, volume, low, high, poc, vah, val, one } = mergeSessions(
          e.sessions.map((date) => members.get(date)!),
          es,
          c,
        );
        expect({
          sessions,
          volume,
          low: low / 4,
          high: high / 4,
          poc: poc / 4,
          vah: vah / 4,
          val: val / 4,
        }).toEqual({
          sessions: e.sessions,
          volume: e.volume,
          low: e.low,
          high: e.high,
          poc: e.poc,
          vah: e.va2_vah,
          val: e.va2_val,
        });
        expect({ vah: one.vah / 4, val: one.val / 4 }).toEqual({ vah: e.va1_vah, val: e.va1_val });
      }
    });

    it('says that the roll of September 2013 lies inside, and of no other week', () => {
      const bars = barsOf(readShared(`minute/${files[0]!}.csv.gz`));
      const composites = Object.values(expected[files[0]!]!.rth);
      const flags = composites.map(({ sessions }) => [
        sessions.at(-1),
        mergeSessions(
          sessions.map((date) => memberOf(bars, date)),
          es,
          c,
        ).rollUnadjusted,
      ]);
      expect(flags.filter(([, flag]) => flag).map(([date]) => date)).toEqual([
        '2013-09-11',
        '2013-09-12',
        '2013-09-13',
        '2013-09-16',
        '2013-09-17',
      ]);
    });
  },
);
