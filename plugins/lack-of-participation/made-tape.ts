/** A minute: ticks from 5000, size, who was the aggressor; null: nothing traded. */
export type Minute = readonly [ticks: number, size: number, side: 'buy' | 'sell' | 'none'] | null;

const two = (n: number): string => String(n).padStart(2, '0');
/** Time of a minute after 09:30, with its seconds. */
export const timeOf = (minute: number, seconds = 0): string =>
  `${two(9 + Math.floor((30 + minute) / 60))}:${two((30 + minute) % 60)}:${two(seconds)}`;

/** Minutes of 100 contracts at 5000, bought and sold in turn. */
export function quiet(minutes: number): Minute[] {
  return Array.from({ length: minutes }, (_, i): Minute => [0, 100, i % 2 === 0 ? 'buy' : 'sell']);
}

/** Minutes from 09:30, a trade in the middle of each. */
export const pace = { start: '09:30', barSeconds: 60, firstSeconds: 30, stepSeconds: 0 };

/** Returns minutes as bars of one print or none. */
export function barsOf(minutes: readonly Minute[]): NonNullable<Minute>[][] {
  return minutes.map((minute) => (minute === null ? [] : [minute]));
}
