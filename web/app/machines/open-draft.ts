import type { FlowEdit } from '../../live/why.ts';
import { DraftStore } from '../flows/draft-store.ts';
import { applyEdit } from './apply-edit.ts';

/** The file a draft begins with. */
interface DraftOf {
  readonly flow: string;
  readonly text: string;
  readonly sha: string;
  readonly edit: FlowEdit;
}

/**
 * Puts a change into this window's draft of a flow, or makes one; nothing is saved, and nothing is deployed. Returns why
 * it could not; null when it did.
 */
export function draftWith({ flow, text, sha, edit }: DraftOf): string | null {
  const store = new DraftStore(flow, localStorage, sessionStorage);
  const draft = store.takeUp() ?? { text, base: sha };
  const made = applyEdit(draft.text, edit);
  if ('reason' in made) return `the draft in this window is another one: ${made.reason}`;
  store.keep({ text: made.text, base: draft.base });
  return null;
}
