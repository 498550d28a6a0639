import type { LoaderFunctionArgs } from '@remix-run/node';

/** What completion, hints and forms know of plugins and of the form of a flow. */
export async function loader({ context }: LoaderFunctionArgs): Promise<Response> {
  const { desk } = context.engine;
  if (!desk) return Response.json({ error: 'the engine is starting' }, { status: 503 });
  const [schema, plugins] = await Promise.all([desk.schema(), desk.plugins()]);
  return Response.json(
    { schema, plugins },
    { headers: { 'Cache-Control': 'private, max-age=60' } },
  );
}
