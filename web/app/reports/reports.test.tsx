// @vitest-environment happy-dom
import { act, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DayEnds } from '../../inspect/reports.ts';
import { EndPanel } from './end-panel.tsx';
import { NodePanel, ScorePanel, shareText } from './shares.tsx';

vi.mock('@remix-run/react', () => import('../components/made-router.tsx'));

const none = { fulfilled: 0, failed: 0, expired: 0, superseded: 0 };
const days: readonly DayEnds[] = [
  { ...none, tradeDate: '2025-11-17' },
  { ...none, tradeDate: '2025-11-18', fulfilled: 2, failed: 1 },
];
const noShare = { hits: 0, n: 0, interval: null };
let root: Root;
let box: HTMLElement;

async function show(content: ReactNode): Promise<string> {
  await act(async () => {
    root.render(content);
    await vi.dynamicImportSettled();
  });
  // The drawing comes with its library, and measures its box once it is there.
  await act(() => vi.dynamicImportSettled());
  return box.textContent ?? '';
}

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  // Nothing has a size in this environment.
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(
    DOMRect.fromRect({ width: 600, height: 180 }),
  );
  box = document.body.appendChild(document.createElement('div'));
  root = createRoot(box);
});

afterEach(() => {
  act(() => root.unmount());
  box.remove();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('bars of how things ended', () => {
  it('are drawn without moving, said in a sentence, and told as a table', async () => {
    await show(<EndPanel id="x" title="Ends" sort="setup" days={days} empty="none" />);
    const bars = box.querySelectorAll('.recharts-bar-rectangle path');
    expect(bars).toHaveLength(2);
    const image = box.querySelector('[role="img"]');
    expect(image?.getAttribute('aria-label')).toContain(
      'Bars of 2 trade days: 2 completed, 1 rejected, 0 expired.',
    );
    const rows = [...box.querySelectorAll('tbody tr')].map((row) => row.textContent);
    expect(rows).toEqual(['2025-11-18210', '2025-11-17000']);
    expect(box.querySelectorAll('.end-legend li')).toHaveLength(3);
  });

  it('are not drawn where nothing ended, and the reason stands there', async () => {
    const empty = days.slice(0, 1);
    const text = await show(
      <EndPanel id="x" title="Ends" sort="expectation" days={empty} empty="nothing ended" />,
    );
    expect(text).toContain('nothing ended');
    expect(text).not.toMatch(/\d/);
    expect(box.querySelector('svg')).toBeNull();
  });
});

describe('a share', () => {
  it('never stands without its size and its interval', async () => {
    const share = { hits: 2, n: 3, interval: { low: 0.208, high: 0.939 } };
    expect(shareText(share)).toBe('2 of 3: 67 % (21 to 94 %)');
    expect(shareText(noShare)).toBe('no case');
    const ends = [{ ...none, sort: 'setup' as const, fulfilled: 2, failed: 1, share }];
    const text = await show(<NodePanel nodes={[{ node: 'eighty', signals: 3, ends }]} />);
    expect(text).toContain('setups21002 of 3: 67 % (21 to 94 %)');
  });

  it('is not taken of a node whose signals have no end, nor of plans without a score', async () => {
    const text = await show(<NodePanel nodes={[{ node: 'tape', signals: 39, ends: [] }]} />);
    expect(text).toContain('tape39its signals have no end that is told');
    expect(text).not.toContain('%');
    const scores = <ScorePanel scores={[]} condition={noShare} bias={noShare} />;
    expect(await show(scores)).toContain('no plan of these sessions was scored');
  });
});
