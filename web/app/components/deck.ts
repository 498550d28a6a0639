import { createContext } from 'react';

/** A page whose panels have a menu. */
export interface Deck {
  /** Where a panel is shown alone; null for one that is alone already. */
  readonly aloneOf: (panel: string) => string | null;
}

/** The deck a panel lies in; null on pages that are read. */
export const DeckContext = createContext<Deck | null>(null);
