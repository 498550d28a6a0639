import {
  mergeProfiles,
  overlap,
  type Profile,
  packVolumes,
  unpackVolumes,
  type ValueAreaOptions,
  valueArea,
} from '#engine';
import type { Config } from './config.ts';
import type { Value } from './merge-mode.ts';

/** Sessions in a row that share value, from the first on; a balance when there are enough of them. */
export interface BalanceRun extends Value {
  readonly from: string;
  readonly sessions: number;
  /** First row of all their volume, packed. */
  readonly low: number;
  readonly rows: string;
  /** Highest tick traded. */
  readonly high: number;
}

/** A balance as the output shows it. */
export interface Balance extends Value {
  readonly low: number;
  readonly high: number;
  readonly from: string;
  readonly sessions: number;
  readonly targetUp: number;
  readonly targetDown: number;
}

function runOf(
  from: string,
  sessions: number,
  { low, volumes }: Profile,
  options: ValueAreaOptions,
): BalanceRun | null {
  const area = valueArea({ low, volumes }, options);
  if (area === null) return null;
  const { vah, val, poc } = area;
  const high = low + volumes.length - 1;
  return { from, sessions, vah, val, poc, low, high, rows: packVolumes(volumes) };
}

/** Returns the run once a session is completed: it goes on while the session's value overlaps that of the run so far. */
export function withBalance(
  run: BalanceRun | null,
  tradeDate: string,
  rows: Profile,
  options: ValueAreaOptions,
  { balanceOverlap }: Pick<Config, 'balanceOverlap'>,
): BalanceRun | null {
  const alone = runOf(tradeDate, 1, rows, options);
  if (run === null || alone === null || overlap(alone, run).overlapMin < balanceOverlap)
    return alone;
  const whole = mergeProfiles([{ low: run.low, volumes: unpackVolumes(run.rows) }, rows]);
  return runOf(run.from, run.sessions + 1, whole, options);
}

/** Returns the balance that a run has become; null while it is too short. */
export function balanceOf(
  run: BalanceRun | null,
  { balanceMinSessions }: Pick<Config, 'balanceMinSessions'>,
): Balance | null {
  if (run === null || run.sessions < balanceMinSessions) return null;
  const { from, sessions, low, high, vah, val, poc } = run;
  const width = vah - val;
  return {
    vah,
    val,
    poc,
    low,
    high,
    from,
    sessions,
    targetUp: vah + width,
    targetDown: val - width,
  };
}
