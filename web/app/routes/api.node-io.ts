import type { LoaderFunctionArgs } from '@remix-run/node';
import { readOn } from '../../inspect/machine-value.ts';
import { nodeIo } from '../../inspect/node-io.ts';
import { chosenOf } from '../chosen-task.server.ts';
import type { PinAnswer } from '../flows/pinned-text.tsx';

/** What a node heard and said last; with `pin` a case for the flow's tests of the last event of that in-port. */
export async function loader({ request, context }: LoaderFunctionArgs): Promise<Response> {
  const { live } = chosenOf(context.engine, request);
  const { searchParams } = new URL(request.url);
  const node = searchParams.get('node') ?? '';
  const port = searchParams.get('pin');
  if (port === null) return Response.json({ io: live && (await nodeIo(live, node)) });
  if (live) await readOn(live.book);
  const made = live ? await live.pinCase(node, port) : 'nothing runs for this instrument yet';
  const answer: PinAnswer = typeof made === 'string' ? { reason: made } : { pinned: made };
  return Response.json(answer);
}
