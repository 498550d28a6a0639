import type { Row } from './values.ts';

/** The direction a signal or an idea names; null for another word, and for none. A direction is never guessed. */
export function sideOf(payload: Row): 'long' | 'short' | null {
  const { side } = payload;
  return side === 'long' || side === 'short' ? side : null;
}
