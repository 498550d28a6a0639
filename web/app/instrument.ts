/** The part of an address that says which instrument of the flow a page shows; without it, the first. */
const name = 'instrument';

/** Returns the instrument an address asks for; null for the flow's first. */
export function instrumentOf(search: URLSearchParams): string | null {
  return search.get(name) || null;
}

/** Returns an address of this app with an instrument added to it; one that names its own keeps that. */
export function withInstrument(to: string, instrument: string | null): string {
  if (instrument === null) return to;
  const [, path = '', query = '', hash = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/.exec(to) ?? [];
  const search = new URLSearchParams(query);
  if (!search.has(name)) search.set(name, instrument);
  return `${path}?${search}${hash}`;
}

/** A page that is shown, as far as another instrument may keep it. */
export interface ShownPage {
  readonly pathname: string;
  readonly search: string;
  /** Event time it looks at; null for now. */
  readonly ts: number | null;
}

/**
 * Returns the address of the same page with another instrument. A moment of the past stays the same time: macrosteps are
 * counted by each instrument for itself.
 */
export function otherInstrument({ pathname, search, ts }: ShownPage, instrument: string): string {
  const next = new URLSearchParams(search);
  if (ts !== null) {
    for (const counted of ['at', 'before']) next.delete(counted);
    next.set('time', String(ts));
  }
  next.set(name, instrument);
  return `${pathname}?${next}`;
}

/** Whether another instrument is shown after going to an address: what was loaded for the old one is not true of it. */
export function isOtherInstrument({
  currentUrl,
  nextUrl,
}: {
  readonly currentUrl: URL;
  readonly nextUrl: URL;
}): boolean {
  return instrumentOf(currentUrl.searchParams) !== instrumentOf(nextUrl.searchParams);
}
