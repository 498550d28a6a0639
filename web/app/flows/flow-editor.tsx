import { useEffect, useMemo, useRef, useState } from 'react';
import type { FixableLint, FlowText, FlowVersion, RunningText } from '#engine/cli/desk.ts';
import { changedNodes } from './changed-nodes.ts';
import { changeText, goTo, placeOf, showLints } from './code-editor.ts';
import type { EditorFacts } from './completion.ts';
import { ConflictNotice } from './conflict-notice.tsx';
import { DeployPanel } from './deploy-panel.tsx';
import { EditorColumns } from './editor-columns.tsx';
import { EditorToolbar, type EditorView } from './editor-toolbar.tsx';
import type { DraftCheck } from './flow-api.ts';
import type { Places } from './graph-size.ts';
import { OtherDrafts } from './other-drafts.tsx';
import { ProblemList } from './problem-list.tsx';
import { replaceText, useCodeEditor } from './use-code-editor.ts';
import { useDraft } from './use-draft.ts';
import { useFlowModel } from './use-flow-model.ts';
import { useLayout } from './use-layout.ts';
import { useRunning } from './use-running.ts';
import { useSave } from './use-save.ts';
import { useSelection } from './use-selection.ts';
import { VersionList } from './version-list.tsx';
import { WhenCountsBeside } from './when-gutter.tsx';
import { withWireFixes } from './wire-fix.ts';

/** What an editor begins with. */
export interface FlowEditorProps {
  readonly flow: FlowText;
  readonly first: DraftCheck;
  readonly facts: EditorFacts;
  readonly versions: readonly FlowVersion[];
  /** The text that runs; null where this flow does not. */
  readonly running: RunningText | null;
  /** Where nodes were put by hand. */
  readonly moved: Places;
  readonly isOperator: boolean;
  readonly view: EditorView;
  /** The way into the run is open from the beginning. */
  readonly isDeploying: boolean;
}

/** The parts of an editor, tied together. */
function useEditor(props: FlowEditorProps) {
  const { flow, facts, versions, moved: put, isOperator } = props;
  const draft = useDraft(flow, props.first, isOperator);
  const model = useFlowModel(draft, isOperator);
  const moved = useRef<(at: number) => void>(() => {});
  const { place, view } = useCodeEditor(draft.text, facts, !isOperator, {
    changed: (text) => draft.setText(text),
    moved: (at) => moved.current(at),
  });
  const selection = useSelection(view, model);
  moved.current = (at) => selection.chooseAt(at);
  const { check } = draft;
  const lints = useMemo(
    () => (draft.isChecking ? check.lints : withWireFixes(draft.text, check.lints, facts)),
    [draft.isChecking, draft.text, check, facts],
  );
  useEffect(() => {
    if (view) showLints(view, flow.file, lints);
  }, [view, flow.file, lints]);
  const saving = useSave(flow.id, draft, versions);
  const fix = ({ quickFix }: FixableLint): void => {
    if (!view || !quickFix) return;
    const { from, to, insert } = quickFix;
    changeText(view, { from, to, insert });
    goTo(view, from + insert.length);
  };
  const layout = useLayout(flow.id, put, isOperator);
  const running = useRunning(flow.id, props.running, check.runningSha);
  const compared = running?.text ?? draft.base.text;
  const changed = useMemo(() => changedNodes(compared, draft.text), [compared, draft.text]);
  return { running, changed, draft, model, place, view, selection, saving, layout, lints, fix };
}

/** The editor of one flow: text, picture and form of the same thing. The text is the truth; the others patch it. */
export function FlowEditor(props: FlowEditorProps) {
  const { flow, facts, isOperator, view: shownView } = props;
  const made = useEditor(props);
  const { running, draft, view, saving, lints, fix } = made;
  const [isDeploying, setDeploying] = useState(props.isDeploying);
  const take = (text: string): void => replaceText(view, text);
  return (
    <div className="editor" data-view={shownView} data-testid="flow-editor">
      <EditorToolbar
        flow={flow}
        draft={draft}
        running={running}
        said={saving.said}
        isOperator={isOperator}
        view={shownView}
        save={() => void saving.save()}
        deploy={() => setDeploying(true)}
        discard={() => take(draft.base.text)}
      />
      <ConflictNotice flow={flow} draft={draft} take={take} />
      <OtherDrafts draft={draft} take={take} />
      {isDeploying ? (
        <DeployPanel
          flow={flow}
          draft={draft}
          running={running}
          close={() => setDeploying(false)}
          deployed={(version, sha) => {
            saving.settle(version, sha, version.what);
            setDeploying(false);
            draft.recheck();
          }}
        />
      ) : null}
      {running ? <WhenCountsBeside view={view} draft={draft.text} running={running.text} /> : null}
      <EditorColumns
        {...{ view, facts }}
        place={made.place}
        model={made.model}
        selection={made.selection}
        layout={made.layout}
        changed={made.changed}
        flow={flow.id}
        isLive={flow.isRunning}
        isHidden={isDeploying}
      />
      <section className="panel" aria-labelledby="problems-title" hidden={isDeploying}>
        <div className="panel-head">
          <h2 id="problems-title">Problems</h2>
        </div>
        <ProblemList
          lints={lints}
          canFix={isOperator && !draft.isChecking}
          onGo={(lint) => view && goTo(view, placeOf(view, lint))}
          onFix={fix}
        />
      </section>
      <VersionList
        flow={flow}
        versions={saving.versions}
        baseSha={draft.base.sha}
        canRestore={isOperator}
        restore={(text) => {
          take(text);
          setDeploying(true);
        }}
      />
    </div>
  );
}
