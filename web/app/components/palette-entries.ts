import type { MarketState } from '#engine/cli/market-control.ts';
import type { ClockValue, FactsValue } from '../../live/values.ts';
import { jumpTarget, nextEvent, paces } from '../center/market-controls.tsx';
import { presetAddress, presets } from '../center/presets.tsx';
import type { ShortcutKind } from '../client/shortcuts.ts';
import { holdsWords } from '../search.ts';
import { shortcutPages } from './shortcut-pages.ts';

/** What choosing an entry does. */
export type PaletteAction =
  | { readonly kind: 'go'; readonly to: string }
  | { readonly kind: 'panel'; readonly id: string }
  | { readonly kind: 'shortcut'; readonly shortcut: ShortcutKind }
  | { readonly kind: 'command'; readonly body: Readonly<Record<string, unknown>> };

/** One line of the palette. */
export interface PaletteEntry {
  readonly group: 'panel' | 'instrument' | 'page' | 'machine' | 'market' | 'window';
  readonly text: string;
  readonly hint: string;
  readonly action: PaletteAction;
}

/** What the palette is made from. */
export interface PaletteFacts {
  /** Panels of the page, in their order. */
  readonly panels: readonly { readonly id: string; readonly title: string }[];
  /** Where this page shows each instrument; none where there is no choice. */
  readonly instruments: readonly { readonly symbol: string; readonly to: string }[];
  readonly facts: FactsValue | undefined;
  readonly source: MarketState | undefined;
  readonly clock: ClockValue | null | undefined;
  /** Nothing that changes the market is offered: to a viewer, and while what is shown is old. */
  readonly isRefused: boolean;
}

const go = (
  group: PaletteEntry['group'],
  text: string,
  to: string,
  hint: string = group,
): PaletteEntry => ({ group, text, hint, action: { kind: 'go', to } });

function marketEntries({ source, clock, isRefused }: PaletteFacts): readonly PaletteEntry[] {
  if (isRefused || !source?.canPace) return [];
  const command = (text: string, body: Readonly<Record<string, unknown>>): PaletteEntry => ({
    group: 'market',
    text,
    hint: 'market',
    action: { kind: 'command', body },
  });
  const isPaused = source.state === 'paused';
  const pace = typeof source.pace === 'number' ? source.pace : 1;
  const event = clock && source.jumpingTo === null ? nextEvent(clock) : null;
  return [
    isPaused
      ? command('Go on with the market', { command: 'resume' })
      : command('Pause the market', { command: 'pause' }),
    ...paces
      .filter((other) => other !== source.pace)
      .map((other) => command(`Speed ${other}×`, { command: 'pace', pace: other })),
    ...(clock && event
      ? [
          command(`Jump to the next event: ${event.text}`, {
            command: 'jump',
            to: jumpTarget(event.ts, clock.now, pace),
          }),
        ]
      : []),
  ];
}

const windowEntries: readonly PaletteEntry[] = (
  [
    ['Freeze the page, or let it go on', 'freeze'],
    ['Sound on or off', 'sound'],
    ['Acknowledge', 'acknowledge'],
  ] as const
).map(([text, shortcut]) => ({
  group: 'window',
  text,
  hint: 'window',
  action: { kind: 'shortcut', shortcut },
}));

/** Returns everything the palette offers on this page. */
export function paletteEntries(made: PaletteFacts): readonly PaletteEntry[] {
  const machines = made.facts?.machines ?? [];
  return [
    ...made.panels.map(({ id, title }) => ({
      group: 'panel' as const,
      text: title,
      hint: 'panel of this page',
      action: { kind: 'panel' as const, id },
    })),
    ...made.instruments.map(({ symbol, to }) => go('instrument', `Instrument ${symbol}`, to)),
    ...shortcutPages.map(({ to, text, key }) => go('page', text, to, `page, g ${key}`)),
    go('page', 'Why did it not fire', '/why'),
    go('page', 'Keys', '/help/keys', 'help'),
    go('page', 'Glossary', '/help/glossary', 'help'),
    go('page', 'Error codes', '/help/codes', 'help'),
    ...presets.map(({ id, text, says }) => go('page', `Layout ${text}`, presetAddress(id), says)),
    ...machines.map(({ node, plugin }) => go('machine', node, `/machines/${node}`, plugin)),
    ...marketEntries(made),
    ...windowEntries,
  ];
}

/** Entries that hold every word, those that begin with what was written first. */
export function findEntries(
  entries: readonly PaletteEntry[],
  wanted: string,
): readonly PaletteEntry[] {
  const written = wanted.trim().toLowerCase();
  const found = entries.filter(({ text, hint, group }) => holdsWords([text, hint, group], written));
  if (written === '') return found;
  const begins = ({ text }: PaletteEntry): boolean => text.toLowerCase().startsWith(written);
  return [...found.filter(begins), ...found.filter((entry) => !begins(entry))];
}
