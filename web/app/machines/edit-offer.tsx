import { useState } from 'react';
import { useGo } from '../client/use-instrument.ts';
import { useIsViewer } from '../client/use-is-viewer.ts';
import type { EditView } from './edit-view.server.ts';

/** The change of one line that makes a condition so easy, and the way into the editor with it. */
export function EditOffer({ view }: { readonly view: EditView }) {
  const go = useGo();
  const isViewer = useIsViewer();
  const [problem, setProblem] = useState<string | null>(null);
  if ('reason' in view)
    return <p className="muted">No change of one number in the flow does this: {view.reason}.</p>;
  const { flow, file, line, before, after, objection } = view;
  const open = async (): Promise<void> => {
    const { draftWith } = await import('./open-draft.ts');
    const found = draftWith(view);
    setProblem(found);
    if (found === null) go(`/flows/${encodeURIComponent(flow)}`);
  };
  return (
    <div className="edit-offer" data-testid="edit-offer">
      <p>
        In the flow: <span className="num file-name">{file}</span>, line {line}
      </p>
      <pre className="edit-lines">
        {before === '' ? null : <del>- {before.trim()}</del>}
        <ins>+ {after.trim()}</ins>
      </pre>
      {objection === null ? null : (
        <p className="error-box" role="alert">
          The flow would refuse it: {objection}
        </p>
      )}
      {isViewer ? null : (
        <p>
          <button type="button" onClick={() => void open()}>
            Open as a draft in the editor
          </button>{' '}
          <span className="muted">
            nothing is saved and nothing deployed by that; whatever else reads this number changes
            with it
          </span>
        </p>
      )}
      {problem === null ? null : (
        <p className="error-box" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
