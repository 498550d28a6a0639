import { describe, expect, it } from 'vitest';
import { closeCodes } from './close-codes.ts';
import {
  ageText,
  isTooQuiet,
  type LinkFacts,
  linkOf,
  silenceLimit,
  worstFeed,
} from './link-state.ts';

const alive: LinkFacts = {
  now: 100_000,
  socket: 'open',
  closeCode: null,
  since: 0,
  beatAt: 99_500,
  retryAt: null,
  hasGap: false,
  isReplay: false,
  feed: { id: 'market', ageMs: 100, state: 'running' },
  engineMs: 4,
  phase: 'rth-main',
};

const cases: readonly (readonly [
  what: string,
  facts: Partial<LinkFacts>,
  state: string,
  says: RegExp,
])[] = [
  ['all is well', {}, 'LIVE', /live/],
  [
    'nothing has come yet',
    { beatAt: null, since: 95_000, socket: 'connecting' },
    'LOADING',
    /connecting/,
  ],
  ['nothing came for ten seconds', { beatAt: null, since: 80_000 }, 'DOWN', /no connection/],
  [
    'the engine is starting',
    { feed: { id: 'market', ageMs: null, state: 'starting' } },
    'LOADING',
    /starting/,
  ],
  [
    'no prints for 14 s',
    { feed: { id: 'market', ageMs: 14_000, state: 'running' } },
    'QUIET',
    /quiet 14 s/,
  ],
  [
    'a person paused the market',
    { feed: { id: 'market', ageMs: 60_000, state: 'paused' } },
    'QUIET',
    /paused/,
  ],
  ['the calendar says closed', { phase: 'closed' }, 'CLOSED', /closed/],
  ['trading is halted', { phase: 'halt' }, 'CLOSED', /halted/],
  [
    'the feed has ended',
    { feed: { id: 'market', ageMs: 9_000, state: 'ended' } },
    'CLOSED',
    /ended/,
  ],
  [
    'the engine has not taken what its feed brought',
    { engineMs: 900 },
    'LAGGING',
    /behind its feed: 800 ms/,
  ],
  [
    'the engine waits for a feed that is silent',
    { engineMs: 9_000, feed: { id: 'market', ageMs: 9_000, state: 'running' } },
    'QUIET',
    /quiet 9\.0 s$/,
  ],
  ['the pulse is 2 s old', { beatAt: 98_000 }, 'LAGGING', /2000 ms/],
  [
    'earlier days are being made',
    { feed: { id: 'market', ageMs: 1, state: 'catching-up' } },
    'LAGGING',
    /full speed/,
  ],
  ['the pulse is 3.1 s old', { beatAt: 96_900 }, 'STALE', /3\.1 s/],
  ['events are missing', { hasGap: true }, 'STALE', /missing/],
  ['the source is a recording', { isReplay: true }, 'REPLAY', /recorded/],
  ['the socket is closed', { socket: 'closed' }, 'DOWN', /lost/],
  ['the engine was stopped', { socket: 'closed', closeCode: 1001 }, 'DOWN', /engine was stopped/],
  ['the page is an old one', { socket: 'closed', closeCode: 1008 }, 'DOWN', /another version/],
  ['the page asks too much', { socket: 'closed', closeCode: 1009 }, 'DOWN', /another version/],
  ['the window was too slow', { socket: 'closed', closeCode: 4008 }, 'DOWN', /did not keep up/],
  ['the session ended', { socket: 'closed', closeCode: 4401 }, 'DOWN', /session .* is over/],
  ['there is no room', { socket: 'closed', closeCode: 4429 }, 'DOWN', /too many windows/],
  [
    'there was no room from the first moment on, while it tries again',
    { beatAt: null, since: 99_900, socket: 'connecting', closeCode: 4429 },
    'DOWN',
    /too many windows/,
  ],
  ['the line was cut without a word', { socket: 'closed', closeCode: 1006 }, 'DOWN', /lost/],
  ['the socket broke', { socket: 'closed', closeCode: closeCodes.socketError }, 'DOWN', /lost/],
  ['the pulse is 11 s old', { beatAt: 89_000 }, 'DOWN', /11 s/],
  [
    'the feed failed',
    { feed: { id: 'market', ageMs: 5, state: 'failed' } },
    'DOWN',
    /'market' failed/,
  ],
  [
    'the recording failed',
    { isReplay: true, feed: { id: 'market', ageMs: 5, state: 'failed' } },
    'DOWN',
    /'market' failed/,
  ],
];

