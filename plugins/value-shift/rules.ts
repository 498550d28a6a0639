import { buildingOutside } from './building-outside.ts';
import type { Config } from './config.ts';
import { dayFades } from './day-fades.ts';
import { nextBalance } from './next-balance.ts';
import { otherSide } from './other-side.ts';
import { pocHolds } from './poc-holds.ts';
import { shift } from './shift.ts';
import { stayRotational } from './stay-rotational.ts';
import type { ExpectationName, Rule, Side } from './value-shift.ts';

/** The seven expectations by name. */
export function rulesOf(config: Config): Readonly<Record<ExpectationName, Rule>> {
  return {
    'other-side': otherSide(config),
    'stay-rotational': stayRotational,
    'next-balance': nextBalance(config),
    shift: shift(config),
    'poc-holds': pocHolds(config),
    'building-outside': buildingOutside(config),
    'day-fades': dayFades(config),
  };
}

/** The directions a rule is kept for. */
export const sidesOf = ({ isDirected }: Rule): readonly Side[] =>
  isDirected ? directed : undirected;

const directed: readonly Side[] = ['long', 'short'];
const undirected: readonly Side[] = ['long'];
