import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withBalances } from './migrate.ts';
import {
  countClose,
  emptySlot,
  type FrozenArea,
  nextBalanceOf,
  type Slot,
  type View,
  waypointsOf,
} from './value-shift.ts';

const rules = { nextBalanceTicks: 8, nextBalanceShare: 0.25, measuredShare: 0.5 };
const area: FrozenArea = { basis: 'composite', val: 1_000, vah: 1_080, poc: 1_040 };
/** Only what the next balance is worked out from. */
const viewOf = (zones: View['zones'], sessionHigh = 1_085, sessionLow = 1_040) =>
  ({ area, zones, sessionHigh, sessionLow }) as View;
const zone = (low: number) => ({ low, high: low + 20 });

describe('the next balance above value', () => {
  it.each([
    ['nothing known', [], [], [], { target: 1_120, kind: 'measured' }],
    [
      'a composite',
      [zone(1_100)],
      [zone(1_105)],
      [zone(1_102)],
      { target: 1_100, kind: 'composite' },
    ],
    [
      'the nearer composite',
      [zone(1_130), zone(1_110)],
      [],
      [],
      { target: 1_110, kind: 'composite' },
    ],
    ['a tick too near', [zone(1_099)], [], [zone(1_090)], { target: 1_120, kind: 'measured' }],
    ['a balance', [zone(900)], [], [zone(1_110)], { target: 1_110, kind: 'balance' }],
    ['a stack', [zone(900)], [zone(1_105)], [zone(1_100)], { target: 1_105, kind: 'stack' }],
  ] as const)('%s', (_name, composites, stacks, balances, expected) => {
    expect(nextBalanceOf(viewOf({ composites, stacks, balances }), 'long', rules)).toEqual(
      expected,
    );
  });

  it('has not traded today', () => {
    const zones = { composites: [zone(1_100), zone(1_130)], stacks: [], balances: [] };
    expect(nextBalanceOf(viewOf(zones, 1_100), 'long', rules).target).toBe(1_130);
  });

  it('is mirrored below', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 900, max: 1_300 }), { maxLength: 6 }),
        fc.integer({ min: 1_081, max: 1_200 }),
        (lows, high) => {
          const up = { composites: lows.map(zone), stacks: [], balances: [] };
          const down = {
            composites: lows.map((low) => ({ low: 2_080 - low - 20, high: 2_080 - low })),
            stacks: [],
            balances: [],
          };
          const above = nextBalanceOf(viewOf(up, high, 1_040), 'long', rules);
          const below = nextBalanceOf(viewOf(down, 1_040, 2_080 - high), 'short', rules);
          expect(below).toEqual({ ...above, target: 2_080 - above.target });
        },
      ),
    );
  });
});

describe('closes beyond a level', () => {
  const active: Slot = {
    ...emptySlot,
    status: 'active',
    terms: {
      target: null,
      waypoints: [],
      invalidation: 1_080,
      level: 1_080,
      direction: 1,
      mode: '',
      reason: '',
      evidence: [],
    },
  };
  it.each([
    [
      [1_081, 1_082],
      [2, 0],
    ],
    [
      [1_081, 1_080],
      [0, 1],
    ],
    [
      [1_080, 1_079],
      [0, 2],
    ],
    [
      [1_079, null, 1_079],
      [0, 1],
    ],
    [
      [1_081, null],
      [0, 0],
    ],
  ])('%j', (closes, [beyond, back]) => {
    const slot = closes.reduce<Slot>((now, close) => countClose(now, close), active);
    expect(slot).toMatchObject({ beyond, back });
  });

  it('are not counted before it is active', () => {
    expect(countClose(emptySlot, 1_090)).toBe(emptySlot);
  });
});

it('passes waypoints on the way to a target in their order', () => {
  expect(waypointsOf(100, 60, [80.4, 95, 60, 100, 95])).toEqual([95, 80]);
  expect(waypointsOf(60, 100, [95, 80.4, 50])).toEqual([80, 95]);
});

it('a snapshot of 1.0 goes on without a balance', () => {
  const zones = { composites: [zone(1_100)], stacks: [] };
  const old = {
    plugin: 'value-shift',
    version: '1.0.0',
    machineHash: '',
    timers: [],
    machine: { context: { zones, seq: 3 } },
    sensor: null,
  };
  expect(withBalances(old).machine).toEqual({
    context: { zones: { ...zones, balances: [] }, seq: 3 },
  });
  expect(withBalances({ ...old, machine: null }).machine).toBeNull();
});
