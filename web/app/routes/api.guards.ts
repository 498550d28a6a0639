import type { LoaderFunctionArgs } from '@remix-run/node';
import { guardsNow } from '../../inspect/guards-now.ts';
import { chosenOf } from '../chosen-task.server.ts';

/** What the guards out of a machine's present state would answer now; null where there is no machine that runs. */
export async function loader({ request, context }: LoaderFunctionArgs): Promise<Response> {
  const { live, isUnknown } = chosenOf(context.engine, request);
  if (isUnknown) return Response.json({ error: 'no instrument of this flow' }, { status: 404 });
  const node = new URL(request.url).searchParams.get('node') ?? '';
  return Response.json(live ? await guardsNow(live, node) : null);
}
