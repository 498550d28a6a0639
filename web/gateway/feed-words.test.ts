import { describe, expect, it } from 'vitest';
import type { FeedBeat } from '../live/wire.ts';
import { type FeedWord, feedAlert, feedWord } from './feed-words.ts';

const beat = (state: FeedBeat['state'], ageMs = 0): FeedBeat => ({ id: 'market', ageMs, state });

describe('what a change of a feed is told as', () => {
  it('calls a feed silent by the phase of the trade day', () => {
    expect(feedWord(beat('running', 31_000), 'rth-main')).toBe('silent');
    expect(feedWord(beat('running', 31_000), 'overnight')).toBe('runs');
    expect(feedWord(beat('paused', 31_000), 'rth-main')).toBe('paused');
  });

  it.each<[FeedWord | null, FeedWord, string | null]>([
    [null, 'runs', null],
    ['begins', 'runs', null],
    ['runs', 'runs', null],
    ['runs', 'silent', 'alarm'],
    ['silent', 'runs', 'note'],
    ['runs', 'paused', 'note'],
    ['runs', 'failed', 'alarm'],
    [null, 'failed', 'alarm'],
    ['runs', 'begins', null],
  ])('from %s to %s: %s', (before, now, level) => {
    expect(feedAlert(beat('running', 31_000), before, now)?.level ?? null).toBe(level);
  });

  it('says how long it was silent', () => {
    const text = feedAlert(beat('running', 31_000), 'runs', 'silent')?.text;
    expect(text).toContain("'market' was silent for 31 s");
  });
});
