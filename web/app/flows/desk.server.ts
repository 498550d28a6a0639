import type { AppLoadContext } from '@remix-run/node';
import type { Desk } from '#engine/cli/desk.ts';

/** Returns the desk of the process; a page asked for in the first moments of a start says so. */
export function deskOf({ engine }: AppLoadContext): Desk {
  if (engine.desk) return engine.desk;
  throw new Response('The engine is starting: load the page again in a moment.', { status: 503 });
}
