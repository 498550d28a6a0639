import { useSearchParams } from '@remix-run/react';
import { Link } from '../components/link.tsx';

/** The way to rows before those shown, and back to the newest. */
export function Older({
  before,
}: {
  /** Macrostep of the newest older row; null when there is none. */
  readonly before: number | null;
}) {
  const [search] = useSearchParams();
  const isBack = search.has('before');
  if (before === null && !isBack) return null;
  const older = new URLSearchParams(search);
  older.set('before', String(before ?? 0));
  const newest = new URLSearchParams(search);
  newest.delete('before');
  return (
    <p className="older">
      {before === null ? (
        <span className="muted">these are the oldest</span>
      ) : (
        <Link to={`?${older}`} preventScrollReset>
          older ones
        </Link>
      )}
      {isBack ? (
        <Link to={`?${newest}`} preventScrollReset>
          back to the newest
        </Link>
      ) : null}
    </p>
  );
}
