import type { LiveTask } from '#engine/cli/live-task.ts';
import type { StepKeys } from '../live/inspect.ts';
import { momentAsked, openInspector, PageRefusal } from './inspector.ts';
import { stepKeys } from './moment-view.ts';

const steps: ReadonlySet<string> = new Set<keyof StepKeys>([
  'previous',
  'next',
  'previousChange',
  'nextChange',
]);

const isStep = (text: string): text is keyof StepKeys => steps.has(text);

/**
 * Returns the macrostep that `?step=` leads to from the moment an address asks for, or from now; the moment itself at an
 * end, and null for now. Undefined where no step is asked for.
 *
 * @throws {PageRefusal} 400 for a step nobody knows, and for a moment that cannot be looked at.
 */
export async function stepAsked(
  live: LiveTask | null,
  node: string | null,
  search: URLSearchParams,
): Promise<number | null | undefined> {
  const step = search.get('step');
  if (step === null) return undefined;
  if (!isStep(step))
    throw new PageRefusal(400, `'${step}' is no step: there are ${[...steps].join(', ')}`);
  const inspector = await openInspector(live);
  if (!inspector) return null;
  const { book } = inspector;
  const seq = momentAsked(inspector, search);
  const last = book.last?.seq;
  if (last === undefined) return null;
  // Now is after the newest macrostep: the one before now is that one.
  return stepKeys(book, node, seq ?? last + 1)[step] ?? seq;
}
