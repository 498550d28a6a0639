import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeProfiles, type Profile, subtractProfile, totalVolume } from './volume-profile.ts';

const profile = fc.record({
  low: fc.integer({ min: -20, max: 20 }),
  volumes: fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 30 }),
});

/** Rows with volume, by tick: two profiles are equal when these are. */
function rowsOf({ low, volumes }: Profile): Record<number, number> {
  return Object.fromEntries(
    Array.from(volumes, (v, i) => [low + i, v] as const).filter(([, v]) => v > 0),
  );
}

test('merging and taking away again gives the first profile back', () => {
  fc.assert(
    fc.property(profile, profile, (a, b) => {
      const rest = subtractProfile(mergeProfiles([a, b]), b);
      expect(rowsOf(rest)).toEqual(rowsOf(a));
      expect([rest.volumes[0], rest.volumes.at(-1)]).not.toContain(0);
    }),
  );
});

test('the order of merging and of taking away makes no difference', () => {
  fc.assert(
    fc.property(profile, profile, profile, (a, b, c) => {
      const whole = mergeProfiles([a, b, c]);
      expect(whole).toEqual(mergeProfiles([c, a, b]));
      expect(mergeProfiles([mergeProfiles([a, b]), c]).volumes).toEqual(whole.volumes);
      expect(subtractProfile(subtractProfile(whole, b), c)).toEqual(
        subtractProfile(subtractProfile(whole, c), b),
      );
      expect(totalVolume(subtractProfile(whole, b))).toBe(totalVolume(a) + totalVolume(c));
    }),
  );
});

test('rounding of spread bars leaves nothing behind', () => {
  const share = { low: 0, volumes: [0.1, 0.1] };
  const whole = mergeProfiles([share, share, share]);
  const rest = subtractProfile(subtractProfile(whole, share), { low: 0, volumes: [0.2, 0.2] });
  expect(rest).toEqual({ low: 0, volumes: new Float64Array(0) });
});

test.each([
  ['more in a row', { low: 0, volumes: [3] }],
  ['a row beyond the whole', { low: 2, volumes: [1] }],
])('refuses a part that is not inside: %s', (_name, part) => {
  expect(() => subtractProfile({ low: 0, volumes: [2, 2] }, part)).toThrow(
    'a part of a profile is inside it',
  );
});
