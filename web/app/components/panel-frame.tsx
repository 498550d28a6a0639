import { Component, type ReactNode, type RefObject } from 'react';
import { Link } from './link.tsx';

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

/** What a panel is made of. */
export interface PanelParts {
  readonly id: string;
  readonly title: string;
  /** Decoration from motor sport; the title says the thing itself. */
  readonly word?: string;
  readonly to?: string;
  readonly toText?: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** The box of a panel: `marks` beside the title, `menu` at the end of the line, `below` under it. */
export function PanelFrame({
  parts: { id, title, word, to, toText = 'open', className = '', children },
  box,
  marks = null,
  menu = null,
  below = null,
}: {
  readonly parts: PanelParts;
  readonly box?: RefObject<HTMLElement>;
  readonly marks?: ReactNode;
  readonly menu?: ReactNode;
  readonly below?: ReactNode;
}) {
  return (
    <section
      className={`panel ${className}`.trim()}
      id={id}
      ref={box}
      aria-labelledby={`${id}-title`}
      tabIndex={-1}
    >
      <div className="panel-head">
        <h2 id={`${id}-title`}>
          {title}
          {word === undefined ? null : <span className="decoration"> {word}</span>}
        </h2>
        {marks}
        {to === undefined ? null : to.startsWith('#') ? (
          <a className="panel-link" href={to} aria-label={`${title}: ${toText}`}>
            {toText}
          </a>
        ) : (
          <Link className="panel-link" to={to} aria-label={`${title}: ${toText}`}>
            {toText}
          </Link>
        )}
        {menu}
      </div>
      {below}
      <div className="panel-body">
        <PanelBoundary title={title}>{children}</PanelBoundary>
      </div>
    </section>
  );
}
