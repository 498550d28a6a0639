import { Link } from '@remix-run/react';
import { Component, type ReactNode } from 'react';
import type { LiveTable } from '../client/use-live.tsx';
import { Missing } from './missing.tsx';

/** What a panel shows instead of its content when its component throws; the others go on. */
class PanelBoundary extends Component<
  { readonly title: string; readonly children: ReactNode },
  { readonly error: Error | null }
> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { readonly error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div className="error-box" role="alert">
        <p>This panel could not be drawn: {error.message}</p>
        <button type="button" onClick={() => this.setState({ error: null })}>
          Draw again
        </button>
      </div>
    );
  }
}

/** A titled box. `word` is decoration from motor sport; the title says the thing itself. */
export function Panel({
  id,
  title,
  word,
  to,
  toText = 'open',
  className = '',
  children,
}: {
  readonly id: string;
  readonly title: string;
  readonly word?: string;
  readonly to?: string;
  readonly toText?: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <section className={`panel ${className}`.trim()} id={id} aria-labelledby={`${id}-title`}>
      <div className="panel-head">
        <h2 id={`${id}-title`}>
          {title}
          {word === undefined ? null : <span className="decoration"> {word}</span>}
        </h2>
        {to === undefined ? null : (
          <Link to={to} aria-label={`${title}: ${toText}`}>
            {toText}
          </Link>
        )}
      </div>
      <div className="panel-body">
        <PanelBoundary title={title}>{children}</PanelBoundary>
      </div>
    </section>
  );
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
  if (table.place === 'loading') return <Missing reason="the engine is starting" />;
  if (table.place === 'absent')
    return (
      <p className="missing-reason">
        Not in this flow. <Link to={`/plugins/${plugin}`}>{plugin}</Link> would provide it.
      </p>
    );
  if (table.rows.length === 0) return <Missing reason={empty} />;
  return <>{children(table.rows)}</>;
}
