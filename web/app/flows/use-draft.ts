import { useCallback, useEffect, useRef, useState } from 'react';
import type { FlowText } from '#engine/cli/desk.ts';
import { DraftStore, type OtherDraft } from './draft-store.ts';
import { askFlow, type DraftCheck } from './flow-api.ts';

const checkAfterMs = 350;
/** How often an untouched draft asks whether the file is still the one it began with. */
const lookEveryMs = 15_000;

function storeOf(id: string): DraftStore {
  return new DraftStore(id, localStorage, sessionStorage);
}

/**
 * Returns what an editor begins with. A draft that was kept stays one of the file it began with: where that was changed
 * since, saving is refused until its writer has seen the change.
 */
export function beginDraft(flow: FlowText): Pick<Draft, 'text' | 'base'> {
  const stored = storeOf(flow.id).takeUp();
  const draft = stored && stored.text !== flow.text ? stored : null;
  const sha = draft?.base ?? flow.sha;
  return { text: draft?.text ?? flow.text, base: { text: flow.text, sha } };
}

/** Drafts of other windows that say something else than this one and than the file. */
function useOthers(id: string, text: string, base: Draft['base']) {
  const [others, setOthers] = useState<readonly OtherDraft[]>([]);
  const look = useCallback(() => setOthers(storeOf(id).others()), [id]);
  useEffect(() => {
    const store = storeOf(id);
    const isDraft = text !== base.text;
    store.keep(isDraft ? { text, base: base.sha } : null);
    look();
    const onStorage = ({ key, newValue }: StorageEvent): void => {
      if (key !== null && !store.isOfFlow(key)) return;
      if (key !== null) store.changed(key, newValue);
      // Another window took it up, or deleted it: here it is still being written.
      if (isDraft) store.keep({ text, base: base.sha });
      look();
    };
    window.addEventListener('storage', onStorage);
    return () => window.removeEventListener('storage', onStorage);
  }, [id, text, base, look]);
  return {
    others: others.filter((other) => other.text !== text && other.text !== base.text),
    forget: (other: OtherDraft): void => {
      storeOf(id).remove(other.key);
      look();
    },
  };
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
  /** Drafts of other windows that say something else, newest first. */
  readonly others: readonly OtherDraft[];
  /** Removes one of them. */
  readonly forget: (other: OtherDraft) => void;
  /** The text of one of them is in the editor now: it is this window's. */
  readonly adopt: (other: OtherDraft) => void;
}

/** Follows a draft: checks it after each pause in typing and keeps it in the browser. */
export function useDraft(flow: FlowText, first: DraftCheck, canAsk: boolean): Draft {
  const [text, setText] = useState(() => beginDraft(flow).text);
  const [base, setBase] = useState(() => beginDraft(flow).base);
  const [check, setCheck] = useState(first);
  const [lastValid, setLastValid] = useState(first.outline ? first : null);
  const [checked, setChecked] = useState(flow.text);
  const [problem, setProblem] = useState<string | null>(null);
  const { others, forget } = useOthers(flow.id, text, base);
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
    if (!canAsk || text === checked) return;
    const timer = setTimeout(() => void ask(text), checkAfterMs);
    return () => clearTimeout(timer);
  }, [text, checked, canAsk, ask]);

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
    others,
    forget,
    adopt: (other) => {
      setBase({ text: base.text, sha: other.base });
      forget(other);
    },
  };
}
