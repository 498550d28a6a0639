import { expect, it } from 'vitest';
import type { JournalRecord } from '../contracts/journal.ts';
import type { TransitionInfo } from '../runtime/transitions.ts';
import { EdgeCounts } from './edge-counts.ts';

const info = { id: 'idle:e:0', guard: 'isEnough' } as TransitionInfo;
/** A refusal for want of so much of 400. */
const refused = (seq: number, missing: number) =>
  ({
    ...{ seq, ts: seq * 10, taken: [] },
    explain: [
      {
        ...{ transition: info.id, target: 'on', verdict: 'guard-blocked' },
        leaves: [
          {
            ...{ text: 'volume', ok: false, left: 400 - missing, op: '>=', right: 400 },
            ...{ margin: -missing, unit: 'contract' },
          },
        ],
      },
    ],
  }) as unknown as JournalRecord;

it('keeps how many near misses there were, and the nearest; of equals the latest', () => {
  const counts = new EdgeCounts([info]);
  for (const [seq, missing] of [
    [1, 40],
    [2, 20],
    [3, 20],
    [4, 60],
    // Not near: that is a refusal like any other.
    [5, 300],
  ] as const)
    counts.take(refused(seq, missing));
  expect(counts.all[0]?.blocked).toBe(5);
  expect(counts.nearMisses.get(info.id)).toMatchObject({ count: 4, seq: 3, ts: 30 });
  counts.reset();
  expect(counts.nearMisses.size).toBe(0);
  expect(counts.lastAsked.get(info.id)?.seq).toBe(5);
});
