import { expect, it } from 'vitest';
import { holdsWords } from './search.ts';

it('looks for every word, in any order and case', () => {
  expect(holdsWords(['Value area', 'where most traded'], 'TRADED value')).toBe(true);
  expect(holdsWords(['Value area'], 'value traded')).toBe(false);
  expect(holdsWords(['Value area'], '  ')).toBe(true);
});
