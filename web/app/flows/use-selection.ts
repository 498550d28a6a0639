import type { EditorView } from '@codemirror/view';
import { useEffect, useState } from 'react';
import { markNode } from './code-editor.ts';
import type { NodeSpan } from './patch.ts';
import type { FlowModel } from './use-flow-model.ts';

/** The node that is chosen, in text, picture and form alike. */
export interface Selection {
  readonly chosen: string | null;
  /** Where it stands; while the text is not YAML, where it last stood. */
  readonly span: NodeSpan | null;
  /** Chooses a node and shows its text. */
  readonly choose: (id: string) => void;
  /** Chooses the node a place of the text belongs to. */
  readonly chooseAt: (at: number) => void;
}

/** Keeps what is chosen, and marks it in the text. */
export function useSelection(
  view: EditorView | null,
  { spans, knownSpans }: Pick<FlowModel, 'spans' | 'knownSpans'>,
): Selection {
  const [chosen, setChosen] = useState<string | null>(null);
  const found = spans.find(({ id }) => id === chosen) ?? null;
  useEffect(() => {
    if (view) markNode(view, found, false);
  }, [view, found]);
  return {
    chosen,
    span: found ?? knownSpans.find(({ id }) => id === chosen) ?? null,
    choose: (id) => {
      setChosen(id);
      const target = spans.find((one) => one.id === id);
      if (view && target) markNode(view, target, true);
    },
    chooseAt: (at) => {
      const target = spans.find(({ from, to }) => at >= from && at <= to);
      if (target) setChosen(target.id);
    },
  };
}
