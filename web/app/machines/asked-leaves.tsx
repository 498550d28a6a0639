import type { ReactNode } from 'react';
import type { SaidLeaf } from '#engine/inspect/say-why.ts';
import { firstMissed, Leaves } from './leaves.tsx';
import { Margin } from './margin.tsx';

/** An answer of a guard with its first margin; opened, all that it compared. */
export function AskedLeaves({
  head,
  leaves,
  isRefused,
  children,
}: {
  readonly head: ReactNode;
  readonly leaves: readonly SaidLeaf[];
  /** Marks the first comparison that did not hold as what blocked. */
  readonly isRefused: boolean;
  /** What stands below the comparisons. */
  readonly children?: ReactNode;
}) {
  if (leaves.length === 0) return head;
  return (
    <details>
      <summary>
        {head}
        <span className="muted"> · </span>
        <span className="margin">
          <Margin leaves={leaves} />
        </span>
      </summary>
      <Leaves leaves={leaves} firstBlocker={isRefused ? firstMissed(leaves) : -1} />
      {children}
    </details>
  );
}
