// @vitest-environment happy-dom
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { empty, noMarket, storeOf } from '../center/made-window.tsx';
import { panels } from '../center/panel-list.tsx';
import { Pressure } from '../center/pressure.tsx';
import type { LiveStore } from '../client/live-store.ts';
import { LiveStoreProvider, useLive } from '../client/use-live.tsx';
import { DeckContext } from './deck.ts';
import { Panel } from './panel.tsx';

vi.mock('@remix-run/react', () => import('./made-router.tsx'));

const badPrice = 13;
let root: Root;
let box: HTMLElement;
let store: LiveStore;

/** A panel with a fault: it does not bear one certain price. */
function Faulty() {
  const last = useLive('market')?.last ?? null;
  if (last === badPrice) throw new Error('a price nobody thought of');
  return <p>price {last}</p>;
}

/** What the engine says next. */
function tell(n: number, t1: Readonly<Record<string, unknown>>): void {
  act(() => {
    store.takeFrame({ kind: 'frame', n, asOf: n, t1, lists: {}, gone: [], ev: [], lost: 0 }, n);
    store.flush();
  });
}
const priceOf = (last: number) => ({ market: { ...noMarket, last } });
const pressureOf = (share: number) => ({ 'table:tape.state': [{ pressure60: share }] });
const textOf = (id: string): string => box.querySelector(`#${id}`)?.textContent ?? '';

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  // React tells of each error that a boundary caught.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  box = document.body.appendChild(document.createElement('div'));
  root = createRoot(box);
  store = storeOf({ values: { ...empty, ...priceOf(6003.25), ...pressureOf(0.41) } });
  const deck = { aloneOf: () => null };
  act(() =>
    root.render(
      <LiveStoreProvider store={store}>
        <DeckContext.Provider value={deck}>
          <Panel id="faulty" title="Faulty">
            <Faulty />
          </Panel>
          <Pressure />
          {panels.get('feed')}
        </DeckContext.Provider>
      </LiveStoreProvider>,
    ),
  );
});

afterEach(() => {
  act(() => root.unmount());
  box.remove();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('says that it could not be drawn and why, while the others go on', () => {
  expect(textOf('faulty')).toContain('price 6003.25');
  expect(textOf('pressure')).toContain('+41 %');
  tell(1, priceOf(badPrice));
  const alert = box.querySelector('#faulty [role="alert"]');
  expect(alert?.textContent).toContain('could not be drawn: a price nobody thought of');
  // It stays where it was, under its own title, and shows no number any more.
  expect(box.querySelector('#faulty h2')?.textContent).toBe('Faulty');
  expect(textOf('faulty')).not.toMatch(/\d/);
  tell(2, pressureOf(-0.2));
  expect(textOf('pressure')).toContain('−20 %');
  expect(textOf('feed')).toContain('LIVE');
  expect(box.querySelectorAll('[role="alert"]')).toHaveLength(1);
});

it('is drawn again by its button, which is of use once the cause is gone', () => {
  tell(1, priceOf(badPrice));
  const again = (): void =>
    act(() => box.querySelector<HTMLElement>('#faulty .error-box button')?.click());
  again();
  expect(textOf('faulty')).toContain('could not be drawn');
  tell(2, priceOf(6004));
  again();
  expect(textOf('faulty')).toContain('price 6004');
  expect(box.querySelector('[role="alert"]')).toBeNull();
});
