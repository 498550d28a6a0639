import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packVolumes, unpackVolumes } from './packed-volumes.ts';

test('gives every number back exactly', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true }), { maxLength: 40 }), (volumes) => {
      expect([...unpackVolumes(packVolumes(volumes))]).toEqual(volumes);
      expect(packVolumes(Float64Array.from(volumes))).toBe(packVolumes(volumes));
    }),
  );
});
