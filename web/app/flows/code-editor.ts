import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, isolateHistory } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { FixableLint } from '#engine/cli/desk.ts';
import { hints } from './code-hints.ts';
import { look, styleNonce, yamlColours } from './code-look.ts';
import { type EditorFacts, proposalsAt } from './completion.ts';
import type { TextChange } from './patch.ts';
import { whenGutter } from './when-gutter.tsx';

/** The stretch of the node that is chosen. */
const choose = StateEffect.define<{ readonly from: number; readonly to: number } | null>();
const chosenLine = Decoration.line({ class: 'cm-chosen' });

const chosen = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    let next = value.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(choose)) continue;
      const builder = new RangeSetBuilder<Decoration>();
      const { doc } = transaction.state;
      if (effect.value) {
        const last = doc.lineAt(Math.min(effect.value.to, doc.length)).number;
        for (let n = doc.lineAt(Math.min(effect.value.from, doc.length)).number; n <= last; n += 1)
          builder.add(doc.line(n).from, doc.line(n).from, chosenLine);
      }
      next = builder.finish();
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function complete(facts: EditorFacts) {
  return (context: CompletionContext): CompletionResult | null => {
    const found = proposalsAt(facts, context.state.doc.toString(), context.pos);
    if (!found || (!context.explicit && found.from === context.pos && !isOpen(context)))
      return null;
    return {
      from: found.from,
      options: found.options.map(({ label, apply, detail, info }) => ({
        label,
        ...(apply === undefined ? {} : { apply }),
        ...(detail === undefined || detail === '' ? {} : { detail }),
        ...(info === undefined || info === '' ? {} : { info }),
      })),
      validFor: /^[\w.@^-]*$/,
    };
  };
}

/** Right behind a colon and a space, or behind `p.`, proposals come by themselves. */
function isOpen({ state, pos }: CompletionContext): boolean {
  return /(: |\b(p|ctx)\.)$/.test(state.sliceDoc(Math.max(0, pos - 5), pos));
}

/** What an editor is made with. */
export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly facts: EditorFacts;
  readonly isReadOnly: boolean;
  /** Told after each change of the text. */
  readonly changed: (text: string) => void;
  /** Told where the cursor went, when a person put it there. */
  readonly moved: (at: number) => void;
}

/** Makes the YAML editor of a flow. */
export function createEditor(options: EditorOptions): EditorView {
  const { parent, text, facts, isReadOnly, changed, moved } = options;
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(styleNonce()),
        lineNumbers(),
        whenGutter,
        lintGutter(),
        history(),
        bracketMatching(),
        indentOnInput(),
        indentUnit.of('  '),
        highlightActiveLine(),
        yaml(),
        yamlColours,
        look,
        chosen,
        autocompletion({ override: [complete(facts)], icons: false }),
        hints(facts),
        keymap.of([...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
        EditorState.readOnly.of(isReadOnly),
        EditorView.contentAttributes.of({ 'aria-label': 'YAML of the flow', tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed(update.state.doc.toString());
          if (update.selectionSet && !update.docChanged) moved(update.state.selection.main.head);
        }),
      ],
    }),
  });
}

/** Changes the text by a step of its own: one undo takes it back, and nothing that was typed just before it. */
export function changeText(view: EditorView, change: TextChange): void {
  view.dispatch({ changes: change, annotations: isolateHistory.of('full') });
}

/** Marks the stretch of a node; with `reveal` it is scrolled into view. */
export function markNode(
  view: EditorView,
  span: { readonly from: number; readonly to: number } | null,
  reveal: boolean,
): void {
  view.dispatch({
    effects: [
      choose.of(span),
      ...(span && reveal
        ? [EditorView.scrollIntoView(span.from, { y: 'start', yMargin: 60 })]
        : []),
    ],
  });
}

/** Puts the cursor at a place and looks there. */
export function goTo(view: EditorView, at: number): void {
  view.dispatch({
    selection: { anchor: at },
    effects: EditorView.scrollIntoView(at, { y: 'center' }),
  });
  view.focus();
}

function offsetOf(view: EditorView, line: number, col: number): number {
  const { doc } = view.state;
  const at = doc.line(Math.min(Math.max(1, line), doc.lines));
  return Math.min(at.to, at.from + Math.max(0, col - 1));
}

/** Returns where a mistake stands. */
export function placeOf(view: EditorView, lint: FixableLint): number {
  return offsetOf(view, lint.line, lint.col);
}

/** Underlines the mistakes of the text, each with what mends it. */
export function showLints(view: EditorView, file: string, lints: readonly FixableLint[]): void {
  const { doc } = view.state;
  const own = lints.filter((lint) => lint.file === file);
  const diagnostics = own.map((lint): Diagnostic => {
    const from = offsetOf(view, lint.line, lint.col);
    const line = doc.lineAt(from);
    const word = /^[^\s,{}[\]:]+/.exec(doc.sliceString(from, line.to))?.[0] ?? '';
    const { quickFix } = lint;
    return {
      from,
      to: Math.min(line.to, from + Math.max(1, word.length)),
      severity: lint.level,
      source: lint.code,
      message: lint.message,
      actions: quickFix
        ? [
            {
              name: quickFix.label,
              apply: (target) => {
                const { from: start, to, insert } = quickFix;
                changeText(target, { from: start, to, insert });
              },
            },
          ]
        : [],
    };
  });
  view.dispatch(setDiagnostics(view.state, diagnostics));
}
