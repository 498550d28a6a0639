import { type ReactNode, useCallback, useId, useRef, useState } from 'react';
import { StillStore } from '../client/still-store.ts';
import { LiveStoreProvider, useLiveStore } from '../client/use-live.tsx';
import { useShortcut } from '../client/use-shortcut.ts';
import type { Deck, MoveChoice } from './deck.ts';
import { FrozenAge } from './frozen-age.tsx';
import { Link } from './link.tsx';
import { OldAge } from './old-age.tsx';
import { PanelFrame, type PanelParts } from './panel-frame.tsx';

/** What a panel shows while it stands still: its store as it was, and what was drawn above the store. */
interface Held {
  readonly store: StillStore;
  readonly children: ReactNode;
  /** By the browser's own clock, in milliseconds. */
  readonly at: number;
}

function useHeld(children: ReactNode): readonly [held: Held | null, toggle: () => void] {
  const store = useLiveStore();
  const [held, setHeld] = useState<Held | null>(null);
  const newest = useRef(children);
  newest.current = children;
  const toggle = useCallback(
    () =>
      setHeld((now) =>
        now === null
          ? { store: new StillStore(store), children: newest.current, at: performance.now() }
          : null,
      ),
    [store],
  );
  return [held, toggle];
}

/** What stands beside the title: since when it stands still, and how old it is. */
function Marks({ at }: { readonly at: number | null }) {
  return (
    <>
      {at === null ? null : <FrozenAge since={at} />}
      <OldAge />
    </>
  );
}

function OpenAlone({ to }: { readonly to: string | null }) {
  if (to === null) return null;
  return (
    <Link className="button" to={to} target="_blank" rel="noopener">
      Open alone<span className="hidden-visually"> in a window of its own</span> ↗
    </Link>
  );
}

const noMoves: readonly MoveChoice[] = [];

/** The Move menu: arrows for those who drag nothing. */
function Moves({
  title,
  moves,
}: {
  readonly title: string;
  readonly moves: readonly MoveChoice[];
}) {
  if (moves.length === 0) return null;
  return (
    <fieldset className="panel-moves">
      <legend>Move</legend>
      {moves.map(({ text, arrow, act }) => (
        <button
          key={text}
          type="button"
          aria-label={`${title}: ${text}`}
          title={text}
          onClick={act}
        >
          {arrow}
        </button>
      ))}
    </fieldset>
  );
}

function classOf({ className = '' }: PanelParts, isLive: boolean, isFrozen: boolean): string {
  return `${className}${isLive ? ' panel-live' : ''}${isFrozen ? ' is-frozen' : ''}`.trim();
}

/** A panel of a deck: it has a menu, and `P` makes it stand still while the focus is inside. */
export function LivePanel({
  parts,
  deck,
  canFreeze,
}: {
  readonly parts: PanelParts;
  readonly deck: Deck;
  /** False for one that shows nothing that moves, or that is there to be used. */
  readonly canFreeze: boolean;
}) {
  const { id, title, children } = parts;
  const box = useRef<HTMLElement>(null);
  const store = useLiveStore();
  const [held, toggle] = useHeld(children);
  const [isOpen, setOpen] = useState(false);
  const listId = useId();
  const alone = deck.aloneOf(id);
  const takeKey = useCallback(() => {
    if (!canFreeze || !box.current?.contains(document.activeElement)) return false;
    toggle();
    return true;
  }, [canFreeze, toggle]);
  useShortcut('freeze', takeKey);
  const shown = { ...parts, children: held === null ? children : held.children };
  const className = classOf(parts, canFreeze, held !== null);
  return (
    <LiveStoreProvider store={held?.store ?? store}>
      <PanelFrame
        parts={{ ...shown, className }}
        box={box}
        marks={canFreeze ? <Marks at={held?.at ?? null} /> : null}
        menu={
          canFreeze || alone !== null ? (
            <button
              type="button"
              className="panel-menu"
              aria-label={`${title}: menu`}
              aria-expanded={isOpen}
              aria-controls={listId}
              onClick={() => setOpen(!isOpen)}
            >
              ⋯
            </button>
          ) : null
        }
        below={
          <div id={listId} className="panel-tools" hidden={!isOpen}>
            {canFreeze ? (
              <button type="button" aria-pressed={held !== null} onClick={toggle}>
                Freeze <kbd>P</kbd>
              </button>
            ) : null}
            <OpenAlone to={alone} />
            <Moves title={title} moves={deck.movesOf?.(id) ?? noMoves} />
          </div>
        }
      />
    </LiveStoreProvider>
  );
}
