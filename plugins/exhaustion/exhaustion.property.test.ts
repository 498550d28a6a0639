import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driveNode, type NodeRun, tapePlayer } from '#engine/testing.ts';
import { type Bar, pace } from './made-tape.ts';
import { plugin } from './plugin.ts';

const play = tapePlayer(pace);

const config = {
  barVolume: 60,
  scope: 'swing',
  thinShare: 0.6,
  swingBars: 1,
  confirmBars: 2,
  cooldown: '0s',
  maxUnknownShare: 1,
} as const;

/** Prints of a random walk, a few at each instant. */
const tapes = fc
  .array(
    fc.array(
      fc.record({
        move: fc.integer({ min: -2, max: 2 }),
        signed: fc.integer({ min: -50, max: 50 }).filter((n) => n !== 0),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    { minLength: 10, maxLength: 80 },
  )
  .map((steps) => {
    let at = 0;
    return steps.map((bar): Bar => {
      return bar.map(({ move, signed }) => {
        at += move;
        return [at, signed];
      });
    });
  });

function runOf(tape: readonly Bar[], way: 1 | -1): NodeRun {
  const run = driveNode(plugin, { tradeDate: '2025-11-19', config, explain: false });
  play(run, way, 0, tape);
  expect(run.errors).toEqual([]);
  return run;
}

/** The same volume, a contract at a time. */
const single = (tape: readonly Bar[]): Bar[] =>
  tape.map((bar) =>
    bar.flatMap(([ticks, signed]) =>
      Array.from({ length: Math.abs(signed) }, () => [ticks, Math.sign(signed)] as const),
    ),
  );

const numbersOf = (run: NodeRun, way: 1 | -1): string[] =>
  run.emits
    .map(({ ts, payload: p }) => {
      const ticks = (name: string): number => (Number(p[name]) - 5000) * 4 * way;
      const isShort = p['side'] === (way > 0 ? 'short' : 'long');
      return `${ts} ${isShort} ${String(p['kind'])} ${ticks('price')} ${ticks('extreme')} ${String(p['thinShare'])}`;
    })
    .sort();

describe('over random tapes', () => {
  it('how volume is cut into prints changes nothing', () => {
    fc.assert(
      fc.property(tapes, (tape) => {
        expect(numbersOf(runOf(single(tape), 1), 1)).toEqual(numbersOf(runOf(tape, 1), 1));
      }),
      { numRuns: 40 },
    );
  });

  it('prices and sides turned around give the same signals turned around', () => {
    fc.assert(
      fc.property(tapes, (tape) => {
        expect(numbersOf(runOf(tape, -1), -1)).toEqual(numbersOf(runOf(tape, 1), 1));
      }),
      { numRuns: 60 },
    );
  });

  it('every signal has its sign and a close back inside', () => {
    fc.assert(
      fc.property(tapes, (tape) => {
        for (const { payload: p } of runOf(tape, 1).emits) {
          const way = p['side'] === 'short' ? 1 : -1;
          const [price, extreme, inside] = ['price', 'extreme', 'inside'].map((name) =>
            Number(p[name]),
          ) as [number, number, number];
          expect((price - inside) * way).toBeLessThanOrEqual(0);
          expect((extreme - price) * way).toBeGreaterThanOrEqual(0);
          if (p['kind'] === 'thin-extreme') expect(p['thinShare']).toBeLessThanOrEqual(0.6);
          else expect(p['pushes']).toHaveLength(3);
        }
      }),
      { numRuns: 40 },
    );
  });
});
