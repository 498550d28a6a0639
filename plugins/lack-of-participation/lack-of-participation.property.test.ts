import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driveNode, type NodeRun, tapePlayer } from '#engine/testing.ts';
import { barsOf, type Minute, pace } from './made-tape.ts';
import { plugin } from './plugin.ts';

const play = tapePlayer(pace);

const config = {
  minAgeMinutes: 3,
  confirmMinutes: 4,
  cooldownMinutes: 5,
  maxUnknownShare: 1,
  volumeFactor: 1.5,
};

/** Random walks by the minute, with pauses. */
const tapes = fc
  .array(
    fc.record({
      isPause: fc.integer({ min: 0, max: 15 }).map((n) => n === 0),
      move: fc.integer({ min: -2, max: 2 }),
      size: fc.integer({ min: 1, max: 40 }),
      side: fc.constantFrom('buy', 'buy', 'sell', 'sell', 'none' as const),
    }),
    { minLength: 20, maxLength: 120 },
  )
  .map((steps) => {
    let at = 0;
    return steps.map(({ isPause, move, size, side }): Minute => {
      at += move;
      return isPause ? null : [at, size, side];
    });
  });

function runOf(minutes: readonly Minute[], way: 1 | -1): NodeRun {
  const run = driveNode(plugin, { tradeDate: '2025-11-19', config, explain: false });
  play(run, way, 0, barsOf(minutes));
  expect(run.errors).toEqual([]);
  return run;
}

const numbersOf = (run: NodeRun, way: 1 | -1) =>
  run.emits.map(({ ts, payload: p }) => ({
    ts,
    isShort: p['side'] === (way > 0 ? 'short' : 'long'),
    price: (Number(p['price']) - 5000) * way + 0,
    extreme: (Number(p['extreme']) - 5000) * way + 0,
    delta: Number(p['delta']) * way + 0,
    volume: p['volume'],
  }));

describe('over random tapes', () => {
  it('prices and sides turned around give the same signals turned around', () => {
    fc.assert(
      fc.property(tapes, (minutes) => {
        const sided = minutes.map((m): Minute => (m?.[2] === 'none' ? [m[0], m[1], 'buy'] : m));
        expect(numbersOf(runOf(sided, -1), -1)).toEqual(numbersOf(runOf(sided, 1), 1));
      }),
      { numRuns: 60 },
    );
  });

  it('every signal is a close back through what was exceeded, on less than usual volume and delta behind', () => {
    fc.assert(
      fc.property(tapes, (minutes) => {
        for (const { ts, payload: p } of runOf(minutes, 1).emits) {
          const [price, extreme, exceeded] = [p['price'], p['extreme'], p['exceeded']].map(Number);
          const way = p['side'] === 'short' ? 1 : -1;
          expect((price! - exceeded!) * way).toBeLessThanOrEqual(0);
          expect((extreme! - exceeded!) * way).toBeGreaterThan(0);
          expect(Number(p['volume'])).toBeLessThan(1.5 * Number(p['baseline']));
          expect((Number(p['delta']) - Number(p['deltaBefore'])) * way).toBeLessThanOrEqual(0);
          expect(ts - Number(p['startedAt'])).toBeLessThan(config.confirmMinutes * 60_000_000);
        }
      }),
      { numRuns: 60 },
    );
  });
});
