import { yaml } from '@codemirror/lang-yaml';
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { look, styleNonce, yamlColours } from './code-look.ts';

/** What differs between two texts, line by line, unchanged stretches folded. */
export function TextDifference({
  label,
  before,
  after,
}: {
  /** What differs from what. */
  readonly label: string;
  readonly before: string;
  readonly after: string;
}) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current) return;
    const view = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: after,
        extensions: [
          EditorView.cspNonce.of(styleNonce()),
          lineNumbers(),
          yaml(),
          yamlColours,
          look,
          EditorState.readOnly.of(true),
          EditorView.editable.of(false),
          EditorView.contentAttributes.of({
            'aria-label': label,
            tabindex: '0',
          }),
          unifiedMergeView({
            original: before,
            mergeControls: false,
            collapseUnchanged: { margin: 2, minSize: 4 },
          }),
        ],
      }),
    });
    return () => view.destroy();
  }, [label, before, after]);
  if (before === after) return <p className="muted">Nothing differs.</p>;
  return <div className="difference" ref={place} />;
}
