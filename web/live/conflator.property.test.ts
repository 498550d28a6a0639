import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Conflator } from './conflator.ts';
import type { Frame, LiveEvent } from './wire.ts';

type Step =
  | { readonly kind: 'value'; readonly key: string; readonly value: number }
  | { readonly kind: 'event' }
  | { readonly kind: 'frame' }
  | { readonly kind: 'ack' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('value' as const),
    key: fc.constantFrom('a', 'b', 'c'),
    value: fc.integer(),
  }),
  fc.record({ kind: fc.constant('event' as const) }),
  fc.record({ kind: fc.constant('frame' as const) }),
  fc.record({ kind: fc.constant('ack' as const) }),
);

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
  const newest = new Map<string, number>();
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
      conflator.value(each.key, each.value);
      newest.set(each.key, each.value);
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
        const told = new Map<string, unknown>();
        for (const { t1 } of frames)
          for (const [key, value] of Object.entries(t1)) told.set(key, value);
        expect(told).toEqual(newest);
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
    conflator.value('a', 1);
    conflator.value('b', 2);
    conflator.keepOnly(new Set(['b']));
    expect(conflator.next(0)?.t1).toEqual({ b: 2 });
  });
});
