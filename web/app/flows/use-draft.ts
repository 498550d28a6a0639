import { useCallback, useEffect, useRef, useState } from 'react';
import type { FlowText } from '#engine/cli/desk.ts';
import { askFlow, type DraftCheck } from './flow-api.ts';

const checkAfterMs = 350;
/** How often an untouched draft asks whether the file is still the one it began with. */
const lookEveryMs = 15_000;

interface StoredDraft {
  readonly text: string;
  readonly base: string;
}

const keyOf = (id: string): string => `orderflow.draft.${id}`;

/** Returns what was being written here before, null when that is what the file says. */
function storedDraft(flow: FlowText): StoredDraft | null {
  try {
    const text = localStorage.getItem(keyOf(flow.id));
    const draft = text === null ? null : (JSON.parse(text) as StoredDraft);
    const isDraft = typeof draft?.text === 'string' && typeof draft.base === 'string';
    return isDraft && draft.text !== flow.text ? draft : null;
  } catch {
    return null;
  }
}

/** Keeps a draft through closing and loading of the page; one that says what the file says is none. */
function storeDraft(id: string, draft: StoredDraft | null): void {
  try {
    if (draft) localStorage.setItem(keyOf(id), JSON.stringify(draft));
    else localStorage.removeItem(keyOf(id));
  } catch {
    // A browser without room for it: the draft lives as long as the page.
  }
}

/**
 * Returns what an editor begins with. A draft that was kept stays one of the file it began with: where that was changed
 * since, saving is refused until its writer has seen the change.
 */
export function beginDraft(flow: FlowText): Pick<Draft, 'text' | 'base'> {
  const stored = storedDraft(flow);
  const sha = stored?.base ?? flow.sha;
  return { text: stored?.text ?? flow.text, base: { text: flow.text, sha } };
}

/** A draft of a flow: its text, the file it began with, and what the engine says of it. */
export interface Draft {
  readonly text: string;
  /** The file's text this draft began with, and its sha256. */
  readonly base: { readonly text: string; readonly sha: string };
  readonly check: DraftCheck;
  /** The last check that had no error; null when there was none yet. */
  readonly lastValid: DraftCheck | null;
  /** A check is on its way, or its answer is of an older text. */
  readonly isChecking: boolean;
  /** Why the last check did not come back. */
  readonly problem: string | null;
  readonly setText: (text: string) => void;
  /** Asks anew what the engine and the disk say. */
  readonly recheck: () => void;
  /** The file says something else now. */
  readonly rebase: (base: { readonly text: string; readonly sha: string }) => void;
}

/** Follows a draft: checks it after each pause in typing and keeps it in the browser. */
export function useDraft(flow: FlowText, first: DraftCheck, canAsk: boolean): Draft {
  const [text, setText] = useState(() => beginDraft(flow).text);
  const [base, setBase] = useState(() => beginDraft(flow).base);
  const [check, setCheck] = useState(first);
  const [lastValid, setLastValid] = useState(first.outline ? first : null);
  const [checked, setChecked] = useState(flow.text);
  const [problem, setProblem] = useState<string | null>(null);
  const newest = useRef(0);

  const ask = useCallback(
    async (asked: string) => {
      newest.current += 1;
      const own = newest.current;
      const answer = await askFlow('check', { id: flow.id, text: asked });
      if (own !== newest.current) return;
      setProblem(answer.ok ? null : answer.error);
      if (!answer.ok) return;
      setCheck(answer.value);
      setChecked(asked);
      if (answer.value.outline) setLastValid(answer.value);
    },
    [flow.id],
  );

  useEffect(() => {
    storeDraft(flow.id, text === base.text ? null : { text, base: base.sha });
    if (!canAsk || text === checked) return;
    const timer = setTimeout(() => void ask(text), checkAfterMs);
    return () => clearTimeout(timer);
  }, [text, base, checked, flow.id, canAsk, ask]);

  useEffect(() => {
    if (!canAsk) return;
    const timer = setInterval(() => void ask(text), lookEveryMs);
    return () => clearInterval(timer);
  }, [text, canAsk, ask]);

  return {
    text,
    base,
    check,
    lastValid,
    isChecking: canAsk && text !== checked,
    problem,
    setText,
    recheck: () => void ask(text),
    rebase: setBase,
  };
}
