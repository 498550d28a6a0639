import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driveNode } from '#engine/testing.ts';
import { findLargest, rankFromTop } from './absorption.ts';
import { plugin } from './plugin.ts';

const second = 1_000_000;

interface Print {
  readonly ts: number;
  readonly price: number;
  readonly size: number;
  readonly side: number;
}

/** Random tapes: steps of up to two ticks, prints often at the same instant, now and then a pause. */
const tapes = fc
  .array(
    fc.record({
      wait: fc.oneof(
        fc.constant(0),
        fc.integer({ min: 1, max: 900_000 }),
        fc.integer({ min: 1, max: 9 }).map((s) => s * second),
      ),
      move: fc.integer({ min: -2, max: 2 }),
      size: fc.integer({ min: 1, max: 40 }),
      side: fc.constantFrom(-1, -1, 1, 1, 0),
    }),
    { minLength: 1, maxLength: 120 },
  )
  .map((steps) => {
    let [ts, price] = [0, 20_000];
    return steps.map(({ wait, move, size, side }): Print => {
      ts += wait;
      price += move;
      return { ts, price, size, side };
    });
  });

const config = {
  minVolume: 30,
  windowSeconds: 5,
  shareMin: 0.6,
  baselineMinutes: 1,
  baselineMinSamples: 10,
  baselineQuantile: 0.9,
  cooldown: '8s',
  confirmTicks: 3,
  breakTicks: 2,
  confirmSeconds: 6,
  maxUnknownShare: 1,
} as const;
const cooldown = 8 * second;
const start = 1_763_560_800 * second;

/** Sums over prints as they are, without ring or ladder. */
function windowOf(prints: readonly Print[]) {
  const at = (side: number, price: number): number =>
    prints.reduce((sum, p) => (p.side === side && p.price === price ? sum + p.size : sum), 0);
  const prices = prints.map((p) => p.price);
  return {
    at,
    attack: (way: number, price: number): number => at(way, price) + at(way, price - way),
    extreme: (way: number): number => (way < 0 ? Math.min(...prices) : Math.max(...prices)),
  };
}

/** The attack a print belongs to: the larger of those on its price and on the one beyond, as far as both may be held. */
function attackOf({ price, side }: Print, prints: readonly Print[], most: number) {
  const { attack, at, extreme } = windowOf(prints);
  const found = [price, price + side]
    .filter((p) => (extreme(side) - p) * side >= 0 && (extreme(side) - p) * side <= most)
    .map((p) => ({ price: p, volume: attack(side, p), against: at(-side, p) }));
  return found.reduce<(typeof found)[number] | null>(
    (best, one) => (best === null || one.volume > best.volume ? one : best),
    null,
  );
}

/** What an attack needs at a print: the floor, or the quantile of the samples at whole seconds up to it. */
function neededAt(tape: readonly Print[], index: number, most: number): number {
  const [first, last] = [tape[0]!, tape[index]!].map((p) => Math.floor(p.ts / second)) as [
    number,
    number,
  ];
  if (last - first < config.baselineMinSamples) return config.minVolume;
  const way = tape[index]!.side;
  const samples = Array.from({ length: Math.min(last - first, 60) }, (_, i) => {
    const time = (last - i) * second;
    const prints = tape
      .slice(0, index)
      .filter((p) => p.ts > time - config.windowSeconds * second && p.ts < time);
    const { attack, extreme } = windowOf(prints);
    const held = Array.from({ length: most + 1 }, (__, inward) =>
      attack(way, extreme(way) - inward * way),
    );
    return prints.length === 0 ? 0 : Math.max(...held);
  });
  const rank = Math.ceil(config.baselineQuantile * samples.length - 1e-9);
  return Math.max(config.minVolume, [...samples].sort((a, b) => a - b)[rank - 1]!);
}

interface Open {
  readonly id: number;
  readonly price: number;
  readonly way: number;
  readonly ts: number;
}

/** What a print does to an episode: nothing yet, over without a word, or its end. */
function endOf(one: Open, print: Print): 'open' | 'over' | 'turned' | 'gaveWay' {
  const turn = (one.price - print.price) * one.way;
  if (print.ts - one.ts >= config.confirmSeconds * second) return 'over';
  if (turn >= config.confirmTicks) return 'turned';
  return turn <= -config.breakTicks ? 'gaveWay' : 'open';
}

/** The rule written once more from the whole tape. */
function judge(tape: readonly Print[], most: number): string[] {
  const seen: string[] = [];
  let open: Open[] = [];
  let id = 0;
  const lastAt = new Map<string, number>();
  tape.forEach((print, index) => {
    const { ts, side } = print;
    for (const one of open) {
      const end = endOf(one, print);
      if (end === 'turned' || end === 'gaveWay') seen.push(`${end} ${one.id} ${print.price}`);
    }
    open = open.filter((one) => endOf(one, print) === 'open');
    const prints = tape
      .slice(0, index + 1)
      .filter((p) => p.ts > ts - config.windowSeconds * second);
    const attack = side === 0 ? null : attackOf(print, prints, most);
    if (attack === null || attack.volume <= neededAt(tape, index, most)) return;
    const { price, volume, against } = attack;
    const isCooling = ts - (lastAt.get(`${side} ${price}`) ?? 0) < cooldown;
    if (isCooling || volume / (volume + against) < config.shareMin) return;
    lastAt.set(`${side} ${price}`, ts);
    open.push({ id, price, way: side, ts });
    seen.push(`effort ${id} ${price} ${volume}`);
    id += 1;
  });
  return seen;
}

/** What the sensor told the machine. */
function tell(tape: readonly Print[], maxProgressTicks: number): string[] {
  const run = driveNode(plugin, {
    tradeDate: '2025-11-19',
    config: { ...config, maxProgressTicks },
  });
  for (const { ts, price, size, side } of tape) {
    run.market((batch) => batch.trade(ts, price, size, side, side === 0 ? 8 : 0));
  }
  expect(run.errors).toEqual([]);
  return run.journal.flatMap(({ event }) => {
    const numbers = (...names: string[]): string =>
      names.map((name) => String(event[name])).join(' ');
    if (event.type === 'effort') return [`effort ${numbers('episode', 'price', 'volume')}`];
    return event.type === 'turned' || event.type === 'gaveWay'
      ? [`${event.type} ${numbers('episode', 'at')}`]
      : [];
  });
}

describe('the sensor over random tapes', () => {
  it.each([0, 1])(
    'tells what the same rule finds in the whole tape, with %i ticks of progress',
    (most) => {
      fc.assert(
        fc.property(tapes, (tape) => {
          const whole = tape.map((print) => ({ ...print, ts: start + print.ts }));
          expect(tell(whole, most)).toEqual(judge(whole, most));
        }),
        { numRuns: 80 },
      );
    },
  );
});

describe('the largest samples of any sample', () => {
  it('reach down to the quantile that sorting gives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(50), { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0.5, max: 0.999, noNaN: true }),
        (samples, quantile) => {
          const rank = rankFromTop(samples.length, quantile);
          const largest = new Float64Array(rank);
          findLargest(Float64Array.from(samples), samples.length, rank, largest);
          const sorted = [...samples].sort((a, b) => a - b);
          expect(largest[rank - 1]).toBe(sorted[Math.ceil(quantile * samples.length - 1e-9) - 1]);
        },
      ),
    );
  });
});
