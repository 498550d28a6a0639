import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { characterKeys } from '../client/shortcuts.ts';
import { shortcutPages } from '../components/shortcut-pages.ts';
import { Keys } from './keys.tsx';

describe('the help on keys', () => {
  const html = renderToString(<Keys />).replaceAll('&#x27;', "'");
  const shown = [...html.matchAll(/<kbd>([^<]*)<\/kbd>/g)].map(([, key]) => key ?? '');

  it('lists every key the pages listen to', () => {
    const needed = [...characterKeys.keys(), ...shortcutPages.map(({ key }) => key)];
    const others = [
      'Ctrl',
      'Alt',
      'Home',
      'End',
      '[',
      ']',
      '{',
      '}',
      'g',
      'F2',
      '+',
      '-',
      '0',
      '1',
    ];
    const small = shown.map((key) => key.toLowerCase());
    for (const key of [...needed, ...others]) expect(small).toContain(key.toLowerCase());
  });

  it('says what each character does, in the words it is known by', () => {
    for (const { text } of characterKeys.values()) expect(html).toContain(text);
  });
});
