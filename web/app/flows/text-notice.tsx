import { lazy, type ReactNode, Suspense, useState } from 'react';

const TextDifference = lazy(() =>
  import('./text-difference.tsx').then((module) => ({ default: module.TextDifference })),
);

/** Says that there is another text of the flow, shows the difference when asked, and offers what to do about it. */
export function TextNotice({
  testId,
  says,
  before,
  after,
  children,
}: {
  readonly testId: string;
  readonly says: ReactNode;
  readonly before: string;
  readonly after: string;
  /** The choices. */
  readonly children: ReactNode;
}) {
  const [isShown, setShown] = useState(false);
  return (
    <section className="panel conflict" role="status" data-testid={testId}>
      <p>◆ {says}</p>
      <p className="commands">
        <button type="button" onClick={() => setShown(!isShown)} aria-expanded={isShown}>
          {isShown ? 'Hide the difference' : 'Show the difference'}
        </button>
        {children}
      </p>
      {isShown ? (
        <Suspense fallback={<p className="muted">Loading…</p>}>
          <TextDifference label="What differs" before={before} after={after} />
        </Suspense>
      ) : null}
    </section>
  );
}
