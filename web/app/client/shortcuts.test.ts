import { describe, expect, it } from 'vitest';
import { shortcutPages } from '../components/shortcut-pages.ts';
import { characterKeys, readShortcut, readStep } from './shortcuts.ts';

const plain = {
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isWriting: false,
  areCharactersOn: true,
};
const read = (key: string, more: object = {}, isLed = false) =>
  readShortcut({ ...plain, key, ...more }, isLed, shortcutPages);

describe('keys', () => {
  it('goes to a page after g', () => {
    expect(read('g')).toEqual({ kind: 'wait' });
    expect(read('m', {}, true)).toEqual({ kind: 'go', to: '/machines' });
    expect(read('x', {}, true)).toBeNull();
  });

  it('reads each character, small and large', () => {
    expect(['p', 'P', 'm', '?', 't', 'c', 'a', 'y'].map((key) => read(key)?.kind)).toEqual([
      'freeze',
      'freeze',
      'sound',
      'help',
      'table',
      'recentre',
      'acknowledge',
      'play',
    ]);
  });

  it('opens the palette with Ctrl K or Cmd K, while one writes too', () => {
    for (const more of [{ ctrlKey: true }, { metaKey: true }, { ctrlKey: true, isWriting: true }])
      expect(read('k', more)).toEqual({ kind: 'palette' });
    expect(read('k', { ctrlKey: true, altKey: true })).toBeNull();
    expect(read('k')).toBeNull();
  });

  it('counts panels with Alt, whatever sign the key is with it', () => {
    const alt = { altKey: true, code: 'Digit3' };
    expect(read('3', alt)).toEqual({ kind: 'panel', number: 3 });
    expect(read('£', alt)).toEqual({ kind: 'panel', number: 3 });
    expect(read('3', { ...alt, isWriting: true })).toBeNull();
    expect(read('0', { altKey: true, code: 'Digit0' })).toBeNull();
    expect(read('3', { code: 'Digit3' })).toBeNull();
  });

  it.each(['Escape', ' ', 'Enter', 'F8', 'F9', 'Delete'])('makes nothing of %j', (key) => {
    expect(read(key)).toBeNull();
    expect(read(key, {}, true)).toBeNull();
  });

  it('is dead where text is written and with a modifier', () => {
    for (const key of [...characterKeys.keys(), 'g', 'Home', 'End']) {
      expect(read(key, { isWriting: true })).toBeNull();
      for (const more of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }])
        expect(read(key, more)).toBeNull();
    }
  });

  it('leaves the keys that are no characters when characters are off', () => {
    const off = { areCharactersOn: false };
    for (const key of [...characterKeys.keys(), 'g']) expect(read(key, off)).toBeNull();
    expect(read('m', off, true)).toBeNull();
    expect(read('k', { ...off, ctrlKey: true })).toEqual({ kind: 'palette' });
    expect(read('2', { ...off, altKey: true, code: 'Digit2' })?.kind).toBe('panel');
    expect(read('Home', off)).toEqual({ kind: 'oldest' });
    expect(read('End', off)).toEqual({ kind: 'newest' });
  });

  it('has one key for each page', () => {
    expect(new Set(shortcutPages.map(({ key }) => key)).size).toBe(shortcutPages.length);
  });
});

describe('steps', () => {
  const step = (key: string, more: object = {}, isGraph = false) =>
    readStep({ ...plain, shiftKey: false, ...more, key, getModifierState: () => isGraph });

  it('goes by macrosteps, with shift by changes of state', () => {
    expect(['[', ']', '{', '}'].map((key) => step(key))).toEqual([
      'previous',
      'next',
      'previousChange',
      'nextChange',
    ]);
    expect(step('[', { shiftKey: true })).toBe('previousChange');
    expect(step('}', { shiftKey: true })).toBe('nextChange');
  });

  it('leaves brackets with Ctrl or Alt to the browser, unless AltGr writes them', () => {
    expect(step('[', { ctrlKey: true })).toBeNull();
    expect(step('[', { altKey: true })).toBeNull();
    expect(step('[', { altKey: true, ctrlKey: true }, true)).toBe('previous');
    expect(step('x')).toBeNull();
  });
});
