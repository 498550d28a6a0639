import type { NodeRun } from '#engine/testing.ts';

/** A minute: ticks from 5000, size, who was the aggressor; null: nothing traded. */
export type Minute = readonly [ticks: number, size: number, side: 'buy' | 'sell' | 'none'] | null;

const sides = { buy: 1, sell: -1, none: 0 } as const;
const two = (n: number): string => String(n).padStart(2, '0');
/** Time of a minute after 09:30, with its seconds. */
export const timeOf = (minute: number, seconds = 0): string =>
  `${two(9 + Math.floor((30 + minute) / 60))}:${two((30 + minute) % 60)}:${two(seconds)}`;

/** Minutes of 100 contracts at 5000, bought and sold in turn. */
export function quiet(minutes: number): Minute[] {
  return Array.from({ length: minutes }, (_, i): Minute => [0, 100, i % 2 === 0 ? 'buy' : 'sell']);
}

/** One trade a minute from `from` minutes after 09:30; `way` -1 turns prices and sides around. */
export function play(run: NodeRun, way: 1 | -1, from: number, minutes: readonly Minute[]): void {
  run.market((batch) => {
    minutes.forEach((minute, i) => {
      if (minute === null) return;
      const [ticks, size, side] = minute;
      batch.trade(run.at(timeOf(from + i, 30)), 20_000 + ticks * way, size, sides[side] * way, 0);
    });
    batch.heartbeat(run.at(timeOf(from + minutes.length)));
  });
}
