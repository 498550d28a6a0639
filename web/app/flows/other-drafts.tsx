import { lazy, Suspense, useState } from 'react';
import type { Draft } from './use-draft.ts';

const TextDifference = lazy(() =>
  import('./text-difference.tsx').then((module) => ({ default: module.TextDifference })),
);

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
  const [isShown, setShown] = useState(false);
  const [other] = draft.others.filter(({ text }) => text !== ignored);
  if (!other) return null;
  const time = other.at === 0 ? '' : `, last changed ${new Date(other.at).toLocaleTimeString()}`;
  return (
    <section className="panel conflict" role="status" data-testid="other-draft">
      <p>
        ◆ <strong>Another window has a draft of this flow</strong>
        {time}. Each window keeps its own; this one shows yours.
      </p>
      <p className="commands">
        <button type="button" onClick={() => setShown(!isShown)} aria-expanded={isShown}>
          {isShown ? 'Hide the difference' : 'Show the difference'}
        </button>
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
      </p>
      {isShown ? (
        <Suspense fallback={<p className="muted">Loading…</p>}>
          <TextDifference before={draft.text} after={other.text} />
        </Suspense>
      ) : null}
    </section>
  );
}
