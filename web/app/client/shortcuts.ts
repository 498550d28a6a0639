/** What a key asks for. None of them is a command to the market. */
export type Shortcut =
  | { readonly kind: 'go'; readonly to: string }
  | { readonly kind: 'freeze' | 'sound' | 'help' | 'wait' };

/** `g` waits for the key of a page. */
const singleKeys: ReadonlyMap<string, 'wait' | 'freeze' | 'sound' | 'help'> = new Map([
  ['g', 'wait'],
  ['p', 'freeze'],
  ['m', 'sound'],
  ['?', 'help'],
]);

/** Keys are dead where text is written, and with a modifier they are the browser's. */
interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  /** Whether the key goes into a field. */
  readonly isWriting: boolean;
}

/**
 * Reads a key; null when it means nothing here.
 *
 * @param isLed - The key before it was `g`.
 * @param pages - Pages by the key that goes there after `g`.
 */
export function readShortcut(
  { key, ctrlKey, metaKey, altKey, isWriting }: Pressed,
  isLed: boolean,
  pages: readonly { readonly to: string; readonly key: string }[],
): Shortcut | null {
  if (isWriting || ctrlKey || metaKey || altKey) return null;
  if (isLed) {
    const page = pages.find((candidate) => candidate.key === key);
    return page ? { kind: 'go', to: page.to } : null;
  }
  const kind = singleKeys.get(key.toLowerCase());
  return kind === undefined ? null : { kind };
}

/** Whether what has the focus takes text. */
export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('input, textarea, select') !== null;
}

/** Item of the browser's storage that is there while a person has switched the keys off. */
export const keysOffItem = 'orderflow-keys-off';
