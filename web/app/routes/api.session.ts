import type { LoaderFunctionArgs } from '@remix-run/node';

/** The session of a window: after a restart of the engine the one it was painted with is gone. */
export function loader({ context: { role, csrf } }: LoaderFunctionArgs): Response {
  return Response.json({ role, csrf }, { headers: { 'Cache-Control': 'no-store' } });
}
