import { redirect } from '@remix-run/node';
import type { LiveTask } from '#engine/cli/live-task.ts';
import { PageRefusal } from '../../inspect/inspector.ts';
import { stepAsked } from '../../inspect/step-asked.ts';
import { addressAt } from './address-at.ts';

/** Waits for a page; one that is refused is shown with its status. */
export async function answered<T>(page: Promise<T>): Promise<T> {
  try {
    return await page;
  } catch (error) {
    if (!(error instanceof PageRefusal)) throw error;
    throw new Response(error.message, { status: error.status });
  }
}

/** Sends an address that asks for a step on to the macrostep it leads to. */
export async function steppedOn(
  live: LiveTask | null,
  node: string | null,
  url: URL,
): Promise<void> {
  const seq = await answered(stepAsked(live, node, url.searchParams));
  if (seq === undefined) return;
  const address = addressAt(url.searchParams, seq);
  throw redirect(`${url.pathname}${address === '.' ? '' : address}`);
}
