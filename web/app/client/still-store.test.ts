import { describe, expect, it } from 'vitest';
import { LiveStore } from './live-store.ts';
import { StillStore } from './still-store.ts';

function running(): LiveStore {
  const store = new LiveStore();
  store.want('market');
  store.seed('market', { last: 1 });
  store.seed('clock', { now: 1 });
  store.connecting(1);
  store.takeHello({ kind: 'hello', v: 1, run: 'r', lastSeq: 0, gap: false }, 1);
  return store;
}

const frame = (t1: Readonly<Record<string, unknown>>) => ({
  kind: 'frame' as const,
  n: 1,
  asOf: 1,
  t1,
  lists: {},
  gone: [],
  ev: [{ s: 1, type: 'notice' as const, ts: 1, node: '', port: null, seq: null, payload: {} }],
  lost: 0,
});

describe('a store that stands still', () => {
  it('keeps what was known then, and no event that came later', () => {
    const live = running();
    const still = new StillStore(live);
    live.takeFrame(frame({ market: { last: 2 } }), 2);
    expect(live.value('market')).toEqual({ last: 2 });
    expect(live.eventsNow).toHaveLength(1);
    expect(still.value('market')).toEqual({ last: 1 });
    expect(still.eventsNow).toEqual([]);
  });

  it('keeps a key it is first asked for later from then on', () => {
    const live = running();
    const still = new StillStore(live);
    expect(still.value('clock')).toEqual({ now: 1 });
    live.takeFrame(frame({ clock: { now: 2 } }), 2);
    expect(still.value('clock')).toEqual({ now: 1 });
  });

  it('never hides that the engine fell silent', () => {
    const live = running();
    const still = new StillStore(live);
    live.judge(5_000);
    expect(still.linkNow.state).toBe('STALE');
  });

  it('goes on asking the server for its keys', () => {
    const live = running();
    const still = new StillStore(live);
    const giveBack = still.want('run');
    expect(live.wantedKeys).toContain('run');
    giveBack();
    expect(live.wantedKeys).not.toContain('run');
  });
});
