import { type EditorState, RangeSet, StateEffect, StateField } from '@codemirror/state';
import { type EditorView, GutterMarker, gutter } from '@codemirror/view';
import { useDeferredValue, useEffect, useMemo } from 'react';
import { useKept } from '../client/use-instrument.ts';
import { usePolled } from '../client/use-polled.ts';
import { countsBeside, type WhenCount, type WhenCounts, whenLines } from './when-lines.ts';

const everyMs = 3_000;

class CountMarker extends GutterMarker {
  private readonly count: WhenCount;

  constructor(count: WhenCount) {
    super();
    this.count = count;
  }

  override eq(other: CountMarker): boolean {
    return other.count.passed === this.count.passed && other.count.asked === this.count.asked;
  }

  override toDOM(): Node {
    const { passed, asked } = this.count;
    const place = document.createElement('span');
    place.textContent = `${passed}/${asked}`;
    place.title = `held ${passed} of the ${asked} times it was asked in this trade day, as it runs`;
    return place;
  }
}

const setCounts = StateEffect.define<RangeSet<GutterMarker>>();

const counts = StateField.define<RangeSet<GutterMarker>>({
  create: () => RangeSet.empty,
  update: (value, transaction) => {
    for (const effect of transaction.effects) if (effect.is(setCounts)) return effect.value;
    // Until it is known whether the changed text still asks the same, nothing is claimed.
    return transaction.docChanged ? RangeSet.empty : value;
  },
});

/** As wide as a count, while there are any: the text does not move as one scrolls to them. */
const widest = new CountMarker({ passed: 999, asked: 9_999 });
const narrow = new (class extends GutterMarker {})();
const spacerOf = ({ state }: { readonly state: EditorState }): GutterMarker =>
  state.field(counts).size > 0 ? widest : narrow;

/** The column beside the text in which it stands how often each `when:` held. */
export const whenGutter = [
  counts,
  gutter({
    class: 'cm-when',
    markers: (view) => view.state.field(counts),
    initialSpacer: spacerOf,
    updateSpacer: (_, update) => spacerOf(update),
  }),
];

/** Fills that column from what runs; draws nothing itself. */
export function WhenCountsBeside({
  view,
  draft,
  running,
}: {
  readonly view: EditorView | null;
  readonly draft: string;
  /** The text that runs. */
  readonly running: string;
}) {
  const { value } = usePolled<{ readonly counts: WhenCounts }>(
    useKept('/api/when-counts'),
    everyMs,
  );
  const text = useDeferredValue(draft);
  const own = useMemo(() => whenLines(text), [text]);
  const compared = useMemo(() => whenLines(running), [running]);
  useEffect(() => {
    if (!view || !value || view.state.doc.toString() !== text) return;
    const found = countsBeside(own, compared, value.counts);
    const marks = found.map((count) =>
      new CountMarker(count).range(view.state.doc.lineAt(count.at).from),
    );
    view.dispatch({ effects: setCounts.of(RangeSet.of(marks, true)) });
  }, [view, value, text, own, compared]);
  return null;
}
