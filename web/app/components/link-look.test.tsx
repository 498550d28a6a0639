import { expect, it, vi } from 'vitest';
import { draw, scenes, storeOf, textIn } from '../center/made-window.tsx';
import { LinkBanner } from './link-banner.tsx';
import { LinkChip } from './market-rail.tsx';

vi.mock('@remix-run/react', () => import('./made-router.tsx'));

const looks = [
  ['loading', 'LOADING', 'plain', null],
  ['empty and live', 'LIVE', 'ok', null],
  ['quiet', 'QUIET', 'ok', null],
  ['closed', 'CLOSED', 'plain', null],
  ['lagging', 'LAGGING', 'caution', null],
  ['stale', 'STALE', 'alarm', '⚠ STALE'],
  ['replay', 'REPLAY', 'replay', '◷ REPLAY'],
  ['down', 'DOWN', 'alarm', '✖ DOWN'],
  ['failed', 'DOWN', 'alarm', '✖ FAILED'],
  ['failed before it began', 'DOWN', 'alarm', '✖ FAILED'],
] as const;

it.each(looks)(
  '%s looks like itself: word, shape, and the banner it has',
  (name, word, tone, banner) => {
    const store = storeOf(scenes[name]!);
    const chip = draw(LinkChip, store);
    expect(textIn(chip)).toContain(word);
    expect(chip).toContain(`chip chip-${tone}`);
    const said = textIn(draw(LinkBanner, store));
    for (const [, , , other] of looks)
      if (other !== null) expect(said.includes(other)).toBe(other === banner);
  },
);

it('has a look for every state of the link there is', () => {
  expect(Object.keys(scenes).filter((name) => !looks.some(([known]) => known === name))).toEqual([
    'no table wired',
  ]);
});
