import { describe, expect, it } from 'vitest';
import { alignColumns, cutLine, wrapWords } from './text-table.ts';

describe('text in columns', () => {
  it('is aligned, with chosen columns to the right', () => {
    expect(
      alignColumns(
        [
          ['name', 'count', 'what'],
          ['a', '12', 'x y'],
        ],
        [1],
      ),
    ).toEqual(['name  count  what', 'a        12  x y']);
  });

  it('is cut with a mark', () => {
    expect(cutLine('abcdef', 4)).toBe('abc…');
    expect(cutLine('abcd', 4)).toBe('abcd');
  });

  it('is broken between words', () => {
    expect(wrapWords('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapWords('overlong word', 4)).toEqual(['overlong', 'word']);
  });
});
