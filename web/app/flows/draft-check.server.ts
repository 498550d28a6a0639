import type { Desk } from '#engine/cli/desk.ts';
import type { DraftCheck } from './flow-api.ts';
import { placesOf } from './flow-layout.server.ts';

/** Returns what the engine says of a draft, with the places of its picture. */
export async function draftCheck(desk: Desk, id: string, text: string): Promise<DraftCheck> {
  const check = await desk.check(id, text);
  const places = check.outline ? await placesOf(check.outline) : null;
  const diskSha = desk.read(id)?.sha ?? null;
  return { ...check, places, diskSha, runningSha: desk.running(id)?.sha ?? null };
}
