// Every panel of the page in every state it can be in: it is drawn, it invents no number, and it looks like the state.
import type { ComponentType } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { MarketRail } from '../components/market-rail.tsx';
import { madePanels, sceneWith } from './made-panels.ts';
import { digitsIn, drawOnDeck, scenes, storeOf, textIn } from './made-window.tsx';
import { panels } from './panel-list.tsx';

vi.mock('@remix-run/react', () => import('../components/made-router.tsx'));

const drawn = new Map<string, ComponentType>([
  ['rail', MarketRail],
  ...[...panels].map(([id, panel]): [string, ComponentType] => [id, () => panel]),
]);

/** What the chip says in each state of the link, and how it looks. */
const states = [
  ['loading', 'LOADING', 'plain'],
  ['empty and live', 'LIVE', 'ok'],
  ['quiet', 'QUIET', 'ok'],
  ['closed', 'CLOSED', 'plain'],
  ['lagging', 'LAGGING', 'caution'],
  ['stale', 'STALE', 'alarm'],
  ['down', 'DOWN', 'alarm'],
  ['failed', 'DOWN', 'alarm'],
  ['replay', 'REPLAY', 'replay'],
] as const;
/** What these show is not of the engine's last word, so that it does not grow old. */
const still = ['position', 'permission', 'market'];

const everyPanel = [...drawn];
const withEach = <T,>(others: readonly T[]) =>
  everyPanel.flatMap(([id, Panel]) => others.map((other) => [id, other, Panel] as const));

it('has data made up for every panel there is, and for no other', () => {
  expect(Object.keys(madePanels).sort()).toEqual([...drawn.keys()].sort());
});

describe('a panel without data', () => {
  it.each(withEach(Object.keys(scenes)))(
    '%s shows words and no digit when %s',
    (id, name, Panel) => {
      const html = drawOnDeck(Panel, storeOf(scenes[name]!));
      expect(digitsIn(html)).toEqual([]);
      // A word besides its title: why there is nothing, or what is known without the engine.
      const body = id === 'rail' ? html : html.slice(html.indexOf('panel-body"') + 12);
      expect(textIn(body)).toMatch(/[a-z]{2}/i);
      expect(html.includes(`id="${id}"`)).toBe(id !== 'rail');
    },
  );

  const waiting = everyPanel.filter(
    ([id]) => !['feed', 'log', 'price', 'rail', ...still].includes(id),
  );
  it.each([...waiting, ['market', drawn.get('market')!] as const])(
    '%s says that the engine is starting, and that it failed before it began',
    (_, Panel) => {
      expect(textIn(drawOnDeck(Panel, storeOf(scenes['loading']!)))).toContain(
        'engine is starting',
      );
      const failed = textIn(drawOnDeck(Panel, storeOf(scenes['failed before it began']!)));
      expect(failed).toContain('the engine failed before it began; Health says why');
    },
  );
});

describe('a panel with data', () => {
  const shownStates = states.map(([scene]) => scene);

  it.each(withEach(shownStates))(
    '%s reads all of it and no other number when %s',
    (id, scene, Panel) => {
      // Before the first word over the socket no event came.
      const isHeard = scene !== 'loading' || id !== 'log';
      for (const part of ['live', 'partial'] as const) {
        const shown = madePanels[id]![part];
        const html = drawOnDeck(Panel, storeOf(sceneWith(shown, scenes[scene]!)));
        expect(digitsIn(html)).toEqual(isHeard ? (shown.reads.match(/\d+/g) ?? []) : []);
      }
    },
  );

  it.each(withEach(states))('%s looks %s', (id, [scene, word, tone], Panel) => {
    const html = drawOnDeck(Panel, storeOf(sceneWith(madePanels[id]!.live, scenes[scene]!)));
    const isOld = tone === 'alarm';
    if (id === 'rail' || id === 'feed') {
      expect(html).toContain(`chip chip-${tone}`);
      expect(textIn(html)).toContain(word);
    }
    if (id === 'market') expect(html.includes('refused: ')).toBe(isOld);
    if (id === 'rail') return;
    // The sheet greys and hatches panels of this class while the link is broken, as one sees in the browser's own tests.
    const growsOld = !still.includes(id);
    expect(html.includes('panel-live')).toBe(growsOld);
    expect(/\(\d+\.\d s ago\)/.test(textIn(html))).toBe(growsOld && isOld);
  });

  it.each(states)('the rail says how old its numbers are and of what market when %s', (scene) => {
    const { live } = madePanels['rail']!;
    const html = drawOnDeck(MarketRail, storeOf(sceneWith(live, scenes[scene]!)));
    const tells = !['loading', 'stale', 'down', 'failed'].includes(scene);
    expect(html.includes('data-testid="ages"')).toBe(tells);
    const skin = scene === 'replay' ? 'OBSERVE · REPLAY' : 'OBSERVE · SIMULATED';
    expect(textIn(html)).toContain(skin);
  });

  it.each(withEach(['stale', 'down']))('%s claims nothing of now when %s', (id, scene, Panel) => {
    const html = drawOnDeck(Panel, storeOf(sceneWith(madePanels[id]!.live, scenes[scene]!)));
    // What a mark says is true of now or is not said: filled and half filled circles, lamps, needles, permission.
    expect(textIn(html)).not.toMatch(/[●◐]|permits trades/);
    expect(html).not.toMatch(/lamp-on|pressure-bar|delta-line|chip-ok/);
  });
});
