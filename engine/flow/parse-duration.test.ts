import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from './parse-duration.ts';

test.each([
  ['250ms', 250_000],
  ['90s', 90_000_000],
  ['10m', 600_000_000],
  ['2h', 7_200_000_000],
  ['1.5h', 5_400_000_000],
  ['0s', 0],
])('%s is %i microseconds', (text, micros) => {
  expect(parseDuration(text)).toBe(micros);
});

test.each(['', '10', 's', '10 m', '-1s', '1d', '10M', '1.s', 'ten'])(
  "'%s' is no duration",
  (text) => {
    expect(parseDuration(text)).toBeNull();
  },
);

test('a written duration reads as itself', () => {
  for (const text of ['250ms', '90s', '10m', '23h', '1.5ms'])
    expect(formatDuration(parseDuration(text)!)).toBe(text);
});
