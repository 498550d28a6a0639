import { useState } from 'react';
import { TextNotice } from './text-notice.tsx';
import type { Draft } from './use-draft.ts';

/**
 * Says that another window holds a draft of the same flow. Neither text is lost: one is taken with a step that can be
 * undone, or left where it is.
 */
export function OtherDrafts({
  draft,
  take,
}: {
  readonly draft: Draft;
  /** Puts a text into the editor; one step back undoes it. */
  readonly take: (text: string) => void;
}) {
  const [ignored, setIgnored] = useState<string | null>(null);
  const [other] = draft.others.filter(({ text }) => text !== ignored);
  if (!other) return null;
  const time = other.at === 0 ? '' : `, last changed ${new Date(other.at).toLocaleTimeString()}`;
  const says = (
    <>
      <strong>Another window has a draft of this flow</strong>
      {time}. Each window keeps its own; this one shows yours.
    </>
  );
  return (
    <TextNotice testId="other-draft" says={says} before={draft.text} after={other.text}>
      <button
        type="button"
        onClick={() => {
          take(other.text);
          draft.adopt(other);
        }}
      >
        Take that draft (undo brings this one back)
      </button>
      <button type="button" onClick={() => setIgnored(other.text)}>
        Keep this one
      </button>
      <button type="button" onClick={() => draft.forget(other)}>
        Delete that draft
      </button>
    </TextNotice>
  );
}
