// @vitest-environment happy-dom
// The price has bars that come by a request of the browser's own, so its states need one.
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveStoreProvider } from '../client/use-live.tsx';
import type { PriceHistory } from '../routes/api.history.ts';
import { clock, empty, noMarket, row, type Scene, scenes, storeOf } from './made-window.tsx';
import { PricePane } from './price-pane.tsx';

vi.mock('@remix-run/react', () => import('../components/made-router.tsx'));
/** What the drawing was told, in place of the library that draws on a canvas. */
const drawing = vi.hoisted(() => ({ levels: [] as { readonly title: string }[], bars: 0 }));
vi.mock('./price-chart.ts', () => ({
  PriceChart: class {
    setHistory(bars: readonly unknown[]): void {
      drawing.bars = bars.length;
    }
    setLevels(levels: typeof drawing.levels): void {
      drawing.levels = levels;
    }
    addBar(): boolean {
      return true;
    }
    addBands(): void {}
    setSignals(): void {}
    remove(): void {}
  },
}));

const bar = { start: clock.now, open: 6000, high: 6004, low: 5999.5, close: 6003.25 };
const bars: PriceHistory = {
  bars: {
    node: 'footprint',
    port: 'bar',
    minutes: 5,
    rows: [{ ...bar, volume: 1200, delta: -30 }],
  },
  bands: null,
};
const market = { ...noMarket, last: 6003.25 };
let root: Root;
let box: HTMLElement;

/** Draws the pane of a scene whose server answers so; undefined for one that does not answer yet. */
async function pane(scene: Scene, answer: Response | undefined): Promise<string> {
  const never = new Promise<Response>(() => {});
  vi.stubGlobal('fetch', vi.fn().mockReturnValue(answer ? Promise.resolve(answer) : never));
  await act(async () => {
    root.render(
      <LiveStoreProvider store={storeOf(scene)}>
        <PricePane />
      </LiveStoreProvider>,
    );
    await vi.dynamicImportSettled();
  });
  return box.textContent ?? '';
}
const answerOf = (history: PriceHistory): Response => Response.json(history);
const known = (scene: Scene, more: object = {}): Scene => ({
  ...scene,
  values: { ...empty, ...scene.values, clock, market, ...more },
});

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  Object.assign(drawing, { levels: [], bars: 0 });
  box = document.body.appendChild(document.createElement('div'));
  root = createRoot(box);
});

afterEach(() => {
  act(() => root.unmount());
  box.remove();
  vi.unstubAllGlobals();
});

describe('the price without bars', () => {
  it('is being read until the server answers', async () => {
    const text = await pane(known(scenes['empty and live']!), undefined);
    expect(text).toContain('bars are being read');
    expect(text).not.toMatch(/\d/);
  });

  it('says that they could not be read, and reads again when asked', async () => {
    const text = await pane(known(scenes['empty and live']!), new Response('', { status: 500 }));
    expect(text).toContain('bars could not be read');
    expect(text).not.toMatch(/\d/);
    vi.mocked(fetch).mockResolvedValue(answerOf(bars));
    await act(async () => {
      box.querySelector('button')?.click();
      await vi.dynamicImportSettled();
    });
    expect(box.textContent).toContain('5-minute bars of footprint');
  });

  it('says which node would make them', async () => {
    const text = await pane(
      known(scenes['empty and live']!),
      answerOf({ bars: null, bands: null }),
    );
    expect(text).toContain('Not in this flow: a footprint node');
    expect(text).not.toMatch(/\d/);
  });
});

describe('the price with bars', () => {
  it('draws price and levels that are known, and no others', async () => {
    await pane(
      known(scenes['empty and live']!, { 'table:cva.area': [{ ...row, poc: null }] }),
      answerOf(bars),
    );
    expect(drawing.bars).toBe(1);
    expect(drawing.levels.map(({ title }) => title)).toEqual(['CVA VAH', 'CVA VAL', 'last']);
    const label = box.querySelector('[role="img"]')?.getAttribute('aria-label');
    expect(label).toContain('Price of 1 bars, last close 6003.25. CVA VAH 6012.5, CVA VAL 5991');
    const cells = [...box.querySelectorAll('tbody td')].map((cell) => cell.textContent);
    expect(cells).toEqual(['6000.00', '6004.00', '5999.50', '6003.25', '1,200', '−30']);
  });

  it('has no line where nothing was traded yet', async () => {
    await pane(known(scenes['empty and live']!, { market: noMarket }), answerOf(bars));
    expect(drawing.levels).toEqual([]);
  });

  it.each([
    ['empty and live', false],
    ['quiet', false],
    ['closed', false],
    ['lagging', false],
    ['replay', false],
    ['stale', true],
    ['down', true],
    ['failed', true],
  ])('is greyed when %s: %s', async (scene, isOld) => {
    await pane(known(scenes[scene]!), answerOf(bars));
    expect(box.querySelector('.chart')?.classList.contains('is-old')).toBe(isOld);
  });
});
