import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Conflator } from './conflator.ts';
import { changedList } from './list-change.ts';
import type { Frame, LiveEvent } from './wire.ts';

type Step =
  | { readonly kind: 'value'; readonly key: string; readonly value: unknown }
  | { readonly kind: 'event' }
  | { readonly kind: 'frame' }
  | { readonly kind: 'ack' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('value' as const),
    key: fc.constantFrom('a', 'b', 'c'),
    value: fc.oneof(
      fc.integer(),
      fc.array(fc.record({ id: fc.nat(5), text: fc.string() })),
      fc.constant(undefined),
    ),
  }),
  fc.record({ kind: fc.constant('event' as const) }),
  fc.record({ kind: fc.constant('frame' as const) }),
  fc.record({ kind: fc.constant('ack' as const) }),
);

const bytesOf = (value: unknown): number => (JSON.stringify(value) ?? '').length;

/** What a client makes of frames. */
function readAll(frames: readonly Frame[]): ReadonlyMap<string, unknown> {
  const told = new Map<string, unknown>();
  for (const { t1, lists, gone } of frames) {
    for (const [key, value] of Object.entries(t1)) told.set(key, value);
    for (const [key, change] of Object.entries(lists))
      told.set(key, changedList(told.get(key) as readonly unknown[], change));
    for (const key of gone) told.delete(key);
  }
  return told;
}

const eventOf = (s: number): LiveEvent => ({
  s,
  type: 'signal',
  ts: s,
  node: 'n',
  port: 'p',
  seq: s,
  payload: {},
});

/** Runs steps, and at the end lets the client acknowledge everything until nothing is left. */
function run(steps: readonly Step[]) {
  const conflator = new Conflator();
  const frames: Frame[] = [];
  const newest = new Map<string, unknown>();
  let events = 0;
  let mostUnacked = 0;
  const take = (): boolean => {
    const frame = conflator.next(0);
    if (frame) frames.push(frame);
    mostUnacked = Math.max(mostUnacked, conflator.unacked);
    return frame !== null;
  };
  for (const each of steps) {
    if (each.kind === 'value') {
      conflator.value(each.key, each.value, bytesOf(each.value));
      if (each.value === undefined) newest.delete(each.key);
      else newest.set(each.key, each.value);
    } else if (each.kind === 'event') conflator.event(eventOf((events += 1)));
    else if (each.kind === 'frame') take();
    else conflator.ack(frames.length);
  }
  do conflator.ack(frames.length);
  while (take());
  return { frames, newest, events, mostUnacked };
}

describe('the conflator', () => {
  it('loses no event, doubles none and keeps their order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const { frames, events } = run(steps);
        const told = frames.flatMap(({ ev }) => ev.map(({ s }) => s));
        expect(told).toEqual(Array.from({ length: events }, (_, i) => i + 1));
        expect(frames.every(({ lost }) => lost === 0)).toBe(true);
      }),
    );
  });

  it('tells the newest value of each key last', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const { frames, newest } = run(steps);
        expect(readAll(frames)).toEqual(newest);
      }),
    );
  });

  it('leaves at most two frames unacknowledged, numbered without a hole', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const { frames, mostUnacked } = run(steps);
        expect(mostUnacked).toBeLessThanOrEqual(2);
        expect(frames.map(({ n }) => n)).toEqual(frames.map((_, i) => i + 1));
      }),
    );
  });

  it('counts what it had to cut off for a client that stays away', () => {
    const conflator = new Conflator(10);
    for (let s = 1; s <= 25; s += 1) conflator.event(eventOf(s));
    const frame = conflator.next(0);
    expect(frame?.lost).toBe(15);
    expect(frame?.ev.map(({ s }) => s)).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25]);
  });

  it('forgets values of keys nobody wants any more', () => {
    const conflator = new Conflator();
    conflator.value('a', 1, 1);
    conflator.value('b', 2, 1);
    conflator.keepOnly(new Set(['b']));
    expect(conflator.next(0)?.t1).toEqual({ b: 2 });
  });

  it('sends a long list once, and then what changed of it', () => {
    const conflator = new Conflator();
    const items = Array.from({ length: 20 }, (_, id) => ({ id, text: 'x'.repeat(700) }));
    const tell = (list: readonly unknown[]): Frame => {
      conflator.value('signals', list, bytesOf(list));
      const frame = conflator.next(0) as Frame;
      conflator.ack(frame.n);
      return frame;
    };
    expect(tell(items).t1).toEqual({ signals: items });
    const frame = tell([{ id: 20, text: 'new' }, ...items.slice(0, 19)]);
    expect(frame.t1).toEqual({});
    expect(bytesOf(frame)).toBeLessThan(300);
    conflator.startOver();
    expect(tell(items).t1).toEqual({ signals: items });
  });

  it('puts off what does not fit into a frame, longest waiting first, and starves no key', () => {
    const conflator = new Conflator();
    const keys = ['a', 'b', 'c'];
    const tell = (text: string): void => {
      for (const key of keys) conflator.value(key, text, text.length + 2);
    };
    const next = (): Frame => {
      const frame = conflator.next(0) as Frame;
      conflator.ack(frame.n);
      return frame;
    };
    tell('first');
    expect(Object.keys(next().t1)).toEqual(keys);
    const seen: string[] = [];
    for (let i = 0; i < 6; i += 1) {
      tell(String(i).repeat(3_500));
      const frame = next();
      expect(bytesOf(frame)).toBeLessThanOrEqual(8_192);
      seen.push(Object.keys(frame.t1).join(''));
    }
    expect(seen).toEqual(['ab', 'ca', 'ba', 'ca', 'ba', 'ca']);
  });

  it('gives events half of a frame, and a backlog of them as much as it takes', () => {
    const conflator = new Conflator();
    for (let s = 1; s <= 150; s += 1) conflator.event(eventOf(s));
    const frame = conflator.next(0) as Frame;
    expect(bytesOf(frame)).toBeLessThanOrEqual(4_400);
    expect(frame.ev.length).toBeGreaterThan(20);
    for (let s = 151; s <= 500; s += 1) conflator.event(eventOf(s));
    expect(conflator.next(0)?.ev.length).toBe(200);
  });
});
