import { useCallback, useState } from 'react';
import type { FlowVersion } from '#engine/cli/desk.ts';
import { askFlow } from './flow-api.ts';
import type { Draft } from './use-draft.ts';

/** Saving a draft, and what the last command came to. */
export interface Saving {
  readonly said: string;
  readonly versions: readonly FlowVersion[];
  say(text: string): void;
  save(): Promise<void>;
  /** The file says what the draft says now. */
  settle(version: FlowVersion, sha: string, words: string): void;
}

/** Keeps the versions of a flow while it is edited. */
export function useSave(id: string, draft: Draft, first: readonly FlowVersion[]): Saving {
  const [said, say] = useState('');
  const [versions, setVersions] = useState(first);
  const { text, base, rebase, recheck } = draft;
  const settle = useCallback(
    (version: FlowVersion, sha: string, words: string) => {
      rebase({ text, sha });
      setVersions((all) => [...all, version]);
      say(`${words} as version ${version.number}`);
    },
    [rebase, text],
  );
  const save = useCallback(async () => {
    const answer = await askFlow('save', { id, text, base: base.sha });
    if (!answer.ok) say(`✖ ${answer.error}`);
    else if (answer.value.ok) settle(answer.value.version, answer.value.sha, 'saved');
    else {
      say(`✖ ${answer.value.reason}`);
      recheck();
    }
  }, [id, text, base.sha, settle, recheck]);
  return { said, versions, say, save, settle };
}
