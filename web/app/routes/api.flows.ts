import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { z } from 'zod';
import type { DeployOutcome, Desk, SaveOutcome } from '#engine/cli/desk.ts';
import type { GivenCommand } from '#engine/cli/operator-audit.ts';
import { draftCheck } from '../flows/draft-check.server.ts';

const mostCharacters = 400_000;
const id = z.string().max(200);
const text = z.string().max(mostCharacters);
const base = z.string().length(64);
const place = z.object({ x: z.number().finite(), y: z.number().finite() });
const places = z.record(z.string().max(200), place);

const asked = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('check'), id, text }),
  z.object({ kind: z.literal('test'), id, text }),
  z.object({ kind: z.literal('plan'), id, text }),
  z.object({ kind: z.literal('save'), id, text, base }),
  z.object({ kind: z.literal('deploy'), id, text, base }),
  z.object({ kind: z.literal('layout'), id, places }),
]);

const refusal = (status: number, error: string): Response => Response.json({ error }, { status });

/** The text of a flow as its file has it, with `version` as it was, with `running` as it runs. */
export function loader({ request, context }: LoaderFunctionArgs): Response {
  const { desk } = context.engine;
  const { searchParams } = new URL(request.url);
  const name = searchParams.get('id') ?? '';
  const version = searchParams.get('version');
  const read = desk?.read(name) ?? null;
  if (!desk || !read) return refusal(404, 'no flow of that name');
  if (searchParams.has('running')) {
    const running = desk.running(name);
    return running ? Response.json(running) : refusal(404, 'this flow does not run here');
  }
  if (version === null) return Response.json(read);
  const kept = desk.versionText(name, Number(version));
  return kept === null ? refusal(404, 'no version of that number') : Response.json({ text: kept });
}

async function answer(desk: Desk, ask: z.infer<typeof asked>): Promise<object> {
  switch (ask.kind) {
    case 'check':
      return draftCheck(desk, ask.id, ask.text);
    case 'test':
      return desk.test(ask.id, ask.text);
    case 'plan':
      return desk.plan(ask.id, ask.text);
    case 'save':
      return desk.save(ask.id, ask.text, ask.base);
    case 'deploy':
      return desk.deploy(ask.id, ask.text, ask.base);
    case 'layout':
      desk.saveLayout(ask.id, ask.places);
      return { ok: true };
  }
}

/** What the audit is told of a command; null of what changes no flow. */
function givenOf(
  ask: z.infer<typeof asked>,
  result: SaveOutcome | DeployOutcome,
): Omit<GivenCommand, 'actor'> | null {
  if (ask.kind !== 'save' && ask.kind !== 'deploy') return null;
  if (!result.ok)
    return { command: `flow.${ask.kind}`, asked: { flow: ask.id }, reason: result.reason };
  const { number, sha, flowVersion, hash, what } = result.version;
  const command = what === 'rolled back' ? 'flow.rollback' : `flow.${ask.kind}`;
  return { command, asked: { flow: ask.id, version: number, sha, flowVersion, hash } };
}

/** Checks, tests, plans, saves and deploys drafts, and keeps the places of nodes. The server has checked session, role, origin and token. */
export async function action({ request, context }: ActionFunctionArgs): Promise<Response> {
  const { engine, feed, actor } = context;
  const read = asked.safeParse(await request.json().catch(() => null));
  if (!read.success) return refusal(400, 'expected a flow, its text and what to do with it');
  const { desk } = engine;
  if (!desk?.read(read.data.id)) return refusal(404, 'no flow of that name');
  const result = await answer(desk, read.data);
  if (read.data.kind === 'deploy' && 'ok' in result && result.ok === true)
    feed.notice(`flow ${read.data.id} was deployed`);
  const given = givenOf(read.data, result as SaveOutcome | DeployOutcome);
  if (given?.reason !== undefined) feed.refused(`${given.command} ${read.data.id}`, given.reason);
  const problem = given && (await engine.audit({ ...given, actor }));
  if (given && problem !== null) feed.notice(`${given.command} is not in the audit: ${problem}`);
  return Response.json(result);
}
