import type { NodeRun } from '#engine/testing.ts';

/** A bar of one or more prints: ticks from 5000, and contracts bought (above 0) or sold. */
export type Bar = readonly (readonly [ticks: number, signed: number])[];

/** Bars of a single print. */
export const bars = (...prints: readonly (readonly [number, number])[]): Bar[] =>
  prints.map((print) => [print]);

/** Bars at 5000 that are bought and sold in turn, so that delta has a spread of 100. */
export function quiet(count: number): Bar[] {
  return Array.from({ length: count }, (_, i): Bar => [[0, i % 2 === 0 ? 100 : -100]]);
}

const two = (n: number): string => String(n).padStart(2, '0');
/** Time of a minute after 09:30. */
export const timeOf = (minute: number): string =>
  `${two(Math.floor((570 + minute) / 60))}:${two((570 + minute) % 60)}:00`;

/** Plays bars of a minute each, from `from` minutes after 09:30; `way` -1 turns prices and sides around. */
export function play(run: NodeRun, way: 1 | -1, from: number, tape: readonly Bar[]): void {
  run.market((batch) => {
    tape.forEach((bar, i) => {
      bar.forEach(([ticks, signed], second) => {
        const ts = run.at(timeOf(from + i)) + (second + 1) * 1_000_000;
        batch.trade(ts, 20_000 + ticks * way, Math.abs(signed), Math.sign(signed) * way, 0);
      });
    });
    batch.heartbeat(run.at(timeOf(from + tape.length)));
  });
}
