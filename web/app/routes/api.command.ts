import type { ActionFunctionArgs } from '@remix-run/node';
import { z } from 'zod';
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

const timeOf = (live: LiveTask | null): number => live?.runner.task.clock.now ?? 0;

/** Speed, pause and jump of a market that can be paced. The server has checked session, role, origin and token. */
export async function action({ request, context }: ActionFunctionArgs): Promise<Response> {
  const { engine, feed } = context;
  const read = command.safeParse(await request.json().catch(() => null));
  if (!read.success) return refusal(400, 'expected a command with a pace from 1 to 600, or a time');
  const { control } = engine;
  const { live } = chosenOf(engine, request);
  if (!control.state().canPace) return refusal(409, 'this feed has a speed of its own');
  const asked = read.data;
  switch (asked.command) {
    case 'pace':
      control.setPace(asked.pace);
      feed.notice(`market at ${asked.pace}×`);
      break;
    case 'pause':
      control.pause();
      feed.notice('market paused');
      break;
    case 'resume':
      control.resume();
      feed.notice('market goes on');
      break;
    case 'jump':
      if (asked.to <= timeOf(live)) return refusal(409, 'that moment is past');
      control.jumpTo(asked.to);
      feed.notice(
        `market hurries to ${clockText(engine.graph?.zone ?? 'UTC', asked.to)} of the flow`,
      );
      break;
  }
  return Response.json(control.state(live?.symbol));
}
