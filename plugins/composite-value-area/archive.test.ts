import { describe, expect, it } from 'vitest';
import {
  type Archived,
  type MergedRecord,
  type Newcomer,
  withArchived,
  withRecord,
} from './archive.ts';
import { config } from './config.ts';
import type { ValueOf } from './merge-mode.ts';

const c = config.parse({});
const before = { val: 100, vah: 140, poc: 120 };

function session(val: number, vah: number, more: Partial<Newcomer> = {}): Newcomer {
  const day = { val, vah, poc: Math.floor((val + vah) / 2) };
  return {
    tradeDate: '2025-11-19',
    short: false,
    close: 120,
    low: val - 5,
    high: vah + 5,
    day,
    before,
    after: { ...day, sessions: ['2025-11-19'] },
    ...more,
  };
}

const characterOf = (newcomer: Newcomer, archive: readonly Archived[] = []) =>
  withArchived(archive, newcomer, c).at(-1)!;

describe('character', () => {
  it.each([
    [
      'a close near the upper edge',
      session(145, 180, { close: 136 }),
      'higher',
      'breakout-pending',
    ],
    [
      'a close a tick too far from it',
      session(150, 180, { close: 135 }),
      'higher',
      'bullish-migration',
    ],
    ['a close near the lower edge', session(60, 90, { close: 104 }), 'lower', 'breakout-pending'],
    ['value unchanged', session(101, 139), 'unchanged', 'balanced-rotation'],
    ['value inside', session(110, 130), 'inside', 'balanced-rotation'],
    ['much overlap', session(110, 150), 'overlapping-higher', 'balanced-rotation'],
    ['value higher', session(125, 170), 'overlapping-higher', 'bullish-migration'],
    ['value lower', session(60, 112), 'overlapping-lower', 'bearish-migration'],
    [
      'value higher, its point of control not',
      session(125, 170, { day: { val: 125, vah: 170, poc: 119 } }),
      'overlapping-higher',
      'neutral',
    ],
    ['no composite to hold it against', session(125, 170, { before: null }), null, 'neutral'],
  ])('%s', (_name, newcomer, relation, character) => {
    expect(characterOf(newcomer)).toMatchObject({ relation, character });
  });

  it('is pending after a narrow session, once enough widths are known', () => {
    const wide = (count: number): Archived[] =>
      Array.from({ length: count }).reduce<Archived[]>(
        (archive) => withArchived(archive, session(125, 165), c),
        [],
      );
    const narrow = session(150, 169);
    expect(characterOf(narrow, wide(4)).character).toBe('bullish-migration');
    expect(characterOf(narrow, wide(5)).character).toBe('breakout-pending');
    expect(characterOf(session(150, 170), wide(5)).character).toBe('bullish-migration');
  });
});

it('keeps as many sessions as asked for', () => {
  const small = config.parse({ stackWindow: 2 });
  let archive: Archived[] = [];
  for (const tradeDate of ['a', 'b', 'c'])
    archive = withArchived(archive, session(1, 9, { tradeDate }), small);
  expect(archive.map(({ tradeDate }) => tradeDate)).toEqual(['b', 'c']);
});

describe('records', () => {
  const valueOf: ValueOf = (sessions) => ({ val: 0, vah: 100 * sessions.length, poc: 50 });
  const one = (tradeDate: string, sessions: string[], val: number, vah: number): Archived[] =>
    withArchived([], session(val, vah, { tradeDate, after: { val, vah, poc: val, sessions } }), c);
  const first = withRecord([], one('b', ['a', 'b'], 105, 138), ['a', 'b'], valueOf, c);

  it('merge neighbours of one character over their distinct sessions, value made anew', () => {
    const archive = [...one('b', ['a', 'b'], 105, 138), ...one('c', ['b', 'c'], 106, 139)];
    expect(withRecord(first, archive, ['a', 'b', 'c'], valueOf, c)).toEqual([
      { val: 0, vah: 300, poc: 50, character: 'balanced-rotation', sessions: ['a', 'b', 'c'] },
    ] satisfies MergedRecord[]);
  });

  it('leave with the last of their sessions', () => {
    const next = one('c', ['b', 'c'], 106, 139);
    expect(withRecord(first, next, ['a', 'b', 'c'], valueOf, c)).toMatchObject([
      { sessions: ['b', 'c'] },
    ]);
  });

  it('stay apart with another character, little overlap, or rows that are gone', () => {
    const archive = [...one('b', ['a', 'b'], 105, 138), ...one('c', ['b', 'c'], 106, 139)];
    expect(withRecord(first, archive, ['b', 'c'], valueOf, c)).toHaveLength(2);
    const far = [archive[0]!, ...one('c', ['b', 'c'], 150, 180)];
    expect(withRecord(first, far, ['a', 'b', 'c'], valueOf, c)).toHaveLength(2);
    const apart = [archive[0]!, { ...archive[1]!, vah: 300, val: 134 }];
    expect(withRecord(first, apart, ['a', 'b', 'c'], valueOf, c)).toHaveLength(2);
  });
});
