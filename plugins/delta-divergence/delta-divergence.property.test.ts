import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driveNode, type NodeRun, tapePlayer } from '#engine/testing.ts';
import { type Bar, pace } from './made-tape.ts';
import { plugin } from './plugin.ts';

const play = tapePlayer(pace);

// A share no gap of whole contracts meets exactly, so that rounding decides nothing.
const config = {
  barMinutes: 1,
  kinds: 'both',
  minTicks: 1,
  minGapSd: 0.4937,
  minSpreadBars: 5,
  spreadBars: 20,
  maxUnknownShare: 1,
} as const;

/** Bars of a random walk, now and then without a trade. */
const tapes = fc
  .array(
    fc.array(
      fc.record({
        move: fc.integer({ min: -2, max: 2 }),
        signed: fc.integer({ min: -40, max: 40 }),
      }),
      { maxLength: 5 },
    ),
    { minLength: 20, maxLength: 100 },
  )
  .map((steps) => {
    let at = 0;
    return steps.map((bar): Bar => {
      return bar
        .filter(({ signed }) => signed !== 0)
        .map(({ move, signed }) => {
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

interface Found {
  readonly bar: number;
  readonly side: string;
  readonly kind: string;
}

interface Whole {
  readonly minute: number;
  readonly high: number;
  readonly low: number;
  readonly top: number;
  readonly bottom: number;
  readonly delta: number;
}

/** Bars that traded, with the path of cumulative delta in each. */
function wholeOf(tape: readonly Bar[]): Whole[] {
  let delta = 0;
  return tape.flatMap((bar, minute) => {
    if (bar.length === 0) return [];
    const start = delta;
    const path = bar.map(([, signed]) => {
      delta += signed;
      return delta;
    });
    const prices = bar.map(([ticks]) => ticks);
    return [
      {
        minute,
        high: Math.max(...prices),
        low: Math.min(...prices),
        top: Math.max(...path),
        bottom: Math.min(...path),
        delta: delta - start,
      },
    ];
  });
}

/** A swing of one side, turned so that a larger price is farther out. */
interface Swing {
  readonly bar: number;
  readonly price: number;
  readonly delta: number;
}

function swingsOf(whole: readonly Whole[], way: number): Swing[] {
  const price = (bar: Whole): number => (way > 0 ? bar.high : bar.low) * way;
  return whole.flatMap((bar, at) => {
    const before = whole.slice(Math.max(0, at - 2), at);
    const after = whole.slice(at + 1, at + 3);
    if (before.length < 2 || after.length < 2) return [];
    if (before.some((one) => price(one) > price(bar))) return [];
    if (after.some((one) => price(one) >= price(bar))) return [];
    return [{ bar: at, price: price(bar), delta: (way > 0 ? bar.top : bar.bottom) * way }];
  });
}

/** Standard deviation of the last 20 bar deltas up to a bar; infinite while there are too few. */
function spreadAt(whole: readonly Whole[], at: number): number {
  const deltas = whole.slice(Math.max(0, at - 19), at + 1).map((bar) => bar.delta);
  if (deltas.length < 5) return Number.POSITIVE_INFINITY;
  const mean = deltas.reduce((sum, d) => sum + d, 0) / deltas.length;
  return Math.sqrt(deltas.reduce((sum, d) => sum + (d - mean) * (d - mean), 0) / deltas.length);
}

function kindOf(first: Swing, second: Swing): string | null {
  if (second.price > first.price && second.delta < first.delta) return 'regular';
  return second.price < first.price && second.delta > first.delta ? 'hidden' : null;
}

/** The rule once more, from the whole tape. */
function judge(tape: readonly Bar[]): Found[] {
  const whole = wholeOf(tape);
  const found = [1, -1].flatMap((way) => {
    const swings = swingsOf(whole, way);
    return swings.flatMap((second, i) => {
      const first = swings[i - 1];
      const kind = first ? kindOf(first, second) : null;
      if (!first || kind === null) return [];
      const gap = Math.abs(second.delta - first.delta);
      const bars = second.bar - first.bar;
      const isEnough = gap >= config.minGapSd * spreadAt(whole, second.bar + 2);
      if (!isEnough || bars < 3 || bars > 30) return [];
      const side = way > 0 ? 'short' : 'long';
      return [{ bar: whole[second.bar + 2]!.minute, side, kind }];
    });
  });
  return found.sort((a, b) => a.bar - b.bar || (a.side > b.side ? -1 : 1));
}

const toldOf = (run: NodeRun): Found[] =>
  run.emits.map(({ ts, payload }) => ({
    bar: (ts - run.at('09:30')) / 60_000_000 - 1,
    side: String(payload['side']),
    kind: String(payload['kind']),
  }));

describe('over random tapes', () => {
  it('tells what the same rule finds in the whole tape', () => {
    fc.assert(
      fc.property(tapes, (tape) => {
        expect(toldOf(runOf(tape, 1))).toEqual(judge(tape));
      }),
      { numRuns: 80 },
    );
  });

  it('prices and sides turned around give the other side', () => {
    fc.assert(
      fc.property(tapes, (tape) => {
        const turned = toldOf(runOf(tape, -1)).map((one) => ({
          ...one,
          side: one.side === 'short' ? 'long' : 'short',
        }));
        const order = (a: Found, b: Found): number => a.bar - b.bar || (a.side < b.side ? -1 : 1);
        expect(turned.sort(order)).toEqual(toldOf(runOf(tape, 1)).sort(order));
      }),
      { numRuns: 40 },
    );
  });
});
