import { describe, expect, it } from 'vitest';
import type { FlowVersion } from '#engine/cli/desk.ts';
import { momentText, versionPair } from './version-pair.ts';

const version = (number: number): FlowVersion => ({
  number,
  at: 0,
  sha: String(number),
  flowVersion: '1.0.0',
  hash: null,
  what: 'saved',
});
// Two was lost: numbers are no places.
const versions = [version(1), version(3), version(4)];
const pair = (text: string, of = versions) => versionPair(of, new URLSearchParams(text));

describe('two versions that are compared', () => {
  it('are the newest and the one before it, unless others are asked for', () => {
    expect(pair('')).toEqual({ before: 3, after: 4 });
    expect(pair('after=3')).toEqual({ before: 1, after: 3 });
    expect(pair('before=4&after=1')).toEqual({ before: 4, after: 1 });
  });

  it('are none where there are not two, and none that there are not', () => {
    expect(pair('', [version(1)])).toBeNull();
    expect(pair('after=1')).toBeNull();
    expect(pair('before=2&after=9')).toEqual({ before: 3, after: 4 });
  });

  it('are told with the time of the machine', () => {
    expect(momentText(Date.UTC(2026, 10, 26, 5, 10, 7))).toBe('2026-11-26 05:10:07 UTC');
  });
});
