import type { OtherVersion } from '../../live/inspect.ts';
import { clockText, dateText } from '../format.ts';

const said: Readonly<Record<OtherVersion['fate'], string>> = {
  new: 'The flow had no such node then: it came',
  reset: 'Another machine ran then. This one began anew',
  migrated: 'An older machine ran then. Its state was migrated',
  kept: 'The same machine ran then, with other parameters. They changed',
  gone: 'It was taken out',
};

const noChart =
  'The chart of then is not kept, so none is drawn; states, log and numbers are those of the journal. Fields of the context that did not change meanwhile are not known and are left out.';

/** Says, of a moment before a changed flow took over, what is shown of the machine that ran then and what cannot be. */
export function VersionNote({
  other,
  zone,
}: {
  readonly other: OtherVersion;
  readonly zone: string;
}) {
  const { fate, ts, version, reason, changes } = other;
  const isSame = fate === 'kept';
  const why = isSame ? '' : ` (${reason})`;
  const list = changes.length === 0 ? '' : `: ${changes.join('; ')}`;
  const when = `version ${version} took over at ${dateText(zone, ts)} ${clockText(zone, ts)}`;
  return (
    <p className="moment-note" data-testid="version-note">
      {`${said[fate]} when ${when}${why}${list}. ${isSame ? '' : noChart}`}
    </p>
  );
}
