/** The token of this page, which goes with every command. */
export function pageToken(): HTMLMetaElement | null {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]');
}

/**
 * Asks for a session again: those of an engine that was restarted are gone. Where a password is needed the page is
 * loaded anew, and asks for it.
 *
 * @returns whether the server answered.
 */
export async function renewSession(): Promise<boolean> {
  try {
    const response = await fetch('/api/session', { cache: 'no-store' });
    if (response.status === 401) {
      window.location.reload();
      return false;
    }
    if (!response.ok) return false;
    const { csrf } = (await response.json()) as { readonly csrf: string };
    pageToken()?.setAttribute('content', csrf);
    return true;
  } catch {
    return false;
  }
}
