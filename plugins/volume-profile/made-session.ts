import type { SessionNumbers } from './volume-profile.ts';

/** A profile without rows. */
export const emptyProfile = { low: 0, volumes: [] };

/** Returns the numbers of a session made for a test: rows from tick 100, one period, volume without a side. */
export function madeSession(
  volumes: readonly number[],
  more: Partial<SessionNumbers> = {},
): SessionNumbers {
  const rows = { low: 100, volumes };
  const high = 99 + volumes.length;
  return {
    tradeDate: '2025-11-19',
    open: 100,
    close: high,
    volume: volumes.reduce((sum, v) => sum + v, 0),
    sides: [emptyProfile, rows, emptyProfile],
    rows,
    periods: [{ low: 100, high }],
    balance: { low: 100, high },
    balanceRows: emptyProfile,
    development: [],
    inferred: 0,
    approximate: false,
    gap: false,
    ...more,
  };
}
