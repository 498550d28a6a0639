import type { ActionFunctionArgs } from '@remix-run/node';
import { z } from 'zod';
import type { LiveEngine } from '#engine/cli/live-engine.ts';
import type { LiveTask } from '#engine/cli/live-task.ts';
import { chosenOf } from '../chosen-task.server.ts';
import { clockText } from '../format.ts';

/** What can be asked of the market. In OBSERVE nothing else is there to be asked of. */
const command = z.discriminatedUnion('command', [
  z.object({ command: z.literal('pace'), pace: z.number().min(1).max(600) }),
  z.object({ command: z.literal('pause') }),
  z.object({ command: z.literal('resume') }),
  z.object({ command: z.literal('jump'), to: z.number().int().positive() }),
]);

const refusal = (status: number, error: string): Response => Response.json({ error }, { status });

type Asked = z.infer<typeof command>;

/** Why a command cannot be carried out; null when it can. */
function obstacleTo({ control }: LiveEngine, live: LiveTask | null, asked: Asked): string | null {
  if (!control.state().canPace) return 'this feed has a speed of its own';
  const now = live?.runner.task.clock.now ?? 0;
  return asked.command === 'jump' && asked.to <= now ? 'that moment is past' : null;
}

/** What was asked for and is so already, as when two windows ask at once; null when there is something to do. */
function alreadySo({ control }: LiveEngine, live: LiveTask | null, asked: Asked): string | null {
  const { state, pace, jumpingTo } = control.state(live?.symbol);
  switch (asked.command) {
    case 'pace':
      return pace === asked.pace && jumpingTo === null ? `at ${asked.pace}× already` : null;
    case 'pause':
      return state === 'paused' ? 'paused already' : null;
    case 'resume':
      return state === 'running' ? 'going on already' : null;
    case 'jump':
      return jumpingTo === null ? null : 'hurrying to an event already';
  }
}

/** Does what was asked; returns what to tell the windows. */
function carryOut({ control, graph }: LiveEngine, asked: Asked): string {
  switch (asked.command) {
    case 'pace':
      control.setPace(asked.pace);
      return `market at ${asked.pace}×`;
    case 'pause':
      control.pause();
      return 'market paused';
    case 'resume':
      control.resume();
      return 'market goes on';
    case 'jump':
      control.jumpTo(asked.to);
      return `market hurries to ${clockText(graph?.zone ?? 'UTC', asked.to)} of the flow`;
  }
}

/** Speed, pause and jump of a market that can be paced. The server has checked session, role, origin and token. */
export async function action({ request, context }: ActionFunctionArgs): Promise<Response> {
  const { engine, feed, actor } = context;
  const read = command.safeParse(await request.json().catch(() => null));
  if (!read.success) return refusal(400, 'expected a command with a pace from 1 to 600, or a time');
  const { command: name, ...asked } = read.data;
  const { live } = chosenOf(engine, request);
  const already = alreadySo(engine, live, read.data);
  const obstacle = obstacleTo(engine, live, read.data);
  const reason = obstacle ?? already;
  // A market is held even where the log takes no record of it.
  if (reason === null) feed.notice(carryOut(engine, read.data));
  else if (obstacle !== null) feed.refused(`market.${name}`, obstacle, live?.symbol);
  const given = { command: `market.${name}`, actor, asked };
  const problem = await engine.audit(reason === null ? given : { ...given, reason });
  if (problem !== null) feed.notice(`${given.command} is not in the audit: ${problem}`);
  if (obstacle !== null) return refusal(409, obstacle);
  return Response.json({ ...engine.control.state(live?.symbol), already });
}
