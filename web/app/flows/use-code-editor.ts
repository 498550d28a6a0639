import type { EditorView } from '@codemirror/view';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { changeText, createEditor } from './code-editor.ts';
import type { EditorFacts } from './completion.ts';

/** What an editor tells of. */
interface Listeners {
  readonly changed: (text: string) => void;
  readonly moved: (at: number) => void;
}

/** Keeps an editor for as long as the page shows one; the view is there once the page has made it. */
export function useCodeEditor(
  text: string,
  facts: EditorFacts,
  isReadOnly: boolean,
  listeners: Listeners,
): { readonly place: RefObject<HTMLDivElement>; readonly view: EditorView | null } {
  const place = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EditorView | null>(null);
  const latest = useRef(listeners);
  latest.current = listeners;
  const first = useRef(text);
  useEffect(() => {
    if (!place.current) return;
    const made = createEditor({
      parent: place.current,
      text: first.current,
      facts,
      isReadOnly,
      changed: (next) => latest.current.changed(next),
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
export function replaceText(view: EditorView | null, text: string): void {
  if (view) changeText(view, { from: 0, to: view.state.doc.length, insert: text });
}
