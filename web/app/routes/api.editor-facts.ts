import type { LoaderFunctionArgs } from '@remix-run/node';
import { contractNames, topicNames } from '../flows/topic-names.server.ts';

/** What completion, hints and forms know of plugins and of the form of a flow. */
export async function loader({ context }: LoaderFunctionArgs): Promise<Response> {
  const { desk } = context.engine;
  if (!desk) return Response.json({ error: 'the engine is starting' }, { status: 503 });
  const [schema, plugins, { topics }] = await Promise.all([
    desk.schema(),
    desk.plugins(),
    desk.topics(),
  ]);
  return Response.json(
    { schema, plugins, topics: topicNames(topics), contracts: contractNames },
    { headers: { 'Cache-Control': 'private, max-age=60' } },
  );
}
