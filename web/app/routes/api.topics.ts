import type { LoaderFunctionArgs } from '@remix-run/node';
import { deskOf } from '../flows/desk.server.ts';
import { readTopicReaders } from '../topics/readers.server.ts';

/** Where each topic ends, its size, and how far its readers are; with `topic` and `instrument` its newest records. */
export async function loader({ request, context }: LoaderFunctionArgs): Promise<Response> {
  const desk = deskOf(context);
  const { searchParams } = new URL(request.url);
  const topic = searchParams.get('topic');
  if (topic === null)
    return Response.json({ ...(await desk.topics()), readers: await readTopicReaders(context) });
  const known = (await desk.topics()).topics.some((one) => one.topic === topic);
  if (!known) return Response.json({ error: 'no topic of that name' }, { status: 404 });
  return Response.json({ records: await desk.sample(topic, searchParams.get('instrument') ?? '') });
}
