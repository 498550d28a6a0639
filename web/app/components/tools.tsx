import { useNavigate } from '@remix-run/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { isTextField, keysOffItem, readShortcut } from '../client/shortcuts.ts';
import { Sounds } from '../client/sound.ts';
import { useFrozen, useLink, useLiveEvents, useLiveStore } from '../client/use-live.tsx';
import { shortcutPages } from './shortcut-pages.ts';

function useSounds(): readonly [isOn: boolean, toggle: () => void] {
  const [sounds] = useState(() => new Sounds());
  const [isOn, setOn] = useState(false);
  const events = useLiveEvents();
  const { state } = useLink();
  const heard = useRef(0);
  useEffect(() => {
    const last = events.at(-1);
    const fresh = events.filter(({ s, type }) => s > heard.current && type === 'signal').at(-1);
    heard.current = last?.s ?? heard.current;
    if (fresh) sounds.play(fresh.payload['side'] === 'short' ? 'signal-down' : 'signal-up');
  }, [events, sounds]);
  useEffect(() => {
    if (state === 'STALE' || state === 'DOWN') sounds.play('trouble');
  }, [state, sounds]);
  const toggle = useCallback(() => {
    sounds.set(!sounds.isOn);
    setOn(sounds.isOn);
  }, [sounds]);
  return [isOn, toggle];
}

function useKeys(isOn: boolean, freeze: () => void, sound: () => void): void {
  const navigate = useNavigate();
  useEffect(() => {
    if (!isOn) return;
    let isLed = false;
    const onKey = (event: KeyboardEvent): void => {
      const { key, ctrlKey, metaKey, altKey, target } = event;
      const pressed = { key, ctrlKey, metaKey, altKey, isWriting: isTextField(target) };
      const shortcut = readShortcut(pressed, isLed, shortcutPages);
      isLed = shortcut?.kind === 'wait';
      if (shortcut?.kind === 'go') navigate(shortcut.to);
      else if (shortcut?.kind === 'help') navigate('/help');
      else if (shortcut?.kind === 'freeze') freeze();
      else if (shortcut?.kind === 'sound') sound();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [isOn, navigate, freeze, sound]);
}

/** Switches of the window: stand still, sound, keys. They change what is seen and heard, nothing else. */
export function Tools() {
  const store = useLiveStore();
  const isFrozen = useFrozen();
  const [isSoundOn, toggleSound] = useSounds();
  const [areKeysOn, setKeysOn] = useState(true);
  const freeze = useCallback(() => store.freeze(!store.isFrozen), [store]);
  useEffect(() => setKeysOn(localStorage.getItem(keysOffItem) === null), []);
  useKeys(areKeysOn, freeze, toggleSound);
  const toggleKeys = (): void => {
    if (areKeysOn) localStorage.setItem(keysOffItem, 'true');
    else localStorage.removeItem(keysOffItem);
    setKeysOn(!areKeysOn);
  };
  return (
    <div className="tools">
      <button type="button" aria-pressed={isFrozen} onClick={freeze}>
        Freeze <kbd>P</kbd>
      </button>
      <button type="button" aria-pressed={isSoundOn} onClick={toggleSound}>
        Sound {isSoundOn ? 'on' : 'off'} <kbd>M</kbd>
      </button>
      <button type="button" aria-pressed={areKeysOn} onClick={toggleKeys}>
        Keys {areKeysOn ? 'on' : 'off'}
      </button>
    </div>
  );
}
