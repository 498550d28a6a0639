import { describe, expect, it } from 'vitest';
import type { Frame, LiveEvent } from '../../live/wire.ts';
import { LiveStore } from './live-store.ts';

const event = (s: number): LiveEvent => ({
  s,
  type: 'signal',
  ts: s,
  node: 'n',
  port: 'p',
  seq: s,
  payload: {},
});
const frame = (n: number, more: Partial<Frame> = {}): Frame => ({
  kind: 'frame',
  n,
  asOf: n,
  t1: {},
  lists: {},
  gone: [],
  ev: [],
  lost: 0,
  ...more,
});

function connected(): LiveStore {
  const store = new LiveStore();
  store.connecting(0);
  store.takeHello({ kind: 'hello', v: 1, run: 'r1', lastSeq: 0, gap: false }, 10);
  return store;
}

describe('the store of a window', () => {
  it('tells each listener once for many frames', () => {
    const store = connected();
    let told = 0;
    store.subscribe('market', () => (told += 1));
    store.takeFrame(frame(1, { t1: { market: 1 } }), 20);
    store.takeFrame(frame(2, { t1: { market: 2 } }), 30);
    expect(told).toBe(0);
    store.flush();
    expect(told).toBe(1);
    expect(store.value('market')).toBe(2);
  });

  it('forgets the values of a run that is over, and keeps them through a mere loss', () => {
    const store = connected();
    store.takeFrame(frame(1, { t1: { market: 2 } }), 20);
    store.takeHello({ kind: 'hello', v: 1, run: 'r1', lastSeq: 0, gap: false }, 30);
    expect(store.value('market')).toBe(2);
    let told = 0;
    store.subscribe('market', () => (told += 1));
    store.takeHello({ kind: 'hello', v: 1, run: 'r2', lastSeq: 0, gap: false }, 40);
    store.flush();
    expect(store.value('market')).toBeUndefined();
    expect(told).toBe(1);
  });

  it('keeps them on a page that stands still, until it goes on', () => {
    const store = connected();
    store.takeFrame(frame(1, { t1: { market: 2, clock: 3 } }), 20);
    store.freeze(true);
    store.takeFrame(frame(2, { t1: { clock: 4 } }), 25);
    store.takeHello({ kind: 'hello', v: 1, run: 'r2', lastSeq: 0, gap: false }, 30);
    store.takeFrame(frame(1, { t1: { market: 5 } }), 40);
    expect([store.value('market'), store.value('clock')]).toEqual([2, 3]);
    store.freeze(false);
    expect([store.value('market'), store.value('clock')]).toEqual([5, undefined]);
  });

  it('forgets a value that is there no more', () => {
    const store = connected();
    store.takeFrame(frame(1, { t1: { market: 2 } }), 20);
    store.takeFrame(frame(2, { gone: ['market'] }), 30);
    store.seed('market', 1);
    expect(store.value('market')).toBeUndefined();
  });

  it('makes lists of what changed of them, on a page that stands still too', () => {
    const store = connected();
    store.takeFrame(frame(1, { t1: { signals: ['a', 'b'] } }), 20);
    store.freeze(true);
    store.takeFrame(frame(2, { lists: { signals: [['c'], 0, 1] } }), 30);
    store.takeFrame(frame(3, { lists: { signals: [0, 1] } }), 40);
    expect(store.value('signals')).toEqual(['a', 'b']);
    store.freeze(false);
    expect(store.value('signals')).toEqual(['c', 'a']);
  });

  it('prefers what came over the socket to what the page was painted with', () => {
    const store = connected();
    store.seed('market', 1);
    expect(store.value('market')).toBe(1);
    store.takeFrame(frame(1, { t1: { market: 2 } }), 20);
    store.seed('market', 1);
    expect(store.value('market')).toBe(2);
  });

  it('takes events in order, once, and sees a gap', () => {
    const store = connected();
    store.takeFrame(frame(1, { ev: [event(1), event(2)] }), 20);
    store.takeFrame(frame(2, { ev: [event(2), event(3)] }), 30);
    expect(store.eventsNow.map(({ s }) => s)).toEqual([1, 2, 3]);
    expect(store.takeFrame(frame(3, { ev: [event(5)] }), 40)).toEqual({ isWhole: false });
    expect(store.linkNow.state).toBe('STALE');
    expect(store.lastSeq).toBe(3);
  });

  it('goes on after a reconnection with what it missed, without doubling anything', () => {
    const store = connected();
    store.takeFrame(frame(1, { ev: [event(1)] }), 20);
    store.closed(30, 1006);
    expect(store.linkNow.state).toBe('DOWN');
    store.connecting(40);
    store.takeHello({ kind: 'hello', v: 1, run: 'r1', lastSeq: 3, gap: false }, 50);
    store.takeFrame(frame(1, { ev: [event(2), event(3)] }), 60);
    expect(store.eventsNow.map(({ s }) => s)).toEqual([1, 2, 3]);
  });

  it('begins anew when the server is another run', () => {
    const store = connected();
    store.takeFrame(frame(1, { ev: [event(1)] }), 20);
    store.takeHello({ kind: 'hello', v: 1, run: 'r2', lastSeq: 7, gap: false }, 50);
    expect(store.eventsNow).toEqual([]);
    store.takeFrame(frame(1, { ev: [event(8)] }), 60);
    expect(store.eventsNow.map(({ s }) => s)).toEqual([8]);
  });

  it('stands still while it is frozen and shows all of it afterwards', () => {
    const store = connected();
    store.takeFrame(frame(1, { t1: { market: 1 } }), 20);
    store.freeze(true);
    store.takeFrame(frame(2, { t1: { market: 2 }, ev: [event(1)] }), 30);
    expect(store.value('market')).toBe(1);
    expect(store.eventsNow).toEqual([]);
    store.judge(9_000);
    expect(store.linkNow.state).toBe('STALE');
    store.freeze(false);
    expect(store.value('market')).toBe(2);
    expect(store.eventsNow.map(({ s }) => s)).toEqual([1]);
  });

  it('tells of events and alerts at once on a page that stands still', () => {
    const store = connected();
    store.freeze(true);
    const many = Array.from({ length: 700 }, (_, i) => event(i + 1));
    store.takeFrame(frame(1, { t1: { alerts: { open: 1 }, market: 2 }, ev: many }), 20);
    expect(store.heardNow).toHaveLength(500);
    expect(store.value('alerts')).toEqual({ open: 1 });
    expect([store.value('market'), store.eventsNow]).toEqual([undefined, []]);
    store.freeze(false);
    expect(store.eventsNow).toHaveLength(500);
  });

  it('reads every feed, and what the engine said of itself', () => {
    const store = connected();
    const feeds = [
      { id: 'a', ageMs: 3, state: 'running' as const },
      { id: 'b', ageMs: 38, state: 'running' as const },
    ];
    store.takeBeat({ kind: 'beat', feeds, eng: 4 }, 20);
    expect(store.agesNow).toEqual({ feedMs: 38, engineMs: 4 });
    expect(store.linkNow.state).toBe('LIVE');
    store.takeBeat({ kind: 'beat', feeds, eng: 700 }, 30);
    expect(store.linkNow).toMatchObject({ state: 'LAGGING', text: expect.stringContaining('662') });
    store.takeBeat(
      { kind: 'beat', feeds: [...feeds, { id: 'c', ageMs: 1, state: 'failed' }], eng: 4 },
      40,
    );
    expect(store.linkNow.text).toContain("'c' failed");
  });

  it('counts down to the next connection', () => {
    const store = connected();
    store.closed(1_000, 1006);
    store.waiting(3_500, 1_000);
    expect(store.linkNow.text).toContain('next try in 3 s');
    store.judge(2_600);
    expect(store.linkNow.text).toContain('next try in 1 s');
    store.takeHello({ kind: 'hello', v: 1, run: 'r1', lastSeq: 0, gap: false }, 4_000);
    store.closed(5_000, 1006);
    expect(store.linkNow.text).not.toContain('next try');
  });

  it('asks for a key as long as somebody wants it', () => {
    const store = connected();
    const asked: string[] = [];
    store.onWant = (keys) => asked.push(keys.join(' '));
    const first = store.want('market');
    const second = store.want('market');
    first();
    second();
    expect(asked).toEqual(['market', '']);
  });
});
