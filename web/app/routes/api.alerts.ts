import type { ActionFunctionArgs } from '@remix-run/node';
import { z } from 'zod';

const number = z.number().int().positive();
const asked = z.union([z.strictObject({ id: number }), z.strictObject({ through: number })]);

/** Notes that an operator saw one alarm, or all up to one. The server has checked session, role, origin and token. */
export async function action({ request, context }: ActionFunctionArgs): Promise<Response> {
  const { engine, feed, actor } = context;
  const read = asked.safeParse(await request.json().catch(() => null));
  if (!read.success)
    return Response.json({ error: 'expected the number of an alarm' }, { status: 400 });
  const meant = read.data;
  const count = feed.alerts.acknowledge(
    ({ id }) => ('id' in meant ? id === meant.id : id <= meant.through),
    actor,
  );
  // Twice is as once: what nobody has to acknowledge any more is no command.
  if (count > 0) {
    const given = { command: 'alerts.acknowledge', actor, asked: { ...meant, count } };
    const problem = await engine.audit(given);
    if (problem !== null) feed.notice(`${given.command} is not in the audit: ${problem}`);
  }
  return Response.json({ count });
}
