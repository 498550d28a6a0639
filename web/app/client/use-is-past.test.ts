import { expect, it } from 'vitest';
import { showsPast } from './use-is-past.ts';

it('knows a page that shows the past by its address', () => {
  const past = (path: string, text: string): boolean => showsPast(path, new URLSearchParams(text));
  expect(past('/machines', 'time=10:04')).toBe(true);
  expect(past('/machines/eighty', 'tab=log&at=5')).toBe(true);
  expect(past('/machines/eighty', 'tab=log')).toBe(false);
  // There it is the time that is asked about, not one the page is of.
  expect(past('/why', 'at=10:04')).toBe(false);
});
