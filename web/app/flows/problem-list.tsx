import type { FixableLint } from '#engine/cli/desk.ts';
import { Link } from '../components/link.tsx';

/** What is wrong with the text: where, what, and a button that mends it where that is known. */
export function ProblemList({
  lints,
  canFix,
  onGo,
  onFix,
}: {
  readonly lints: readonly FixableLint[];
  readonly canFix: boolean;
  readonly onGo: (lint: FixableLint) => void;
  readonly onFix: (lint: FixableLint) => void;
}) {
  if (lints.length === 0)
    return <p className="muted">No problems: names, types, units and states fit together.</p>;
  return (
    <ul className="problems" data-testid="problems">
      {lints.map((lint) => (
        <li key={`${lint.code}${lint.line}:${lint.col}${lint.message}`}>
          <button type="button" className="link-button num" onClick={() => onGo(lint)}>
            line {lint.line}
          </button>
          <span className={lint.level === 'error' ? 'is-error' : 'is-warning'}>
            {lint.level === 'error' ? '✖ error' : '◐ warning'}
          </span>
          <Link className="num" to={`/help/codes#${lint.code}`} reloadDocument>
            {lint.code}
          </Link>
          <span className="problem-text">
            {lint.message}
            {lint.fix === undefined ? '' : `; ${lint.fix}`}
          </span>
          {lint.quickFix && canFix ? (
            <button type="button" onClick={() => onFix(lint)}>
              {lint.quickFix.label}
            </button>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
