import type { LoaderFunctionArgs } from '@remix-run/node';
import { readHealth } from '../health/health-facts.server.ts';

/** How the process fares. */
export async function loader({ context }: LoaderFunctionArgs): Promise<Response> {
  return Response.json(await readHealth(context));
}
