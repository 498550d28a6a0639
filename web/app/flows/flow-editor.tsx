import type { EditorView } from '@codemirror/view';
import {
  lazy,
  Suspense,
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { FixableLint, FlowText, FlowVersion } from '#engine/cli/desk.ts';
import { createEditor, goTo, markNode, placeOf, showLints } from './code-editor.ts';
import type { EditorFacts } from './completion.ts';
import { ConflictNotice } from './conflict-notice.tsx';
import { DeployPanel } from './deploy-panel.tsx';
import { EditorToolbar, type EditorView as View } from './editor-toolbar.tsx';
import { askFlow, type DraftCheck } from './flow-api.ts';
import { NodeForm, type WriteField } from './node-form.tsx';
import { nodeSpans, readDocument, removeAt, setAt } from './patch.ts';
import { ProblemList } from './problem-list.tsx';
import { type Draft, useDraft } from './use-draft.ts';
import { VersionList } from './version-list.tsx';

const FlowGraph = lazy(() =>
  import('./flow-graph.tsx').then((module) => ({ default: module.FlowGraph })),
);

/** Keeps an editor for as long as the page shows one; returns it once it is there. */
function useEditor(
  draft: Draft,
  facts: EditorFacts,
  isReadOnly: boolean,
  moved: (at: number) => void,
) {
  const place = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EditorView | null>(null);
  const latest = useRef({ changed: draft.setText, moved });
  latest.current = { changed: draft.setText, moved };
  const first = useRef(draft.text);
  useEffect(() => {
    if (!place.current) return;
    const made = createEditor({
      parent: place.current,
      text: first.current,
      facts,
      isReadOnly,
      changed: (text) => latest.current.changed(text),
      moved: (at) => latest.current.moved(at),
    });
    setView(made);
    return () => {
      first.current = made.state.doc.toString();
      made.destroy();
      setView(null);
    };
  }, [facts, isReadOnly]);
  return { place, view };
}

/** Replaces the whole text as one step of the editor's history. */
function replaceText(view: EditorView, text: string): void {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
}

function yamlErrorLine({ lints }: DraftCheck): number | null {
  return lints.find(({ code }) => code === 'WF002' || code === 'WF003')?.line ?? null;
}

/** What the graph shows, and the words above it when that is not what the text says now. */
function useGraph(draft: Draft) {
  const shown = draft.check.outline && draft.check.places ? draft.check : draft.lastValid;
  const firstError = draft.check.lints.find(({ level }) => level === 'error');
  const note =
    draft.check.outline || !firstError
      ? null
      : shown
        ? `showing the version before the error in line ${firstError.line}`
        : `no version without errors yet: the first is in line ${firstError.line}`;
  return { shown, note };
}

/** Counts mistakes by the node they stand in. */
function useProblemsByNode(draft: Draft, spans: ReturnType<typeof nodeSpans>) {
  return useMemo(() => {
    const lines = draft.text.split('\n');
    const starts: number[] = [];
    let at = 0;
    for (const line of lines) {
      starts.push(at);
      at += line.length + 1;
    }
    const counts = new Map<string, number>();
    for (const { line } of draft.check.lints) {
      const start = starts[line - 1] ?? 0;
      const span = spans.find(
        ({ from, to }) =>
          start <= to && start + 400 > from && from <= start + (lines[line - 1]?.length ?? 0),
      );
      if (span) counts.set(span.id, (counts.get(span.id) ?? 0) + 1);
    }
    return counts;
  }, [draft.text, draft.check.lints, spans]);
}

/** The editor of one flow: text, picture and form of the same thing. The text is the truth; the others patch it. */
export function FlowEditor({
  flow,
  first,
  facts,
  versions,
  isOperator,
  view: shownView,
}: {
  readonly flow: FlowText;
  readonly first: DraftCheck;
  readonly facts: EditorFacts;
  readonly versions: readonly FlowVersion[];
  readonly isOperator: boolean;
  readonly view: View;
}) {
  const draft = useDraft(flow, first, isOperator);
  const [chosen, setChosen] = useState<string | null>(null);
  const [isDeploying, setDeploying] = useState(false);
  const [said, setSaid] = useState('');
  const [kept, setKept] = useState(versions);
  const settled = useDeferredValue(draft.text);
  const spans = useMemo(() => nodeSpans(settled), [settled]);
  const document = useMemo(() => readDocument(settled)?.toJS() as unknown, [settled]);
  const [lastDocument, setLastDocument] = useState(document);
  useEffect(() => {
    if (document !== undefined) setLastDocument(document);
  }, [document]);
  const moved = useCallback(
    (at: number) => {
      const span = spans.find(({ from, to }) => at >= from && at <= to);
      if (span) setChosen(span.id);
    },
    [spans],
  );
  const { place, view } = useEditor(draft, facts, !isOperator, moved);
  const span = spans.find(({ id }) => id === chosen) ?? null;
  const { shown, note } = useGraph(draft);
  const problems = useProblemsByNode(draft, spans);

  useEffect(() => {
    if (view) showLints(view, flow.file, draft.check.lints);
  }, [view, flow.file, draft.check]);
  useEffect(() => {
    if (view) markNode(view, span, false);
  }, [view, span]);

  const chooseNode = useCallback(
    (id: string) => {
      setChosen(id);
      const target = spans.find((one) => one.id === id);
      if (view && target) markNode(view, target, true);
    },
    [spans, view],
  );
  const write: WriteField = (path, value) => {
    if (!view) return false;
    const text = view.state.doc.toString();
    const change = value === null ? removeAt(text, path) : setAt(text, path, value);
    if (change) view.dispatch({ changes: change, userEvent: 'input.form' });
    return change !== null;
  };
  const fix = ({ quickFix }: FixableLint): void => {
    if (!view || !quickFix) return;
    const { from, to, insert } = quickFix;
    view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length } });
    view.focus();
  };
  const settle = (version: FlowVersion, sha: string, words: string): void => {
    draft.rebase({ text: draft.text, sha });
    setKept((all) => [...all, version]);
    setSaid(words);
  };
  const save = async (): Promise<void> => {
    const { text, base } = draft;
    const answer = await askFlow('save', { id: flow.id, text, base: base.sha });
    if (!answer.ok) setSaid(`✖ ${answer.error}`);
    else if (answer.value.ok)
      settle(
        answer.value.version,
        answer.value.sha,
        `saved as version ${answer.value.version.number}`,
      );
    else setSaid(`✖ ${answer.value.reason}`);
  };
  const line = yamlErrorLine(draft.check);
  const lock = !isOperator
    ? 'a viewer looks and changes nothing'
    : document === undefined
      ? `the text is not YAML${line === null ? '' : ` (line ${line})`}: mend that first`
      : null;

  return (
    <div className="editor" data-view={shownView} data-testid="flow-editor">
      <EditorToolbar
        flow={flow}
        draft={draft}
        said={said}
        isOperator={isOperator}
        view={shownView}
        save={() => void save()}
        deploy={() => setDeploying(true)}
        discard={() => view && replaceText(view, draft.base.text)}
      />
      <ConflictNotice flow={flow} draft={draft} take={(text) => view && replaceText(view, text)} />
      {isDeploying ? (
        <DeployPanel
          flow={flow}
          draft={draft}
          close={() => setDeploying(false)}
          deployed={(version, sha) => {
            settle(version, sha, `deployed as version ${version.number}`);
            setDeploying(false);
          }}
          refused={({ reason }) => setSaid(`✖ ${reason}`)}
        />
      ) : null}
      <div className="editor-columns" hidden={isDeploying}>
        <section className="panel pane-yaml" aria-label="YAML">
          <div className="code-place" ref={place} />
        </section>
        <section className="panel pane-graph" aria-label="Graph">
          {note === null ? null : (
            <p className="graph-note" role="status" data-testid="graph-note">
              ◆ {note}
            </p>
          )}
          {shown?.outline && shown.places ? (
            <Suspense fallback={<p className="muted">Drawing…</p>}>
              <FlowGraph
                outline={shown.outline}
                places={shown.places}
                chosen={chosen}
                problems={problems}
                isLive={flow.isRunning}
                onChoose={chooseNode}
              />
            </Suspense>
          ) : null}
        </section>
        <section className="panel pane-form" aria-label="Chosen node">
          <NodeForm
            span={
              span ??
              (chosen === null
                ? null
                : (nodeSpans(draft.base.text).find(({ id }) => id === chosen) ?? null))
            }
            document={document ?? lastDocument}
            facts={facts}
            lock={lock}
            write={write}
          />
        </section>
      </div>
      <section
        className="panel pane-problems"
        aria-labelledby="problems-title"
        hidden={isDeploying}
      >
        <div className="panel-head">
          <h2 id="problems-title">Problems</h2>
        </div>
        <ProblemList
          lints={draft.check.lints}
          canFix={isOperator && !draft.isChecking}
          onGo={(lint) => view && goTo(view, placeOf(view, lint))}
          onFix={fix}
        />
      </section>
      <VersionList
        flow={flow}
        versions={kept}
        baseSha={draft.base.sha}
        canRestore={isOperator}
        restore={(text) => {
          if (!view) return;
          replaceText(view, text);
          if (flow.isRunning) setDeploying(true);
        }}
      />
    </div>
  );
}
