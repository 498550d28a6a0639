// The whole flow on a real day: one journal hash with explanations, without, and stopped and restored.
import { describe, expect, it } from 'vitest';
import { checkpointOf } from '#engine/runtime/checkpoint.ts';
import { cutsOf, hasData, readRealDay, run } from '#engine/testing/whole-flow.ts';

describe.skipIf(!hasData)('2013-09-03, every ES print of a real day', async () => {
  const tape = await readRealDay();
  const expected = run(tape, true);

  it('quarantines nobody', () => {
    expect(expected.nodes.filter((n) => n.quarantined).map((n) => n.id)).toEqual([]);
    expect(expected.clock.trades).toBe(540_995);
  });

  it('has the same journal hash with explanations off', () => {
    expect(run(tape, false).journal.hash).toBe(expected.journal.hash);
  });

  it('has the same journal hash stopped and restored at 50 random records', () => {
    const cuts = cutsOf(tape, 50, 20_130_903);
    expect(cuts.size).toBeGreaterThan(40);
    const resumed = run(tape, true, cuts);
    expect(resumed.journal.hash).toBe(expected.journal.hash);
    expect(checkpointOf(resumed)).toEqual(checkpointOf(expected));
  });
});
