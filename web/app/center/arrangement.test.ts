import { describe, expect, it } from 'vitest';
import { firstArrangements, moved, placeOf, places, readArrangement } from './arrangement.ts';
import { panels } from './panel-list.tsx';

const { race } = firstArrangements;

describe('the arrangement of panels', () => {
  it('moves a panel inside its place, and no further than its ends', () => {
    expect(moved(race, 'regime', 'earlier').left).toEqual(['regime', 'feed', 'pressure', 'delta']);
    expect(moved(race, 'regime', 'later').left).toEqual(['feed', 'pressure', 'regime', 'delta']);
    expect(moved(race, 'feed', 'earlier')).toBe(race);
    expect(moved(race, 'delta', 'later')).toBe(race);
  });

  it('moves a panel to the place before or after, and no further than the first and last', () => {
    const after = moved(race, 'delta', 'after');
    expect([after.left, after.top]).toEqual([
      ['feed', 'regime', 'pressure'],
      ['lamps', 'delta'],
    ]);
    expect(moved(after, 'delta', 'before').left).toEqual(race.left);
    expect(moved(race, 'feed', 'before')).toBe(race);
    expect(moved(race, 'log', 'after')).toBe(race);
    expect(moved(race, 'nobody', 'after')).toBe(race);
    expect(placeOf(race, 'nobody')).toBeNull();
  });

  it('takes what was kept only with the panels there are', () => {
    const kept = JSON.parse(JSON.stringify(moved(race, 'delta', 'after'))) as unknown;
    expect(readArrangement(kept, race)?.top).toEqual(['lamps', 'delta']);
    expect(readArrangement({ ...race, left: ['feed'] }, race)).toBeNull();
    expect(readArrangement({ ...race, left: [...race.left, 'feed'] }, race)).toBeNull();
    expect(readArrangement({ ...race, left: 'feed' }, race)).toBeNull();
    for (const wrong of [null, undefined, 3, 'x', []])
      expect(readArrangement(wrong, race)).toBeNull();
  });

  it('names panels that there are, each once', () => {
    for (const arrangement of Object.values(firstArrangements)) {
      const ids = places.flatMap((place) => arrangement[place]);
      expect(ids.filter((id) => !panels.has(id))).toEqual([]);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});
