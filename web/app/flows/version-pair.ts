import type { FlowVersion } from '#engine/cli/desk.ts';

/** Two versions that are compared, by number. */
export interface VersionPair {
  readonly before: number;
  readonly after: number;
}

/** Returns what an address asks to compare: two versions there are; without them the newest with the one before it. Null where there are not two. */
export function versionPair(
  versions: readonly FlowVersion[],
  search: URLSearchParams,
): VersionPair | null {
  const numbers = versions.map(({ number }) => number);
  const asked = (name: string): number | undefined =>
    numbers.find((number) => String(number) === search.get(name));
  const after = asked('after') ?? numbers.at(-1);
  if (after === undefined) return null;
  const before = asked('before') ?? numbers[numbers.indexOf(after) - 1];
  return before === undefined ? null : { before, after };
}

/** Writes a moment of the machine's clock as `2026-11-26 05:10:07 UTC`. */
export function momentText(at: number): string {
  const [date = '', time = ''] = new Date(at).toISOString().split('T');
  return `${date} ${time.slice(0, 8)} UTC`;
}
