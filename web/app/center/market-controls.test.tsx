import { renderToString } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { LiveStore } from '../client/live-store.ts';
import { LiveStoreProvider } from '../client/use-live.tsx';
import { MarketControls, saidOf } from './market-controls.tsx';

vi.mock('@remix-run/react', () => import('../components/made-router.tsx'));

const microsPerHour = 3_600_000_000;

/** The controls of a market that runs, some time after the last word of the engine. */
function controls(silentMs: number): string {
  const store = new LiveStore();
  store.seed('facts', { zone: 'UTC', source: { id: 'market', plugin: 'simulator' } });
  store.seed('clock', { now: 0, next: [{ ts: microsPerHour, phase: 'rth-opening' }] });
  store.seed('source', { canPace: true, state: 'running', pace: 60, jumpingTo: null, ageMs: 1 });
  store.connecting(1);
  store.takeHello({ kind: 'hello', v: 1, run: 'r', lastSeq: 0, gap: false }, 1);
  const feeds = [{ id: 'market', ageMs: 1, state: 'running' as const }];
  store.takeBeat({ kind: 'beat', eng: 0, feeds }, 1);
  store.judge(1 + silentMs);
  return renderToString(
    <LiveStoreProvider store={store}>
      <MarketControls />
    </LiveStoreProvider>,
  );
}

describe('the controls of the market', () => {
  it('are there while the engine speaks', () => {
    expect(controls(0)).toContain('Pause');
    expect(controls(0)).not.toContain('disabled');
  });

  it.each([
    ['old', 4_000, 'refused: what this window shows is old'],
    ['lost', 11_000, 'refused: the engine does not answer this window'],
  ])('give no command while what is shown is %s, and say so', (_, silentMs, words) => {
    const shown = controls(silentMs);
    expect(shown).toContain(words);
    // Pause, the group of speeds, and the jump.
    expect(shown.match(/disabled=""/g)).toHaveLength(3);
  });
});

describe('the answer to a command', () => {
  it('is told where nothing was done: refused, or so already', () => {
    expect(saidOf({ ok: true, value: { already: null } })).toBeNull();
    expect(saidOf({ ok: false, error: 'that moment is past' })).toBe('that moment is past');
    const said = saidOf({ ok: true, value: { already: 'paused already' } });
    expect(said).toBe('the market is paused already: another window was first');
  });
});
