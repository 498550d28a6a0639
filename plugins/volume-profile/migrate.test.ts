import { expect, it } from 'vitest';
import type { NodeSnapshot } from '#engine';
import { withNakedPocs } from './migrate.ts';
import { nakedRooms } from './naked-levels.ts';
import { slotNames } from './slots.ts';

const pack = (numbers: readonly number[]): string =>
  Buffer.from(Float64Array.from(numbers).buffer).toString('base64');
const unpack = (text: string): number[] => [
  ...new Float64Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer),
];

const before: NodeSnapshot = {
  plugin: 'volume-profile',
  version: '1.1.0',
  machineHash: 'old',
  machine: { value: 'awaitingOpen', context: { tradeDate: '2025-11-19', volumes: [7] } },
  timers: [],
  sensor: {
    f: pack(Array.from({ length: slotNames.length - 3 }, (_, i) => i / 3)),
    a: { periodLow: pack([1, 2]), periodHigh: pack([3, 4]) },
    l: [pack([100, 5]), '', ''],
  },
};

it('carries what was measured over and begins without naked points of control', () => {
  const { machine, sensor } = withNakedPocs(before);
  expect(machine!['context']).toEqual({
    tradeDate: '2025-11-19',
    volumes: [7],
    ranges: [],
    balances: [],
    naked: [],
  });
  const numbers = unpack(sensor!['f'] as string);
  expect(numbers).toHaveLength(slotNames.length);
  expect(numbers.slice(-4)).toEqual([(slotNames.length - 4) / 3, 0, 1e9, -1e9]);
  const arrays = sensor!['a'] as Record<string, string>;
  expect(unpack(arrays['periodHigh']!)).toEqual([3, 4]);
  expect(unpack(arrays['valuePoc']!)).toEqual([Number.NaN, Number.NaN]);
  expect(unpack(arrays['nakedDate']!)).toHaveLength(nakedRooms);
  expect(sensor!['l']).toEqual([pack([100, 5]), '', '']);
});

it('leaves a node that had not started as it is', () => {
  const fresh = withNakedPocs({ ...before, machine: null, sensor: null });
  expect([fresh.machine, fresh.sensor]).toEqual([null, null]);
});
