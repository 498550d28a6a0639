import type { EditorView } from '@codemirror/view';
import { lazy, type RefObject, Suspense } from 'react';
import { changeText } from './code-editor.ts';
import type { EditorFacts } from './completion.ts';
import { NodeForm, type WriteField } from './node-form.tsx';
import { removeAt, setAt } from './patch.ts';
import type { FlowModel } from './use-flow-model.ts';
import type { Layout } from './use-layout.ts';
import type { Selection } from './use-selection.ts';

const FlowGraph = lazy(() =>
  import('./flow-graph.tsx').then((module) => ({ default: module.FlowGraph })),
);

/** Why the picture is not of the text as it stands. */
function GraphNote({ note }: { readonly note: string | null }) {
  if (note === null) return null;
  return (
    <p className="graph-note" role="status" data-testid="graph-note">
      ◆ {note}
    </p>
  );
}

/** Text, picture and form side by side. */
export function EditorColumns({
  place,
  view,
  model,
  selection,
  layout,
  facts,
  changed,
  flow,
  isLive,
  isHidden,
}: {
  /** Where the text editor is put. */
  readonly place: RefObject<HTMLDivElement>;
  readonly view: EditorView | null;
  readonly model: FlowModel;
  readonly selection: Selection;
  readonly layout: Layout;
  readonly facts: EditorFacts;
  /** Nodes that the draft has otherwise than what it is compared with. */
  readonly changed: ReadonlySet<string>;
  /** Name of the flow's file. */
  readonly flow: string;
  /** The flow runs here: nodes show the states they are in. */
  readonly isLive: boolean;
  readonly isHidden: boolean;
}) {
  const write: WriteField = (path, value) => {
    if (!view) return false;
    const text = view.state.doc.toString();
    const change = value === null ? removeAt(text, path) : setAt(text, path, value);
    if (change) changeText(view, change);
    return change !== null;
  };
  const { shown, note, problems, document, lock } = model;
  return (
    <div className="editor-columns" hidden={isHidden}>
      <section className="panel pane-yaml" aria-label="YAML">
        <div className="code-place" ref={place} />
      </section>
      <section className="panel pane-graph" aria-label="Graph">
        <GraphNote note={note} />
        {shown?.outline && shown.places ? (
          <Suspense fallback={<p className="muted">Drawing…</p>}>
            <FlowGraph
              {...{ layout, problems, changed, isLive }}
              outline={shown.outline}
              places={shown.places}
              chosen={selection.chosen}
              onChoose={selection.choose}
            />
          </Suspense>
        ) : null}
      </section>
      <section className="panel pane-form" aria-label="Chosen node">
        <NodeForm span={selection.span} {...{ document, facts, lock, flow, isLive, write }} />
      </section>
    </div>
  );
}
