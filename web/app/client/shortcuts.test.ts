import { describe, expect, it } from 'vitest';
import { shortcutPages } from '../components/shortcut-pages.ts';
import { readShortcut } from './shortcuts.ts';

const plain = { ctrlKey: false, metaKey: false, altKey: false, isWriting: false };
const read = (key: string, more: object = {}, isLed = false) =>
  readShortcut({ ...plain, key, ...more }, isLed, shortcutPages);

describe('keys', () => {
  it('goes to a page after g', () => {
    expect(read('g')).toEqual({ kind: 'wait' });
    expect(read('m', {}, true)).toEqual({ kind: 'go', to: '/machines' });
    expect(read('x', {}, true)).toBeNull();
  });

  it('freezes, makes sound and helps', () => {
    expect(['p', 'P', 'm', '?'].map((key) => read(key)?.kind)).toEqual([
      'freeze',
      'freeze',
      'sound',
      'help',
    ]);
  });

  it.each(['Escape', ' ', 'Enter', 'F8', 'F9', 'Delete'])('makes nothing of %j', (key) => {
    expect(read(key)).toBeNull();
    expect(read(key, {}, true)).toBeNull();
  });

  it('is dead where text is written and with a modifier', () => {
    for (const more of [
      { isWriting: true },
      { ctrlKey: true },
      { metaKey: true },
      { altKey: true },
    ])
      expect(read('p', more)).toBeNull();
  });

  it('has one key for each page', () => {
    expect(new Set(shortcutPages.map(({ key }) => key)).size).toBe(shortcutPages.length);
  });
});
