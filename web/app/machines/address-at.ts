import type { StepKeys } from '../../live/inspect.ts';

/** Returns the part of an address that says which moment of the past is looked at; empty for now. */
export function momentIn(search: URLSearchParams): Readonly<Record<string, string>> {
  return Object.fromEntries([...search].filter(([name]) => name === 'at' || name === 'time'));
}

const moments = ['at', 'time', 'before', 'step'];

function addressWith(
  search: URLSearchParams,
  changes: Readonly<Record<string, number | string | null>>,
): string {
  const next = new URLSearchParams(search);
  for (const name of moments) next.delete(name);
  for (const [name, value] of Object.entries(changes))
    if (value !== null) next.set(name, String(value));
  const text = next.toString();
  return text === '' ? '.' : `?${text}`;
}

/** Returns the address of this page at another macrostep, everything else kept; null for live. */
export function addressAt(search: URLSearchParams, seq: number | null): string {
  return addressWith(search, { at: seq });
}

/** Returns the address of this page at the last macrostep of a moment, everything else kept. */
export function addressOfTime(search: URLSearchParams, ts: number): string {
  return addressWith(search, { time: ts });
}

/**
 * Returns where a step leads; null at an end. What lies before a moment stays what it was. What came after it, and what
 * lies before now, is asked when the step is made: much may have happened since the page was made.
 *
 * @param from - Macrostep that is looked at; null for now.
 */
export function stepAddress(
  search: URLSearchParams,
  keys: StepKeys,
  from: number | null,
  step: keyof StepKeys,
): string | null {
  const isForth = step === 'next' || step === 'nextChange';
  if (from === null) return isForth ? null : addressWith(search, { step });
  const to = keys[step];
  if (to !== null) return addressAt(search, to);
  return isForth ? addressWith(search, { at: from, step }) : null;
}
