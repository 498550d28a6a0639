const mostCharacters = 1_000;
/** A page of this server, to which its own address is put: what does not stay below it leads elsewhere. */
const own = 'http://own.invalid';
/** Addresses that are no pages. */
const others = /^\/(?:api|assets|login|logout|ws)(?:[/?#]|$)/;

/**
 * Returns the path and query of a page of this server, as one goes there after logging in; `/` for everything else: other
 * servers, in whatever way they are written, scripts, and what is no page.
 *
 * @param asked - As it came from outside.
 */
export function askedPage(asked: unknown): string {
  if (typeof asked !== 'string' || asked.length > mostCharacters) return '/';
  // Browsers take a backslash for a slash, and leave out what is no letter: `/\evil`, `/<tab>/evil`.
  if (!/^\/(?!\/)[\x21-\x7e]*$/.test(asked) || asked.includes('\\')) return '/';
  try {
    const { origin, pathname, search } = new URL(asked, own);
    if (origin !== own || pathname.startsWith('//') || others.test(pathname)) return '/';
    return `${pathname}${search}`;
  } catch {
    return '/';
  }
}
