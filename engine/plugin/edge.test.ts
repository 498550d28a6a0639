import { expect, test } from 'vitest';
import { z } from 'zod';
import { signal } from '../contracts/signal.ts';
import { finePrice, price, ticks } from '../contracts/units.ts';
import { completedProfile } from '../contracts/volume-profile.ts';
import { vwapBands } from '../contracts/vwap.ts';
import { findInstrument } from '../market/instrument.ts';
import { fromEdge, toEdge } from './edge.ts';

const es = findInstrument('ES');

test('prices at any depth become decimals and come back as ticks', () => {
  const schema = z.object({
    at: price(),
    distance: ticks(),
    none: price().nullable(),
    maybe: price().optional(),
    mean: finePrice(),
    zone: z.object({ low: price(), high: price() }).nullable(),
    zones: z.array(z.object({ low: price(), name: z.string() })),
    path: z.array(price()),
    byName: z.record(z.string(), price()),
    pair: z.tuple([price(), z.number()]),
    either: z.union([price(), z.string()]),
  });
  const inside = {
    at: 18_000,
    distance: 6,
    none: null,
    mean: 18_000.5,
    zone: { low: 4, high: 8 },
    zones: [{ low: 5, name: 'a' }],
    path: [1, 2],
    byName: { vah: 3 },
    pair: [4, 4] as [number, number],
    either: 'open',
  };
  const edge = toEdge(schema, inside, es);
  expect(edge).toEqual({
    at: 4500,
    distance: 6,
    none: null,
    mean: 4500.125,
    zone: { low: 1, high: 2 },
    zones: [{ low: 1.25, name: 'a' }],
    path: [0.25, 0.5],
    byName: { vah: 0.75 },
    pair: [1, 4],
    either: 'open',
  });
  expect(fromEdge(schema, edge, es)).toEqual(inside);
  expect(inside.at).toBe(18_000);
});

test('a payload without prices is returned as it is', () => {
  const payload = { phase: 'rth-main' };
  expect(toEdge(z.object({ phase: z.string() }), payload, es)).toBe(payload);
});

test('a level off the grid is refused with the field, an average price is not', () => {
  const schema = z.object({ levels: z.array(z.object({ price: price() })) });
  expect(() => fromEdge(schema, { levels: [{ price: 4500.3 }] }, es)).toThrow(
    /payload\.levels\[0\]\.price.*0\.25.*4500\.3/,
  );
  expect(fromEdge(z.object({ vwap: finePrice() }), { vwap: 4500.3 }, es).vwap).toBeCloseTo(
    18_001.2,
    9,
  );
});

test('the contracts of the repo convert', () => {
  const zone = { low: 18_000, high: 18_004 };
  expect(
    toEdge(
      completedProfile,
      { hvn: [zone], tpo: { poc: 18_000 }, one: { vah: 18_001, val: 18_000 } },
      es,
    ),
  ).toEqual({
    hvn: [{ low: 4500, high: 4501 }],
    tpo: { poc: 4500 },
    one: { vah: 4500.25, val: 4500 },
  });
  expect(toEdge(signal, { price: 18_000, target: 18_010 }, es)).toEqual({
    price: 4500,
    target: 4502.5,
  });
  expect(toEdge(vwapBands, { vwap: 18_000.2, sdTicks: 8 }, es)).toEqual({
    vwap: 4500.05,
    sdTicks: 8,
  });
});

test('a field that is a price in one option of a union only is a mistake of the schema', () => {
  const schema = z.union([z.object({ v: price() }), z.object({ v: z.number() })]);
  expect(() => toEdge(schema, { v: 1 }, es)).toThrow(/same unit in every option/);
});
