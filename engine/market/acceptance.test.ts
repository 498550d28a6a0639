import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Acceptance,
  beginAcceptance,
  closeAcceptance,
  crossAcceptance,
  endAcceptance,
  waitingAcceptance,
} from './acceptance.ts';
import { microsPerMinute } from './time.ts';

const level = 100;
const half = 30 * microsPerMinute;

/** Closes of adjacent periods; the period trades from its close to `reach`, 101 unless told. */
function closesOf(from: Acceptance, closes: readonly (number | null)[], reach = 101): Acceptance[] {
  const states: Acceptance[] = [];
  let state = from;
  closes.forEach((close, i) => {
    const high = close === null ? null : Math.max(close, reach);
    const low = close === null ? null : Math.min(close, reach);
    state = closeAcceptance(state, level, 1, {
      start: i * half,
      end: (i + 1) * half,
      high,
      low,
      close,
    });
    states.push(state);
  });
  return states;
}
const statuses = (closes: readonly (number | null)[], from = waitingAcceptance, reach = 101) =>
  closesOf(from, closes, reach).map(({ status }) => status);

describe('acceptance of a level, two closes', () => {
  it.each([
    ['two closes beyond', [101, 102], ['pending', 'accepted']],
    ['a close back at once', [99], ['rejected']],
    ['a close exactly at the level is back', [100], ['rejected']],
    ['a close back in the second period', [101, 99], ['pending', 'rejected']],
    [
      'a period without a trade breaks the count',
      [101, null, 101, 101],
      ['pending', 'pending', 'pending', 'accepted'],
    ],
    ['a late close back arms again', [101, null, 99], ['pending', 'pending', 'waiting']],
    [
      'an acceptance stands through one close back',
      [101, 101, 99, 101, 99],
      ['pending', 'accepted', 'accepted', 'accepted', 'accepted'],
    ],
    [
      'two closes back re-enter',
      [101, 101, 99, 99],
      ['pending', 'accepted', 'accepted', 'reentered'],
    ],
    ['a rejection is armed again', [99, 101, 101], ['rejected', 'pending', 'accepted']],
    [
      'a re-entry is armed again',
      [101, 101, 99, 99, 99],
      ['pending', 'accepted', 'accepted', 'reentered', 'rejected'],
    ],
  ])('%s', (_name, closes, expected) => {
    expect(statuses(closes)).toEqual(expected);
  });

  it('does nothing while nothing trades beyond', () => {
    expect(statuses([99, 100], waitingAcceptance, 100)).toEqual(['waiting', 'waiting']);
  });

  it('starts at the trade that was told', () => {
    const crossed = crossAcceptance(waitingAcceptance, 5);
    expect(crossed).toMatchObject({ status: 'pending', since: 5 });
    expect(crossAcceptance(crossed, 9).since).toBe(5);
    expect(closesOf(crossed, [101])[0]?.since).toBe(5);
  });

  it('cannot reject a session that opened beyond', () => {
    const opened = beginAcceptance(level, 1, 101, 0);
    expect(statuses([99, 101, 99, 99], opened)).toEqual([
      'pending',
      'pending',
      'pending',
      'reentered',
    ]);
    expect(statuses([101, 101], opened)).toEqual(['pending', 'accepted']);
    expect(beginAcceptance(level, 1, 100, 0)).toBe(waitingAcceptance);
    expect(beginAcceptance(level, -1, 99, 0).status).toBe('pending');
  });

  it('leaves undecided what the session end finds pending', () => {
    const states = closesOf(waitingAcceptance, [101]).map(endAcceptance);
    expect(states[0]?.status).toBe('unresolved');
    expect(endAcceptance(waitingAcceptance).status).toBe('waiting');
    expect(crossAcceptance(states[0]!, 7)).toMatchObject({ status: 'pending', since: 7 });
  });
});

describe('acceptance by volume', () => {
  const opened = beginAcceptance(level, 1, 101, 0);
  const at = (end: number, beyond: number, poc: number, close = 101) =>
    closeAcceptance(
      { ...opened, periods: 1, back: 1 },
      level,
      1,
      { start: 0, end, high: 102, low: 99, close },
      { beyond, total: 100, poc },
    );

  it.each([
    ['an hour, 60 % and the point of control beyond', 2 * half, 60, 101, 'accepted'],
    ['a minute short', 2 * half - microsPerMinute, 60, 101, 'pending'],
    ['a contract short', 2 * half, 59, 101, 'pending'],
    ['the point of control at the level', 2 * half, 60, 100, 'pending'],
  ])('%s', (_name, end, beyond, poc, expected) => {
    expect(at(end, beyond, poc).status).toBe(expected);
  });

  it('needs a close beyond', () => {
    expect(at(2 * half, 90, 101, 99).status).toBe('reentered');
  });

  it('has nothing to say without volume', () => {
    const nothing = closeAcceptance(
      opened,
      level,
      1,
      { start: 0, end: 2 * half, high: 101, low: 101, close: 101 },
      { beyond: 0, total: 0, poc: 101 },
    );
    expect(nothing.status).toBe('pending');
  });
});

describe('properties of acceptance', () => {
  const closes = fc.array(fc.option(fc.integer({ min: 97, max: 103 })), { maxLength: 13 });

  it('is the same below as above, mirrored', () => {
    fc.assert(
      fc.property(closes, (row) => {
        let up = waitingAcceptance;
        let down = waitingAcceptance;
        row.forEach((close, i) => {
          const times = { start: i, end: i + 1 };
          up = closeAcceptance(up, level, 1, { ...times, high: close, low: close, close });
          const m = close === null ? null : 2 * level - close;
          down = closeAcceptance(down, level, -1, { ...times, high: m, low: m, close: m });
        });
        expect(down).toEqual(up);
      }),
    );
  });

  it('decides every episode within two traded periods', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 97, max: 103 }), { maxLength: 13 }), (row) => {
        for (const state of closesOf(waitingAcceptance, row))
          if (state.status === 'pending') expect(state.periods).toBe(1);
      }),
    );
  });
});
