import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driveNode, type NodeRun } from '#engine/testing.ts';
import { endDay, type Ohlc, openDay, playPeriods, today } from './made-session.ts';
import { plugin } from './plugin.ts';

const [val, vah] = [5000, 5010];

/** Random periods around value, each opening where the one before closed. */
const sessions = fc
  .array(fc.tuple(fc.integer({ min: -28, max: 28 }), fc.nat(12), fc.nat(12)), {
    minLength: 2,
    maxLength: 8,
  })
  .map((steps): Ohlc[] => {
    let price = 5005 + (steps[0]?.[0] ?? 0) / 2;
    return steps.map(([move, above, below]) => {
      const open = price;
      const close = Math.min(5025, Math.max(4985, open + move / 4));
      price = close;
      return [open, Math.max(open, close) + above / 4, Math.min(open, close) - below / 4, close];
    });
  });
const modes = fc.constantFrom('close2' as const, 'touch2' as const);

function play(periods: readonly Ohlc[], config: Readonly<Record<string, unknown>>): NodeRun {
  const run = driveNode(plugin, { tradeDate: today, config });
  openDay(run);
  playPeriods(run, periods);
  endDay(run);
  expect(run.errors).toEqual([]);
  return run;
}

function isPeriodIn([, high, low, close]: Ohlc, mode: 'close2' | 'touch2'): boolean {
  return mode === 'touch2' ? low <= vah && high >= val : close >= val && close <= vah;
}

/** The strict rule written once more, period by period: no machine, no senses. */
function judge(
  periods: readonly Ohlc[],
  mode: 'close2' | 'touch2',
): { state: string; entry: number | null } {
  const first = periods[0]![0];
  if (first >= val && first <= vah) return { state: 'notApplicable', entry: null };
  const isShort = first > vah;
  const isFar = (price: number): boolean => (isShort ? price < val : price > vah);
  const isBack = (price: number): boolean => (isShort ? price > vah : price < val);
  const reaches = ([, high, low]: Ohlc): boolean => (isShort ? low <= val : high >= vah);
  let [run, spent, entry] = [0, false, null as number | null];
  for (const period of periods) {
    const close = period[3];
    if (entry !== null) {
      if (reaches(period)) return { state: 'completed', entry };
      if (isBack(close)) return { state: 'rejected', entry };
      continue;
    }
    spent ||= reaches(period);
    if (isFar(close)) return { state: 'crossed', entry };
    run = isPeriodIn(period, mode) ? run + 1 : 0;
    if (run < 2) continue;
    if (spent) return { state: 'spent', entry };
    entry = close;
  }
  return { state: 'expired', entry };
}

describe('the rule over random sessions', () => {
  it('ends as the same rule written period by period', () => {
    fc.assert(
      fc.property(sessions, modes, (periods, trigger) => {
        const run = play(periods, { trigger });
        const { state, entry } = judge(periods, trigger);
        const signal = run.emits.find((e) => e.port === 'signal')?.payload;
        expect([run.state, signal?.['price'] ?? null]).toEqual([state, entry]);
      }),
      { numRuns: 150 },
    );
  });

  it('gives the mirrored result for mirrored prices', () => {
    const flip = (price: number): number => val + vah - price;
    fc.assert(
      fc.property(
        sessions,
        modes,
        fc.constantFrom('strict', 'extended'),
        (periods, trigger, arming) => {
          const mirrored = periods.map(
            ([o, h, l, c]): Ohlc => [flip(o), flip(l), flip(h), flip(c)],
          );
          const [a, b] = [play(periods, { trigger, arming }), play(mirrored, { trigger, arming })];
          expect(b.state).toBe(a.state);
          const results = (run: NodeRun) =>
            run.emits
              .filter((e) => e.port === 'outcome')
              .map((e) => [e.payload['result'], e.payload['resultTicks']]);
          expect(results(b)).toEqual(results(a));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('signals at most once per direction and gives each signal one outcome', () => {
    fc.assert(
      fc.property(sessions, modes, (periods, trigger) => {
        const run = play(periods, { trigger, arming: 'extended' });
        const sides = run.emits.filter((e) => e.port === 'signal').map((e) => e.payload['side']);
        expect(new Set(sides).size).toBe(sides.length);
        expect(run.emits.filter((e) => e.port === 'outcome')).toHaveLength(sides.length);
      }),
      { numRuns: 60 },
    );
  });
});
