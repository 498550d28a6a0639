import { sayEvent } from '#engine/inspect/say-why.ts';

/** Returns XState's name of a timer's event as people say it, `after 5 min`; other events stay. */
export function timerWords(event: string): string {
  const delay = /^xstate\.after\.([^.]+)\./.exec(event)?.[1];
  return delay === undefined ? event : sayEvent(`after ${delay}`);
}
