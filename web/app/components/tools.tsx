import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import {
  areCharactersOn,
  isTextField,
  readShortcut,
  type Shortcut,
  setCharactersOn,
} from '../client/shortcuts.ts';
import { type SoundState, Sounds, soundOf } from '../client/sound.ts';
import { useGo } from '../client/use-instrument.ts';
import { useFrozen, useHeardEvents, useIsOld, useLiveStore } from '../client/use-live.tsx';
import { offerShortcut, useShortcut } from '../client/use-shortcut.ts';
import { focusPanel, useNumbersOnAlt } from './panel-numbers.ts';
import { shortcutPages } from './shortcut-pages.ts';

const PaletteDialog = lazy(async () => ({
  default: (await import('./palette-dialog.tsx')).PaletteDialog,
}));

const soundTexts: Readonly<Record<SoundState, string>> = {
  off: 'Sound off',
  blocked: 'Sound blocked: click',
  on: 'Sound on',
};

function useSounds(): readonly [state: SoundState, toggle: () => void] {
  const [sounds] = useState(() => new Sounds());
  const [state, setState] = useState<SoundState>('off');
  const events = useHeardEvents();
  const isOld = useIsOld();
  const heard = useRef(0);
  useEffect(() => {
    sounds.onState = setState;
    sounds.takeUpWish();
  }, [sounds]);
  useEffect(() => {
    const last = events.at(-1);
    const sound = soundOf(events.filter(({ s }) => s > heard.current));
    // Another instrument, or run of the server, counts from one again.
    heard.current = last?.s ?? 0;
    if (sound !== null) void sounds.play(sound);
  }, [events, sounds]);
  useEffect(() => {
    // Once for a break: what is STALE first and DOWN later is one.
    if (isOld) void sounds.play('trouble');
  }, [isOld, sounds]);
  const toggle = useCallback(() => sounds.toggle(), [sounds]);
  return [state, toggle];
}

/** Gives a shortcut to whom it concerns; false when nobody has a use for it. */
function give(shortcut: Shortcut, navigate: (to: string) => void): boolean {
  switch (shortcut.kind) {
    case 'go':
      navigate(shortcut.to);
      return true;
    case 'panel':
      return focusPanel(shortcut.number);
    case 'wait':
      return true;
    default:
      return offerShortcut(shortcut.kind);
  }
}

/** Listens to the keyboard of the window; what is not for anybody here stays the browser's. */
function useKeys(isOn: boolean): void {
  const navigate = useGo();
  useEffect(() => {
    let isLed = false;
    const onKey = (event: KeyboardEvent): void => {
      const { key, code, ctrlKey, metaKey, altKey, target } = event;
      const isWriting = isTextField(target);
      const pressed = { key, code, ctrlKey, metaKey, altKey, isWriting, areCharactersOn: isOn };
      const shortcut = readShortcut(pressed, isLed, shortcutPages);
      isLed = shortcut?.kind === 'wait';
      if (shortcut !== null && give(shortcut, navigate)) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [isOn, navigate]);
}

/** A handler of a key that is always taken. */
function useTakenKey(kind: Parameters<typeof useShortcut>[0], act: () => void): void {
  useShortcut(
    kind,
    useCallback(() => {
      act();
      return true;
    }, [act]),
  );
}

function Palette({ isOpen, close }: { readonly isOpen: boolean; readonly close: () => void }) {
  if (!isOpen) return null;
  return (
    <Suspense fallback={null}>
      <PaletteDialog close={close} />
    </Suspense>
  );
}

/** Switches of the window: find, stand still, sound, keys. They change what is seen and heard, nothing else. */
export function Tools() {
  const store = useLiveStore();
  const navigate = useGo();
  const isFrozen = useFrozen();
  const [sound, toggleSound] = useSounds();
  const [areKeysOn, setKeysOn] = useState(true);
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const freeze = useCallback(() => store.freeze(!store.isFrozen), [store]);
  const openPalette = useCallback(() => setPaletteOpen(true), []);
  useEffect(() => setKeysOn(areCharactersOn()), []);
  useKeys(areKeysOn);
  useNumbersOnAlt();
  useTakenKey('freeze', freeze);
  useTakenKey('sound', toggleSound);
  useTakenKey('palette', openPalette);
  useTakenKey(
    'help',
    useCallback(() => navigate('/help/keys'), [navigate]),
  );
  const toggleKeys = (): void => {
    setCharactersOn(!areKeysOn);
    setKeysOn(!areKeysOn);
  };
  return (
    <div className="tools">
      <button type="button" aria-haspopup="dialog" onClick={openPalette}>
        Find <kbd>Ctrl K</kbd>
      </button>
      <button type="button" aria-pressed={isFrozen} onClick={freeze}>
        Freeze <kbd>P</kbd>
      </button>
      <button
        type="button"
        aria-pressed={sound === 'on'}
        className={sound === 'blocked' ? 'is-blocked' : ''}
        onClick={toggleSound}
        data-testid="sound"
      >
        {soundTexts[sound]} <kbd>M</kbd>
      </button>
      <button type="button" aria-pressed={areKeysOn} onClick={toggleKeys}>
        Keys {areKeysOn ? 'on' : 'off'}
      </button>
      <Palette isOpen={isPaletteOpen} close={() => setPaletteOpen(false)} />
    </div>
  );
}
