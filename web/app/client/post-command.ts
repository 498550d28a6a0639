import { pageToken, renewSession } from './renew-session.ts';

/** What a command came to: the server's answer, or why there is none. */
export type CommandAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: string };

function send(path: string, body: unknown): Promise<Response> {
  return fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-csrf-token': pageToken()?.content ?? '' },
    body: JSON.stringify(body),
  });
}

/** Sends a command with the token of this page. A refusal is an answer, not an exception. */
export async function postCommand<T>(path: string, body: unknown): Promise<CommandAnswer<T>> {
  try {
    const first = await send(path, body);
    // Another window may have been given the session that counts now: one try with its token.
    const isToken = first.status === 403 && (await renewSession());
    const response = isToken ? await send(path, body) : first;
    const answer = (await response.json()) as T & { readonly error?: string };
    if (response.ok) return { ok: true, value: answer };
    return { ok: false, error: answer.error ?? `the server answered ${response.status}` };
  } catch {
    return { ok: false, error: 'the server did not answer' };
  }
}
