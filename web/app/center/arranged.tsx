import { Fragment, useCallback, useMemo, useState } from 'react';
import { DeckContext, type MoveChoice } from '../components/deck.ts';
import {
  type Arrangement,
  type Move,
  moved,
  type Place,
  placeOf,
  placeWords,
} from './arrangement.ts';
import { Hypothesis } from './hypothesis.tsx';
import { useArrangement } from './kept-arrangement.ts';
import { aloneAddress, panels } from './panel-list.tsx';

const moves: readonly (readonly [move: Move, text: string, arrow: string])[] = [
  ['earlier', 'earlier in its place', '▲'],
  ['later', 'later in its place', '▼'],
  ['before', 'to the place before', '◄'],
  ['after', 'to the place after', '►'],
];

/** Whoever moved a panel by key goes on from its menu, wherever it stands now. */
function focusMenu(panel: string): void {
  requestAnimationFrame(() =>
    document.getElementById(panel)?.querySelector<HTMLElement>('.panel-menu')?.focus(),
  );
}

function saidOf(arrangement: Arrangement, panel: string): string {
  const place = placeOf(arrangement, panel);
  if (place === null) return '';
  const ids = arrangement[place];
  return `${panel}: ${placeWords[place]}, ${ids.indexOf(panel) + 1} of ${ids.length}`;
}

/** The panels of a layout where this browser keeps them, each with a menu to move it. */
export function Arranged({ layout }: { readonly layout: 'race' | 'qualifying' }) {
  const [arrangement, change] = useArrangement(layout);
  const [said, setSaid] = useState('');
  const movesOf = useCallback(
    (panel: string): readonly MoveChoice[] => {
      const take = (to: Arrangement | null, text: string): void => {
        change(to);
        setSaid(text);
        focusMenu(panel);
      };
      const choices = moves.map(([move, text, arrow]) => ({
        text,
        arrow,
        act: () => {
          const to = moved(arrangement, panel, move);
          take(to, saidOf(to, panel));
        },
      }));
      const back = () => take(null, 'all panels are back in their first places');
      return [...choices, { text: 'all panels back to their first places', arrow: '↺', act: back }];
    },
    [arrangement, change],
  );
  const deck = useMemo(() => ({ aloneOf: aloneAddress, movesOf }), [movesOf]);
  // In a running session only the first scenarios of the plan have room.
  const draw = (place: Place) =>
    arrangement[place].map((id) => (
      <Fragment key={id}>
        {id === 'hypothesis' && layout === 'race' ? <Hypothesis /> : panels.get(id)}
      </Fragment>
    ));
  return (
    <DeckContext.Provider value={deck}>
      <p className="hidden-visually" role="status">
        {said}
      </p>
      <div className={`center center-${layout}`}>
        <div className="area-left">{draw('left')}</div>
        <div className="area-middle">
          {draw('top')}
          <div className="wheel">{draw('row')}</div>
          {draw('bottom')}
        </div>
        <div className="area-right">{draw('right')}</div>
        <div className="area-foot">{draw('foot')}</div>
      </div>
    </DeckContext.Provider>
  );
}