describe('the state of the link', () => {
  it.each(cases)('when %s', (_, facts, state, says) => {
    const link = linkOf({ ...alive, ...facts });
    expect(link.state).toBe(state);
    expect(link.text).toMatch(says);
  });

  it('says what to do about every end of a connection that a person can do something about', () => {
    // After these the window comes back by itself at once, or the page is loaded anew and says what there is.
    const { socketError, opensNow, noInstrument, ...told } = closeCodes;
    const todoOf = (closeCode: number) => linkOf({ ...alive, socket: 'closed', closeCode }).todo;
    for (const closeCode of Object.values(told)) expect(todoOf(closeCode)).toMatch(/\.$/);
    for (const closeCode of [socketError, opensNow, noInstrument])
      expect(todoOf(closeCode)).toBeUndefined();
  });

  it('puts what is broken before what is quiet, closed or recorded', () => {
    const quiet = { feed: { id: 'market', ageMs: 60_000, state: 'running' as const } };
    expect(linkOf({ ...alive, ...quiet, beatAt: 96_000 }).state).toBe('STALE');
    expect(linkOf({ ...alive, isReplay: true, beatAt: 96_000 }).state).toBe('STALE');
    expect(linkOf({ ...alive, phase: 'closed', socket: 'closed' }).state).toBe('DOWN');
  });

  it('becomes LAGGING, STALE and DOWN by itself while time goes on', () => {
    const at = (age: number): string => linkOf({ ...alive, now: 99_500 + age }).state;
    expect([0, 1_499, 1_501, 3_000, 3_001, 10_000, 10_001].map(at)).toEqual([
      'LIVE',
      'LIVE',
      'LAGGING',
      'LAGGING',
      'STALE',
      'STALE',
      'DOWN',
    ]);
  });

  it('tells a broken connection from a feed that failed', () => {
    const failed = { feed: { id: 'market', ageMs: 5, state: 'failed' as const } };
    expect(linkOf({ ...alive, ...failed }).trouble).toBe('feed');
    expect(linkOf({ ...alive, ...failed, socket: 'closed' }).trouble).toBe('link');
    expect(linkOf({ ...alive, beatAt: 96_900 }).trouble).toBe('link');
    expect(linkOf(alive).trouble).toBeUndefined();
  });

  it('counts down to the next try', () => {
    const closed = { socket: 'closed' as const, beatAt: 88_000 };
    const at = (retryAt: number | null): string => linkOf({ ...alive, ...closed, retryAt }).text;
    expect(at(null)).toBe('connection lost, last word 12 s ago');
    expect(at(102_300)).toBe('connection lost, last word 12 s ago; next try in 3 s');
    expect(at(99_999)).toBe('connection lost, last word 12 s ago; connecting again now');
    expect(linkOf({ ...alive, ...closed, beatAt: null, retryAt: 101_000 }).text).toBe(
      'no connection to the engine; next try in 1 s',
    );
  });

  it('finds a silence too long by the phase of the trade day', () => {
    const after = (ageMs: number, phase: LinkFacts['phase']) =>
      linkOf({ ...alive, engineMs: ageMs, feed: { id: 'market', ageMs, state: 'running' }, phase });
    expect(after(31_000, 'rth-main')).toMatchObject({ state: 'QUIET', isTooQuiet: true });
    expect(after(31_000, 'rth-main').text).toMatch(/longer than is usual/);
    expect(after(29_000, 'rth-main').isTooQuiet).toBeUndefined();
    expect(after(31_000, 'overnight').isTooQuiet).toBeUndefined();
    expect(after(301_000, 'overnight').isTooQuiet).toBe(true);
    expect(after(9_000_000, null).isTooQuiet).toBeUndefined();
    expect(after(9_000_000, 'closed').isTooQuiet).toBeUndefined();
  });

  it('lets a source that brings bars alone be silent between two of them', () => {
    const bars = { state: 'running', usualGapMs: 60_000 } as const;
    expect(isTooQuiet({ ...bars, ageMs: 61_000 }, 'rth-main')).toBe(false);
    expect(isTooQuiet({ ...bars, ageMs: 121_000 }, 'rth-main')).toBe(true);
    expect(silenceLimit('overnight', 60_000)).toBe(300_000);
    expect(silenceLimit('halt', 60_000)).toBeNull();
  });

  it('judges several feeds by the one that is worst off', () => {
    const feed = (id: string, state: 'running' | 'failed' | 'paused', ageMs: number | null) => ({
      id,
      state,
      ageMs,
    });
    expect(worstFeed([])).toBeNull();
    expect(worstFeed([feed('a', 'running', 5), feed('b', 'failed', 1)])?.id).toBe('b');
    expect(worstFeed([feed('a', 'running', 5), feed('b', 'running', 9)])?.id).toBe('b');
    expect(worstFeed([feed('a', 'running', null), feed('b', 'running', 9)])?.id).toBe('a');
    expect(worstFeed([feed('a', 'running', 1), feed('b', 'paused', 0)])?.id).toBe('b');
  });

  it('writes ages as people say them', () => {
    expect([0, 4_249, 14_900, 200_000].map(ageText)).toEqual(['0.0 s', '4.2 s', '14 s', '3 min']);
  });
});
