import type { FlowText, RunningText } from '#engine/cli/desk.ts';
import { Chip } from '../components/chip.tsx';
import { Link } from '../components/link.tsx';
import type { Draft } from './use-draft.ts';

/** What of an editor is shown side by side; on a narrow screen one part at a time. */
export type EditorView = 'split' | 'yaml' | 'graph' | 'form';

const views: readonly (readonly [EditorView, string])[] = [
  ['split', 'Split'],
  ['yaml', 'YAML'],
  ['graph', 'Graph'],
  ['form', 'Form'],
];

/** How the text stands, in a word. */
function ValidityChip({ draft }: { readonly draft: Draft }) {
  const errors = draft.check.lints.filter(({ level }) => level === 'error').length;
  const warnings = draft.check.lints.length - errors;
  if (draft.problem !== null) return <Chip tone="alarm">not checked: {draft.problem}</Chip>;
  if (draft.isChecking) return <Chip>checking…</Chip>;
  if (errors > 0)
    return (
      <Chip tone="alarm">
        {errors} error{errors === 1 ? '' : 's'}
      </Chip>
    );
  if (warnings > 0)
    return (
      <Chip tone="caution">
        valid, {warnings} warning{warnings === 1 ? '' : 's'}
      </Chip>
    );
  return <Chip tone="ok">valid</Chip>;
}

/** What of a draft is not in the file, and what of it does not run. */
export function DifferenceChips({
  draft,
  running,
}: {
  readonly draft: Pick<Draft, 'text' | 'base'>;
  readonly running: RunningText | null;
}) {
  const isDirty = draft.text !== draft.base.text;
  return (
    <>
      {isDirty ? (
        <span data-testid="dirty">
          <Chip tone="caution">draft differs from the file</Chip>
        </span>
      ) : null}
      {running && draft.text !== running.text ? (
        <span data-testid="not-deployed">
          <Chip tone="caution">
            {`${isDirty ? 'draft' : 'file'} differs from version ${running.number}, which runs`}
          </Chip>
        </span>
      ) : null}
    </>
  );
}

/** Name, state and commands of the flow that is edited. */
export function EditorToolbar({
  flow,
  draft,
  running,
  said,
  isOperator,
  view,
  save,
  deploy,
  discard,
}: {
  readonly flow: FlowText;
  readonly draft: Draft;
  readonly running: RunningText | null;
  /** What the last command came to. */
  readonly said: string;
  readonly isOperator: boolean;
  readonly view: EditorView;
  readonly save: () => void;
  readonly deploy: () => void;
  readonly discard: () => void;
}) {
  const isDirty = draft.text !== draft.base.text;
  return (
    <div className="editor-bar">
      <h1>
        <Link to="/flows">flows</Link> / {flow.id}
      </h1>
      <span className="chips">
        {flow.isRunning ? <Chip tone="ok">running here</Chip> : <Chip>not running here</Chip>}
        <DifferenceChips draft={draft} running={running} />
        <span data-testid="validity">
          <ValidityChip draft={draft} />
        </span>
      </span>
      <span className="view-links">
        {views.map(([name, text]) => (
          <Link
            key={name}
            to={`?view=${name}`}
            replace
            preventScrollReset
            aria-current={name === view ? 'true' : undefined}
          >
            {text}
          </Link>
        ))}
      </span>
      <span className="commands">
        <span role="status" className="muted">
          {said}
        </span>
        <button type="button" onClick={discard} disabled={!isDirty || !isOperator}>
          Discard draft
        </button>
        <button type="button" onClick={save} disabled={!isDirty || !isOperator}>
          Save file
        </button>
        <button type="button" className="primary" onClick={deploy} disabled={!isOperator}>
          {flow.isRunning ? 'Deploy…' : 'Check and test…'}
        </button>
      </span>
    </div>
  );
}
