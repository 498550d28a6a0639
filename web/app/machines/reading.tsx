import { grouped } from '../format.ts';

/** How far the journal is read; nothing once it is. */
export function Reading({
  reading,
}: {
  readonly reading: { readonly read: number; readonly all: number } | null;
}) {
  if (!reading) return null;
  const { read, all } = reading;
  return (
    <p className="reading" role="status">
      Reading the journal: {grouped(read)} of {grouped(all)} macrosteps.{' '}
      <progress value={read} max={Math.max(1, all)} aria-label="journal read" />
    </p>
  );
}
