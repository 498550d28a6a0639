import { type Extension, Prec, StateEffect, StateField } from '@codemirror/state';
import { EditorView, hoverTooltip, keymap, showTooltip, type Tooltip } from '@codemirror/view';
import { type EditorFacts, hintAt } from './completion.ts';

type Hint = NonNullable<ReturnType<typeof hintAt>>;

/** Shows the hint of what the cursor is on; the help lists it. */
const hintKey = 'F2';

const nothing: Hint = { title: '', text: 'Nothing is known of what stands here.', detail: '' };

function draw({ title, text, detail }: Hint): HTMLElement {
  const dom = document.createElement('div');
  dom.className = 'cm-hint';
  for (const [tag, words] of [
    ['strong', title],
    ['div', text],
    ['code', detail],
  ] as const) {
    if (words === '') continue;
    const part = document.createElement(tag);
    part.textContent = words;
    dom.append(part);
  }
  return dom;
}

const showHint = StateEffect.define<Tooltip | null>();

/** The hint that was asked for by key; gone with the next change or step of the cursor. */
const asked = StateField.define<Tooltip | null>({
  create: () => null,
  update: (value, transaction) => {
    for (const effect of transaction.effects) if (effect.is(showHint)) return effect.value;
    return transaction.docChanged || transaction.selection ? null : value;
  },
  provide: (field) => showTooltip.from(field),
});

function show(view: EditorView, facts: EditorFacts): boolean {
  const pos = view.state.selection.main.head;
  const hint = hintAt(facts, view.state.doc.toString(), pos) ?? nothing;
  const words = [hint.title, hint.text, hint.detail].filter((text) => text !== '').join('. ');
  view.dispatch({
    effects: [
      showHint.of({ pos, above: true, create: () => ({ dom: draw(hint) }) }),
      // Who hears the page does not see what lies over the text.
      EditorView.announce.of(words),
    ],
  });
  return true;
}

function hide(view: EditorView): boolean {
  if (view.state.field(asked) === null) return false;
  view.dispatch({ effects: showHint.of(null) });
  return true;
}

/** What is known of a word of the text: under the pointer, and at the cursor by F2 until Escape. */
export function hints(facts: EditorFacts): Extension {
  return [
    hoverTooltip((view, pos) => {
      const hint = hintAt(facts, view.state.doc.toString(), pos);
      return hint ? { pos, above: true, create: () => ({ dom: draw(hint) }) } : null;
    }),
    asked,
    Prec.high(
      keymap.of([
        { key: hintKey, run: (view) => show(view, facts) },
        { key: 'Escape', run: hide },
      ]),
    ),
  ];
}
