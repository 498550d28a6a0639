import { describe, expect, it } from 'vitest';
import { speeds, tickOn } from './use-play.ts';

describe('a moment that plays', () => {
  const at = 1_000_000_000;

  it.each(speeds)('moves on by %i seconds of event time in a second', (speed) => {
    expect(tickOn(at, 1_000, speed, at, null)).toEqual({
      kind: 'show',
      at: at + speed * 1_000_000,
    });
  });

  it('asks for nothing before the next macrostep came', () => {
    expect(tickOn(at, 500, 1, at + 500_001, null).kind).toBe('wait');
    expect(tickOn(at, 500, 1, at + 500_000, null).kind).toBe('show');
    // Whether one came after what was the newest, only the journal knows.
    expect(tickOn(at, 500, 1, null, null).kind).toBe('show');
  });

  it('stops at now, however far it would have gone', () => {
    expect(tickOn(at, 1_000, 600, at + 1, at + 30_000_000)).toEqual({ kind: 'live' });
    expect(tickOn(at, 1_000, 10, at + 1, at + 30_000_000).kind).toBe('show');
  });
});
