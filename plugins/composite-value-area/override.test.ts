import { describe, expect, it } from 'vitest';
import { compositeOf, type Merging, type ValueOf } from './merge-mode.ts';
import { override } from './override.ts';

const limits = { maxSessions: 6 };
const valueOf: ValueOf = (sessions) => ({ val: 0, vah: sessions.length, poc: 0 });
const of = (...sessions: string[]) => compositeOf(sessions, valueOf, limits);
const before: Merging = {
  composites: [{ ...of('01', '02'), frozen: true }, of('03', '04', '05')],
  candidate: '06',
};
const known = ['01', '02', '03', '04', '05', '06'];
const ask = (action: 'merge' | 'split', tradeDate: string, m = before, rows = known, c = limits) =>
  override(m, { action, tradeDate, reason: 'one auction' }, rows, valueOf, c);

it('splits the newest composite before a session', () => {
  const { merging } = ask('split', '05');
  expect(
    merging!.composites.map(({ sessions, frozen, override: why }) => [sessions, frozen, why]),
  ).toEqual([
    [['01', '02'], true, null],
    [['03', '04'], true, 'one auction'],
    [['05'], false, 'one auction'],
  ]);
  expect(merging!.candidate).toBe('06');
});

it('merges the newest composite with the one before it, at the cost of nothing else', () => {
  const { merging } = ask('merge', '04');
  expect(merging!.composites).toEqual([
    { ...of('01', '02', '03', '04', '05'), override: 'one auction' },
  ]);
  expect(merging!.candidate).toBe('06');
});

it('takes the candidate into the newest composite', () => {
  const { merging } = ask('merge', '06');
  expect(merging!.composites.at(-1)!.sessions).toEqual(['03', '04', '05', '06']);
  expect(merging!.candidate).toBeNull();
});

it('freezes what is full after a merge', () => {
  const { merging } = ask('merge', '04', before, known, { maxSessions: 5 });
  expect(merging!.composites.at(-1)!.frozen).toBe(true);
});

describe('refuses, and says why', () => {
  const one: Merging = { composites: [of('01', '02', '03')], candidate: null };
  it.each([
    [
      'nothing there',
      ask('merge', '01', { composites: [], candidate: null }),
      'there is no composite yet',
    ],
    ['an older session', ask('split', '02'), 'the newest composite does not hold that session'],
    [
      'a split at the candidate',
      ask('split', '06'),
      'the newest composite does not hold that session',
    ],
    ['a split too early', ask('split', '04'), 'a split leaves two sessions before it'],
    ['nothing before it', ask('merge', '02', one), 'there is no composite before it'],
    [
      'too many',
      ask('merge', '04', before, known, { maxSessions: 4 }),
      'too many sessions for one composite',
    ],
    [
      'rows gone',
      ask('merge', '04', before, known.slice(1)),
      'the rows of these sessions are no longer kept',
    ],
  ])('%s', (_name, result, refusal) => {
    expect(result).toEqual({ merging: null, refusal });
  });
});
