import type { LoaderFunctionArgs } from '@remix-run/node';
import { chosenOf } from '../chosen-task.server.ts';
import { readHealth } from '../health/health-facts.server.ts';

/** How the process fares. */
export async function loader({ request, context }: LoaderFunctionArgs): Promise<Response> {
  return Response.json(await readHealth(context, chosenOf(context.engine, request).symbol));
}
