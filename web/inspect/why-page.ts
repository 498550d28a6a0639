import type { LiveTask } from '#engine/cli/live-task.ts';
import { transitionsOfTask } from '#engine/inspect/history.ts';
import type { Choice, WhyView } from '../live/why.ts';
import { choicesOf, refusalOf, whyView } from './why-view.ts';

/** The page of questions. */
export interface WhyPage {
  readonly zone: string;
  readonly node: string | null;
  readonly machines: readonly string[];
  readonly choices: readonly Choice[];
  readonly why: WhyView | null;
  /** Why the question cannot be answered. */
  readonly refusal: string | null;
}

/** Makes the page of questions; null while the task is not open. */
export async function whyPage(
  live: LiveTask | null,
  search: URLSearchParams,
): Promise<WhyPage | null> {
  if (!live) return null;
  const { task } = live.runner;
  const text = (name: string): string | null => search.get(name) || null;
  const node = text('node');
  const infos = transitionsOfTask(task);
  const page = {
    zone: task.graph.zone,
    node: node !== null && infos.has(node) ? node : null,
    machines: [...infos.keys()],
    choices: choicesOf((node === null ? undefined : infos.get(node)) ?? []),
  };
  const asked = {
    node,
    transition: text('transition'),
    event: text('event'),
    from: text('from'),
    to: text('to'),
    at: text('at'),
    slack: text('slack'),
  };
  try {
    return { ...page, why: await whyView(live, asked), refusal: null };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    return { ...page, why: null, refusal };
  }
}
