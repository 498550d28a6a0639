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

/** Bars of a minute from 09:30, a print each second. */
export const pace = { start: '09:30', barSeconds: 60, firstSeconds: 1, stepSeconds: 1 };
