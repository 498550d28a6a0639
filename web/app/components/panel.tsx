import { type ReactNode, useContext } from 'react';
import { type LiveTable, useStartReason } from '../client/use-live.tsx';
import { DeckContext } from './deck.ts';
import { Link } from './link.tsx';
import { LivePanel } from './live-panel.tsx';
import { Missing } from './missing.tsx';
import { PanelFrame, type PanelParts } from './panel-frame.tsx';

/** A titled box. Where panels have a menu (the command center), it can stand still and be opened alone. */
export function Panel({ isStill = false, ...parts }: PanelParts & { readonly isStill?: boolean }) {
  const deck = useContext(DeckContext);
  if (deck === null) return <PanelFrame parts={parts} />;
  return <LivePanel parts={parts} deck={deck} canFreeze={!isStill} />;
}

/**
 * Draws the rows of a table, or says why there are none: the flow is not known yet, no node publishes them, or nothing
 * was published so far (`empty`).
 */
export function TableRows({
  table,
  plugin,
  empty,
  children,
}: {
  readonly table: LiveTable;
  /** Plugin that would provide the table. */
  readonly plugin: string;
  readonly empty: string;
  readonly children: (rows: LiveTable['rows']) => ReactNode;
}) {
  const reason = useStartReason();
  if (table.place === 'loading') return <Missing reason={reason} />;
  if (table.place === 'absent')
    return (
      <p className="missing-reason">
        Not in this flow. <Link to={`/plugins/${plugin}`}>{plugin}</Link> would provide it.
      </p>
    );
  if (table.rows.length === 0) return <Missing reason={empty} />;
  return <>{children(table.rows)}</>;
}
