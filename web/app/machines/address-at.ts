/** Returns the part of an address that says which moment of the past is looked at; empty for now. */
export function momentIn(search: URLSearchParams): Readonly<Record<string, string>> {
  return Object.fromEntries([...search].filter(([name]) => name === 'at' || name === 'time'));
}

/** Returns the address of this page at another macrostep, everything else kept; null for live. */
export function addressAt(search: URLSearchParams, seq: number | null): string {
  const next = new URLSearchParams(search);
  for (const name of ['at', 'time', 'before']) next.delete(name);
  if (seq !== null) next.set('at', String(seq));
  const text = next.toString();
  return text === '' ? '.' : `?${text}`;
}
