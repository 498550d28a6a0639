import { useState } from 'react';
import type { FlowText, FlowVersion } from '#engine/cli/desk.ts';
import { Link } from '../components/link.tsx';
import { momentText } from './version-pair.ts';

const shownVersions = 12;

/** The texts that were saved or deployed, newest first, each to go back to. */
export function VersionList({
  flow,
  versions,
  baseSha,
  canRestore,
  restore,
}: {
  readonly flow: FlowText;
  readonly versions: readonly FlowVersion[];
  /** sha256 of the text the file has now: there is no going back to that. */
  readonly baseSha: string;
  readonly canRestore: boolean;
  /** Puts a text into the editor, from where it goes the way of every draft. */
  readonly restore: (text: string) => void;
}) {
  const [said, setSaid] = useState('');
  const [isAll, setAll] = useState(false);
  const fetchText = async (number: number): Promise<void> => {
    const response = await fetch(`/api/flows?id=${encodeURIComponent(flow.id)}&version=${number}`);
    if (!response.ok) {
      setSaid(`version ${number} could not be read`);
      return;
    }
    restore(((await response.json()) as { readonly text: string }).text);
    setSaid(`version ${number} is in the editor as a draft`);
  };
  return (
    <section className="panel versions" aria-labelledby="versions-title">
      <div className="panel-head">
        <h2 id="versions-title">Versions</h2>
        {versions.length < 2 ? null : <Link to={`/flows/${flow.id}/versions`}>compare</Link>}
        {versions.length <= shownVersions || isAll ? null : (
          <button type="button" onClick={() => setAll(true)}>
            Show all {versions.length}
          </button>
        )}
        <span role="status" className="muted meta">
          {said}
        </span>
      </div>
      {versions.length === 0 ? (
        <p className="muted">
          None yet: each save and each deployment is kept in the home folder from here on.
        </p>
      ) : (
        <ul className="version-list" data-testid="versions">
          {versions
            .slice(isAll ? 0 : -shownVersions)
            .reverse()
            .map(({ number, at, what, flowVersion, hash, sha }) => (
              <li key={number}>
                <strong className="num">{number}</strong>
                <span>{what}</span>
                <span className="num muted">{momentText(at)}</span>
                <span className="num muted">
                  {flowVersion} {hash === null ? '' : hash.slice(0, 8)}
                </span>
                {canRestore && sha !== baseSha ? (
                  <button type="button" onClick={() => void fetchText(number)}>
                    Go back to {number}
                  </button>
                ) : null}
              </li>
            ))}
        </ul>
      )}
    </section>
  );
}
