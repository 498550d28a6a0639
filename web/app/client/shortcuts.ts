import type { StepKeys } from '../../live/inspect.ts';

/** Keys that ask for one thing wherever they are pressed; whoever shows the thing listens (`use-shortcut.ts`). */
export type ShortcutKind =
  | 'palette'
  | 'help'
  | 'freeze'
  | 'sound'
  | 'acknowledge'
  | 'table'
  | 'recentre'
  | 'play'
  | 'oldest'
  | 'newest';

/** What a key asks for. None of them is a command to the market. */
export type Shortcut =
  | { readonly kind: 'go'; readonly to: string }
  | { readonly kind: 'panel'; readonly number: number }
  | { readonly kind: 'wait' }
  | { readonly kind: ShortcutKind };

/** Characters with what they ask for; the help lists them from here. `g` waits for the key of a page. */
export const characterKeys: ReadonlyMap<
  string,
  { readonly kind: ShortcutKind; readonly text: string }
> = new Map([
  ['?', { kind: 'help', text: 'this help' }],
  ['p', { kind: 'freeze', text: 'freeze the panel that has the focus, else the whole page' }],
  ['t', { kind: 'table', text: 'price: its bars as a table, and back' }],
  ['c', { kind: 'recentre', text: 'price: back to the newest bars, price scale fitted' }],
  ['a', { kind: 'acknowledge', text: 'acknowledge what the line on top asks to' }],
  ['y', { kind: 'play', text: 'machines: play a moment of the past, and pause' }],
  ['m', { kind: 'sound', text: 'sound on or off' }],
]);

/** Keys that write no character: they stay when characters are switched off. */
const otherKeys: ReadonlyMap<string, ShortcutKind> = new Map([
  ['Home', 'oldest'],
  ['End', 'newest'],
]);

/** What is known of a key that was pressed. */
export interface Pressed {
  readonly key: string;
  /** Place on the keyboard: with Alt the key itself may be another sign. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  /** Whether the key goes into a field. */
  readonly isWriting: boolean;
  /** False while a person has switched the keys that are characters off. */
  readonly areCharactersOn: boolean;
}

function readModified({
  key,
  code,
  ctrlKey,
  metaKey,
  altKey,
  isWriting,
}: Pressed): Shortcut | null {
  // A dialog that opens is of use while one writes, too.
  if (ctrlKey !== metaKey && !altKey) return key.toLowerCase() === 'k' ? { kind: 'palette' } : null;
  const number = altKey && !ctrlKey && !metaKey && !isWriting ? /^Digit([1-9])$/.exec(code) : null;
  return number ? { kind: 'panel', number: Number(number[1]) } : null;
}

/**
 * Reads a key; null when it means nothing here.
 *
 * @param isLed - The key before it was `g`.
 * @param pages - Pages by the key that goes there after `g`.
 */
export function readShortcut(
  pressed: Pressed,
  isLed: boolean,
  pages: readonly { readonly to: string; readonly key: string }[],
): Shortcut | null {
  const { key, ctrlKey, metaKey, altKey, isWriting } = pressed;
  if (ctrlKey || metaKey || altKey) return readModified(pressed);
  if (isWriting) return null;
  const other = otherKeys.get(key);
  if (other) return { kind: other };
  if (!pressed.areCharactersOn) return null;
  if (isLed) {
    const page = pages.find((candidate) => candidate.key === key);
    return page ? { kind: 'go', to: page.to } : null;
  }
  if (key === 'g') return { kind: 'wait' };
  const kind = characterKeys.get(key.toLowerCase())?.kind;
  return kind === undefined ? null : { kind };
}

const steps: ReadonlyMap<string, keyof StepKeys> = new Map([
  ['[', 'previous'],
  [']', 'next'],
  ['{', 'previousChange'],
  ['}', 'nextChange'],
]);

/** Reads a key of the inspector: which way it steps; null for one that steps nowhere. */
export function readStep(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'> & {
    readonly getModifierState: (name: 'AltGraph') => boolean;
  },
): keyof StepKeys | null {
  // Many keyboards have the brackets behind AltGr, which says it is Ctrl and Alt on some systems.
  const isCommand = event.ctrlKey || event.metaKey || event.altKey;
  if (isCommand && !event.getModifierState('AltGraph')) return null;
  // With shift the brackets are other signs on some keyboards.
  const key = event.shiftKey ? event.key.replace('[', '{').replace(']', '}') : event.key;
  return steps.get(key) ?? null;
}

const textFields =
  'input:not([type="range"], [type="checkbox"], [type="radio"], [type="submit"]), textarea, select';

/** Whether what has the focus takes text. */
export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest(textFields) !== null;
}

const keysOffItem = 'orderflow-keys-off';

/** Whether keys that are characters do anything in this browser. */
export function areCharactersOn(): boolean {
  return localStorage.getItem(keysOffItem) === null;
}

/** Switches keys that are characters on or off, for good. */
export function setCharactersOn(isOn: boolean): void {
  if (isOn) localStorage.removeItem(keysOffItem);
  else localStorage.setItem(keysOffItem, 'true');
}
