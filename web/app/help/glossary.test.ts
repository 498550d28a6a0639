import { describe, expect, it } from 'vitest';
import { glossary, readGlossary } from './glossary.server.ts';

describe('the glossary', () => {
  it('reads chapters, words and meanings without the marks of a file', () => {
    const text =
      '# G\n\n## A\n\n| word | meaning |\n|---|---|\n| `x`, y | *one* thing |\n## B\n| z | 2 |';
    expect(readGlossary(text)).toEqual([
      { chapter: 'A', word: 'x, y', meaning: 'one thing' },
      { chapter: 'B', word: 'z', meaning: '2' },
    ]);
  });

  it('knows the words the pages use, and no word twice', () => {
    const words = glossary.map(({ word }) => word);
    for (const word of ['near miss', 'macrostep', 'verdict', 'tick', 'composite value area (CVA)'])
      expect(words).toContain(word);
    expect(new Set(words).size).toBe(words.length);
  });
});
