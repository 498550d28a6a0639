import { createContext } from 'react';

/** A button of the Move menu: what it does in words and as an arrow. */
export interface MoveChoice {
  readonly text: string;
  readonly arrow: string;
  readonly act: () => void;
}

/** A page whose panels have a menu. */
export interface Deck {
  /** Where a panel is shown alone; null for one that is alone already. */
  readonly aloneOf: (panel: string) => string | null;
  /** Where a panel may be moved; none where panels stand still. */
  readonly movesOf?: (panel: string) => readonly MoveChoice[];
}

/** The deck a panel lies in; null on pages that are read. */
export const DeckContext = createContext<Deck | null>(null);
