/** A print: ticks from 5000, and contracts bought (above 0) or sold. */
type Print = readonly [ticks: number, signed: number];
/** The prints of a bar of 100 contracts. */
export type Bar = readonly Print[];

/** A bar at one price, bought and sold. */
export const flat = (at: number): Bar => [
  [at, 50],
  [at, -50],
];

/** A bar whose high is three ticks up, on 8 contracts in two rows against 60 in the largest: 13 %. */
export const thin = (at: number, extreme = 3): Bar => [
  [at, 60],
  [at + 1, -40 + 5 + extreme],
  [at + 2, 5],
  [at + 3, extreme],
];

/** A bar from a low to a high two ticks up, where it closes. */
const leg = (low: number, delta: number): Bar => [
  [low, (delta - 100) / 2],
  [low + 2, (delta + 100) / 2],
];

/** Three pushes, each with a higher high, on 300, 200 and `third` delta and on 500, 400 and 300 contracts. */
export function threePushes(third: number): Bar[] {
  const down = (...lows: readonly number[]): Bar[] => lows.map((low) => leg(low, -20));
  const up = (delta: number, ...lows: readonly number[]): Bar[] =>
    lows.map((low) => leg(low, delta / lows.length));
  return [
    ...down(6, 3, 0),
    ...up(300, 2, 4, 6, 8, 10),
    ...down(8, 6, 4),
    ...up(200, 6, 8, 10, 12),
    ...down(10, 8, 6),
    ...up(third, 8, 10, 13),
  ];
}

/** Bars of ten seconds from 10:00, all prints of one at its start. */
export const pace = { start: '10:00', barSeconds: 10, firstSeconds: 0, stepSeconds: 0 };
