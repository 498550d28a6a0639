import { expect, it } from 'vitest';
import { tradeFlags } from '#engine';
import {
  describeWithData,
  driveNode,
  type Emitted,
  feedShared,
  readShared,
} from '#engine/testing.ts';
import { plugin } from './plugin.ts';

interface Expected {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

interface ExpectedArea {
  readonly poc: number;
  readonly va1_vah: number;
  readonly va1_val: number;
  readonly va2_vah: number;
  readonly va2_val: number;
}

function barsOf({ payload: p }: Emitted): Expected {
  const { open, high, low, close, volume } = p as unknown as Expected;
  return { open, high, low, close, volume };
}

function areaOf({ payload: p }: Emitted): ExpectedArea {
  const { poc, vah, val, one } = p as unknown as {
    poc: number;
    vah: number;
    val: number;
    one: { vah: number; val: number };
  };
  return { poc, va1_vah: one.vah, va1_val: one.val, va2_vah: vah, va2_val: val };
}

function pick({ poc, va1_vah, va1_val, va2_vah, va2_val }: ExpectedArea): ExpectedArea {
  return { poc, va1_vah, va1_val, va2_vah, va2_val };
}

const rowsOf = (file: string): number[][] =>
  readShared(file)
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));

const tradeFiles = [
  'ES_20130902_ESU13_tickdata',
  'ES_20130903_ESU13_tickdata',
  'ES_20130904_ESU13_tickdata',
];
const barFiles = [
  'ES_1m_20130901_20130920_tickdata',
  'ES_1m_20260205_20260216_nt8-volumetric',
  'ES_1m_RTH_20260126_20260424_databento',
];

describeWithData(
  'volume-profile on real trades',
  ['expected/trades.json', ...tradeFiles.map((f) => `trades/${f}.csv.gz`)],
  () => {
    type Day = { readonly trade_date: string; readonly rth: Expected & ExpectedArea };
    const expected = JSON.parse(readShared('expected/trades.json')) as Record<string, Day>;

    it.each(tradeFiles)('equals the figures of an independent program to the tick: %s', (file) => {
      const { trade_date: date, rth } = expected[file]!;
      const run = driveNode(plugin, { tradeDate: date, explain: false });
      feedShared(run, `trades/${file}.csv.gz`);
      run.to('17:59');
      const [completed] = run.emits.filter((e) => e.port === 'completed');
      const { open, high, low, close, volume } = rth;
      expect(barsOf(completed!)).toEqual({ open, high, low, close, volume });
      expect(areaOf(completed!)).toEqual(pick(rth));
      const { rows } = completed!.payload as { rows: { low: number; volumes: number[] } };
      const counted = rows.volumes
        .map((v, i) => [rows.low + i * 0.25, v])
        .filter(([, v]) => v! > 0);
      expect(counted).toEqual(rowsOf(`profiles/${file}_RTH.csv`).map((cells) => cells.slice(0, 2)));
      expect(completed!.payload).toMatchObject({
        gap: false,
        approximate: false,
        inferredShare: expect.any(Number),
      });
      expect(run.errors).toEqual([]);
    });
  },
);

describeWithData(
  'volume-profile on real one-minute bars',
  ['expected/minute.json', ...barFiles.map((f) => `minute/${f}.csv.gz`)],
  () => {
    type Day = Expected & {
      readonly even_spread_profile: (ExpectedArea & { readonly ties_at_poc: number }) | null;
    };
    const expected = JSON.parse(readShared('expected/minute.json')) as Record<
      string,
      Record<string, Day>
    >;

    it.each(barFiles)(
      'equals the figures of an independent program to the tick on every session: %s',
      (file) => {
        const days = expected[file]!;
        const dates = Object.keys(days).sort();
        const run = driveNode(plugin, { tradeDate: dates.at(-1)!, explain: false });
        feedShared(run, `minute/${file}.csv.gz`, 1);
        run.to('17:59');
        const completed = new Map(
          run.emits.filter((e) => e.port === 'completed').map((e) => [e.payload['tradeDate'], e]),
        );
        expect([...completed.keys()]).toEqual(dates);
        for (const date of dates) {
          const { even_spread_profile: profile, open, high, low, close, volume } = days[date]!;
          const session = completed.get(date)!;
          expect(barsOf(session), date).toEqual({ open, high, low, close, volume });
          expect(session.payload['approximate']).toBe(true);
          if (profile?.ties_at_poc === 1) expect(areaOf(session), date).toEqual(pick(profile));
        }
        expect(run.errors).toEqual([]);
      },
    );
  },
);

describeWithData(
  'volume-profile on a real footprint',
  ['footprint/ES_20260421_RTH_1m_footprint.csv.gz', 'profiles/ES_20260421_RTH_footprint.csv'],
  () => {
    it('equals the profile counted from the same rows, side by side, without a gap', () => {
      const run = driveNode(plugin, { tradeDate: '2026-04-21', explain: false });
      const start = Math.floor(run.at('09:30') / 60_000_000);
      for (const [stamp, price, , bid, ask] of rowsOf(
        'footprint/ES_20260421_RTH_1m_footprint.csv.gz',
      )) {
        const minute = 570 + Math.round(stamp! / 60e9) - start;
        const at = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:59.999999`;
        if (bid! > 0) run.trade(at, price!, bid!, 'sell', tradeFlags.approximate);
        if (ask! > 0) run.trade(at, price!, ask!, 'buy', tradeFlags.approximate);
      }
      run.to('16:30');
      const { rows, approximate, gap } = run.emits.find((e) => e.port === 'completed')!.payload as {
        rows: { low: number; volumes: number[]; bidVolumes: number[]; askVolumes: number[] };
        approximate: boolean;
        gap: boolean;
      };
      const counted = rows.volumes
        .map((v, i) => [rows.low + i * 0.25, v, rows.bidVolumes[i], rows.askVolumes[i]])
        .filter(([, v]) => v! > 0);
      expect(counted).toEqual(
        rowsOf('profiles/ES_20260421_RTH_footprint.csv').map((cells) => cells.slice(0, 4)),
      );
      expect({ approximate, gap }).toEqual({ approximate: true, gap: false });
    });
  },
);
