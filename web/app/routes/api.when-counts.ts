import type { LoaderFunctionArgs } from '@remix-run/node';
import { readOn } from '../../inspect/machine-value.ts';
import { whenCounts } from '../../inspect/when-counts.ts';
import { chosenOf } from '../chosen-task.server.ts';

/** How often each guard of the flow that runs was asked in this trade day, and how often it held. */
export async function loader({ request, context }: LoaderFunctionArgs): Promise<Response> {
  const { live } = chosenOf(context.engine, request);
  if (live) await readOn(live.book);
  return Response.json({ counts: live ? whenCounts(live) : {} });
}
