import { expect, it } from 'vitest';
import { driveNode } from '#engine/testing.ts';
import { withSteps } from './migrate.ts';
import { plugin } from './plugin.ts';
import { slot } from './slots.ts';
import { clock } from './tape-fixture.ts';

const slotsBefore = 65;

it('a snapshot of 1.0 keeps levels, orders and sides; its windows begin anew', () => {
  const f = new Float64Array(slotsBefore);
  f[4] = 20_000;
  f[28] = 1;
  f[32] = 2;
  f[37] = 777;
  f[62] = 5;
  const old = {
    plugin: 'tape',
    version: '1.0.0',
    machineHash: '',
    timers: [],
    machine: null,
    sensor: { f: Buffer.from(f.buffer).toString('base64'), a: { orderCounts: 'kept' }, l: [] },
  };
  const { sensor } = withSteps(old);
  const bytes = Uint8Array.from(Buffer.from(String(sensor?.['f']), 'base64'));
  const now = new Float64Array(bytes.buffer);
  expect([now[slot.price], now[slot.side60], now[slot.speed], now[slot.orders]]).toEqual([
    20_000, 1, 2, 777,
  ]);
  expect([now[slot.secondEnd], now[slot.all60], now[slot.lotPeak], now[slot.z]]).toEqual([
    0,
    0,
    0,
    Number.NaN,
  ]);
  const fresh = driveNode(plugin, { tradeDate: '2025-11-19' });
  fresh.trade(clock(0), 5000, 1, 'buy');
  const slots = fresh.task.nodes[0]!.slots!;
  const arrays = sensor?.['a'] as Record<string, string>;
  expect(now).toHaveLength(slots.f.length);
  expect(arrays['orderCounts']).toBe('kept');
  for (const name of ['secondAll', 'stepAll'])
    expect(Buffer.from(arrays[name]!, 'base64')).toHaveLength(slots.a[name]!.byteLength);
  expect(withSteps({ ...old, sensor: null })).toEqual({ ...old, sensor: null });
});
