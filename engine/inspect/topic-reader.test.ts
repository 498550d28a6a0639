import { describe, expect, it } from 'vitest';
import type { StoredRecord } from '../runtime/ports.ts';
import { TopicReader } from './topic-reader.ts';

/** A topic of which some offsets hold records and others the marks of transactions. */
function topicOf(offsets: readonly number[], end: number): TopicReader {
  const records = offsets.map((offset): StoredRecord => {
    return {
      topic: 't',
      key: 'ES',
      ts: offset * 10,
      schema: 'x/1',
      value: '{}',
      partition: 0,
      offset,
    };
  });
  const log = {
    end: async () => end,
    read: async (_topic: string, _partition: number, from: number, limit: number) =>
      records.filter(({ offset }) => offset >= from).slice(0, limit),
  };
  return new TopicReader(log, 't', 0);
}

describe('the newest record', () => {
  it.each([
    ['right before the end', [0, 1, 2], 3, 2],
    ['before the mark of its transaction', [0, 1, 2], 4, 2],
    ['before many marks', [0, 3], 90, 3],
    ['that was there when it was asked', [0, 1, 2, 3], 3, 2],
  ])('is found %s', async (_, offsets, end, expected) => {
    expect((await topicOf(offsets, end).last())?.offset).toBe(expected);
  });

  it('is none where there are marks only, or nothing', async () => {
    expect(await topicOf([], 5).last()).toBe(null);
    expect(await topicOf([], 0).last()).toBe(null);
  });
});

describe('the first record at or after a time', () => {
  it('is found between marks', async () => {
    const reader = topicOf([0, 2, 4, 9], 11);
    expect((await reader.at(await reader.offsetAt(40)))?.offset).toBe(4);
    expect((await reader.at(await reader.offsetAt(41)))?.offset).toBe(9);
    expect(await reader.at(await reader.offsetAt(91))).toBe(null);
  });
});
