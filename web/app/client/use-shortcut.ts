import { useEffect } from 'react';
import type { ShortcutKind } from './shortcuts.ts';

/** Does what a key asks for; false when it is not for this part, so that another one or the browser gets it. */
type ShortcutHandler = () => boolean;

const handlers = new Map<ShortcutKind, Set<ShortcutHandler>>();

/** Listens for a key while the component is on the page. What was drawn last is asked first. */
export function useShortcut(kind: ShortcutKind, handler: ShortcutHandler): void {
  useEffect(() => {
    const set = handlers.get(kind) ?? new Set<ShortcutHandler>();
    handlers.set(kind, set);
    set.add(handler);
    return () => void set.delete(handler);
  }, [kind, handler]);
}

/** Offers a key to those who listen for it; false when nobody took it. */
export function offerShortcut(kind: ShortcutKind): boolean {
  return [...(handlers.get(kind) ?? [])].reverse().some((handler) => handler());
}
