import { expect, it } from 'vitest';
import { packNumbers, unpackNumbers } from '#engine';
import { driveNode } from '#engine/testing.ts';
import { withDeepFlow } from './migrate.ts';
import { plugin } from './plugin.ts';
import { frames, slot } from './slots.ts';

const slotsBefore = 62;

it('a snapshot of 1.0 keeps its book and quantiles; the windows of order flow begin anew', () => {
  const f = new Float64Array(slotsBefore).fill(7);
  const bidPrice = packNumbers([20_000, 19_999, 0, 0, 0, 0, 0, 0, 0, 0]);
  const old = {
    plugin: 'depth',
    version: '1.0.0',
    machineHash: '',
    timers: [],
    machine: null,
    sensor: { f: packNumbers(f), a: { bidPrice, bidSizes: 'kept' }, l: [] },
  };
  const { sensor } = withDeepFlow(old);
  const now = unpackNumbers(String(sensor?.['f']));
  const arrays = sensor?.['a'] as Record<string, string>;
  expect([now[slot.needs], now[slot.bidWall], now[slot.lean]]).toEqual([7, 7, 7]);
  expect([now[slot.seeded], now[slot.flow60], now[slot.valid60], now[slot.deep60]]).toEqual([
    0, 0, 0, 0,
  ]);
  expect([arrays['bidPriceLast'], arrays['bidSizes']]).toEqual([bidPrice, 'kept']);
  expect(unpackNumbers(arrays['bests']!)).toEqual(new Float64Array(frames.sixty).fill(-1));
  const slots = driveNode(plugin, { tradeDate: '2025-11-19' }).task.nodes[0]!.slots!;
  expect(now).toHaveLength(slots.f.length);
  for (const name of ['deepFlows', 'bests', 'askSizeLast'])
    expect(unpackNumbers(arrays[name]!)).toHaveLength(slots.a[name]!.length);
  expect(withDeepFlow({ ...old, sensor: null })).toEqual({ ...old, sensor: null });
});
