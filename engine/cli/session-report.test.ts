import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openingType } from '../contracts/opening.ts';
import { signalFields } from '../contracts/signal.ts';
import { compositeArea } from '../contracts/value-area.ts';
import { completedProfile } from '../contracts/volume-profile.ts';
import { vwapBands } from '../contracts/vwap.ts';
import type { Phase } from '../market/session.ts';
import { formatTradeDate } from '../market/time.ts';
import { type AnyProcessor, definePlugin } from '../plugin/define-plugin.ts';
import type { Out, RecordPorts } from '../plugin/port.ts';
import { driveNode } from '../testing/node-run.ts';
import { SessionCollector, type SessionReport } from './session-report.ts';

const senses = {
  completed: { kind: 'event', schema: completedProfile },
  bands: { kind: 'table', key: 'anchor', schema: vwapBands },
  area: { kind: 'table', schema: compositeArea },
  opening: { kind: 'table', schema: openingType },
  signal: { kind: 'event', schema: z.object({ ...signalFields, size: z.number() }) },
  note: { kind: 'event', schema: z.object({ price: z.number() }) },
} as const satisfies RecordPorts;

type Tell = (port: keyof typeof senses, payload: unknown) => void;

/** Says at the end of RTH what real plugins say, in ticks; the composite of a session is told when the one before ends. */
function atRthEnd(date: string, tell: Tell): void {
  const one = { vah: 24_010, val: 23_990 };
  const profile = {
    open: 24_000,
    high: 24_020,
    low: 23_980,
    close: 24_004,
    volume: 900,
    poc: 24_001,
    vah: 24_012,
    val: 23_988,
  };
  tell('completed', {
    tradeDate: date,
    ...profile,
    one,
    initialBalance: { low: 23_990, high: 24_008 },
    shape: 'P',
    approximate: false,
  });
  tell('area', {
    asOf: date,
    inForce: true,
    poc: 24_001,
    vah: 24_012,
    val: 23_988,
    one,
    sessions: [date],
    partial: true,
  });
}

function plugin(isInForce: boolean): AnyProcessor {
  return definePlugin({
    id: 'teller',
    version: '1.0.0',
    api: 1,
    summary: 'Says what the report listens for',
    config: z.object({}),
    in: { market: { kind: 'market', takes: ['trade'] } },
    out: senses,
    senses,
    sensor: {
      slots: ['none'],
      init: () => {},
      trade: (_s, _c, ts, price, size, _side, _flags, out) => {
        const tell = out as unknown as Tell;
        const date = ts < 1_763_672_400_000_000 ? '2025-11-19' : '2025-11-20';
        tell('bands', { anchor: 'globex', tradeDate: date, vwap: 1 });
        tell('bands', { anchor: 'rth', tradeDate: date, vwap: price + 0.5 });
        if (size === 7)
          tell('opening', { tradeDate: date, stage: 'final', openingType: 'open-drive' });
        if (size === 7)
          tell('signal', {
            side: 'long',
            price,
            target: price + 8,
            reason: 'seven',
            tradeDate: date,
            evidence: [],
            size,
          });
        tell('note', { price });
      },
      phase: (_s, _c, _ts, phase: Phase, date: number, out: Out<typeof senses>) => {
        if (phase !== 'post-rth') return;
        atRthEnd(formatTradeDate(date), (port, payload) => {
          const row = port === 'area' ? { ...(payload as object), inForce: isInForce } : payload;
          (out as unknown as Tell)(port, row);
        });
      },
    },
    examples: [],
  });
}

function report(
  isInForce = true,
  drive?: (run: ReturnType<typeof driveNode>) => void,
): SessionReport[] {
  const run = driveNode(plugin(isInForce), { tradeDate: '2025-11-19' });
  Object.assign(run.task.output, { validate: false });
  const collector = new SessionCollector(run.task);
  if (drive) drive(run);
  else {
    run.trade('09:45', 6_000, 1);
    run.trade('10:00', 6_000.25, 7);
    run.to('17:00');
    run.day('2025-11-20');
    run.trade('20:00', 6_002, 1);
    run.trade('10:30', 6_003, 1);
    run.to('17:00');
  }
  return collector.sessions();
}

describe('the report of a session', () => {
  it('has levels, VWAP and signals as decimals', () => {
    const [first] = report();
    expect(first).toMatchObject({
      tradeDate: '2025-11-19',
      short: false,
      approximate: false,
      rth: {
        ...{ open: 6_000, high: 6_005, low: 5_995, close: 6_001, volume: 900, vwap: 6_000.375 },
        ...{ poc: 6_000.25, vah: 6_003, val: 5_997, one: { vah: 6_002.5, val: 5_997.5 } },
        ...{ initialBalance: { high: 6_002, low: 5_997.5 }, shape: 'P', openingType: 'open-drive' },
      },
      signals: [
        {
          node: 'teller',
          port: 'signal',
          side: 'long',
          price: 6_000.25,
          target: 6_002.25,
          reason: 'seven',
          size: 7,
        },
      ],
      machines: {},
    });
    expect(first?.signals).toHaveLength(1);
  });

  it('has the composite that was in force during it, not the one made at its end', () => {
    const [first, second] = report();
    expect(first?.cva).toBeNull();
    expect(second?.cva).toEqual({
      ...{ poc: 6_000.25, vah: 6_003, val: 5_997, one: { vah: 6_002.5, val: 5_997.5 } },
      ...{ sessions: ['2025-11-19'], partial: true },
    });
  });

  it('has no composite when the one there is was not in force', () => {
    expect(report(false)[1]?.cva).toBeNull();
  });

  it('is left out for days without data, and null where nobody knows', () => {
    const sessions = report(true, (run) => {
      run.trade('20:00', 6_000, 1);
      run.to('02:00');
      run.day('2025-11-24');
      run.trade('09:45', 6_000, 1);
    });
    expect(sessions.map(({ tradeDate }) => tradeDate)).toEqual(['2025-11-19', '2025-11-24']);
    expect(sessions[1]?.rth).toMatchObject({
      open: null,
      poc: null,
      one: { vah: null, val: null },
      initialBalance: { high: null, low: null },
    });
    expect(sessions[1]?.approximate).toBeNull();
  });
});
