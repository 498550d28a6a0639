import { useLocation } from '@remix-run/react';
import { useEffect, useRef, useState } from 'react';
import type { Link, LinkState } from '../../live/link-state.ts';
import { useIsPast } from '../client/use-is-past.ts';
import { useFrozen, useLink, useLive } from '../client/use-live.tsx';
import { clockText, dateText, priceText, zoneWord } from '../format.ts';
import { AlertBanner } from './alert-banner.tsx';
import { FrozenAge } from './frozen-age.tsx';

const titles: Readonly<Partial<Record<LinkState, string>>> = {
  STALE: '⚠ STALE',
  DOWN: '✖ DOWN',
  REPLAY: '◷ REPLAY',
};

/** Puts the state where styles, tabs and the icon of the window see it; `symbol` tells windows on several instruments apart. */
function useWindowState(state: LinkState, isReplay: boolean, symbol: string | null): void {
  // A page of the past draws a frame of its own.
  const isMarked = useIsPast() || isReplay;
  // Another page brings a title of its own.
  const { key } = useLocation();
  const prefix = useRef('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const { documentElement } = document;
    documentElement.dataset['link'] = state;
    documentElement.classList.toggle('is-replay', isReplay);
    const mark = titles[state] ?? (isMarked ? titles.REPLAY : undefined);
    const { title } = document;
    const bare = title.startsWith(prefix.current) ? title.slice(prefix.current.length) : title;
    prefix.current = [mark, symbol].flatMap((part) => (part ? [`${part} · `] : [])).join('');
    document.title = `${prefix.current}${bare}`;
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon)
      icon.href = state === 'STALE' || state === 'DOWN' ? '/favicon-stale.svg' : '/favicon.svg';
  }, [state, isReplay, isMarked, symbol, key]);
}

/** What is said once to those who hear the page; what ticks beside it is for the eye alone. */
function spokenOf({ state, text, todo, trouble }: Link): string {
  if (state === 'STALE') return 'Stale: the engine fell silent, numbers below are old.';
  if (state !== 'DOWN') return '';
  return todo === undefined
    ? 'Down: no connection to the engine. Connecting again by itself.'
    : `${trouble === 'feed' ? 'Failed' : 'Down'}: ${text}. ${todo}`;
}

/** What was known last: in this mode no position, so the price and its time. */
function LastKnown() {
  const facts = useLive('facts');
  const market = useLive('market');
  const clock = useLive('clock');
  if (!facts || !clock || market?.last === null || market?.last === undefined) return null;
  const { symbol, decimals } = facts.instrument;
  return (
    <span className="num" data-testid="last-known">
      last known: {symbol} {priceText(market.last, decimals)} at {clockText(facts.zone, clock.now)}{' '}
      {zoneWord(facts.zone)}
    </span>
  );
}

function Broken({ state, text, todo, trouble }: Link) {
  if (state === 'STALE')
    return (
      <p className="banner-text banner-stale" aria-hidden="true">
        <span>⚠ STALE</span> <span>{text}. Numbers below are old.</span>
      </p>
    );
  if (state === 'DOWN')
    return (
      <p className="banner-text banner-down" aria-hidden="true">
        <span>✖ {trouble === 'feed' ? 'FAILED' : 'DOWN'}</span>{' '}
        <span>
          {text}. {todo ?? 'Connecting again by itself; the engine keeps its own state.'}
        </span>{' '}
        <LastKnown />
      </p>
    );
  return null;
}

/** A recording is never taken for now: the word, and the time it is of. */
function Replay() {
  const clock = useLive('clock');
  const zone = useLive('facts')?.zone;
  return (
    <p className="banner-text banner-replay">
      <span>◷ REPLAY</span>{' '}
      <span>
        recorded data, not now
        {clock && zone !== undefined ? (
          <>
            ; the recording is at{' '}
            <span className="num" data-testid="replay-time">
              {dateText(zone, clock.now)} {clockText(zone, clock.now)} {zoneWord(zone)}
            </span>
          </>
        ) : null}
      </span>
    </p>
  );
}

function Frozen() {
  const [since] = useState(() => performance.now());
  return (
    <p className="banner-text banner-frozen">
      <FrozenAge since={since} />
      <span>The page stands still, the market does not. P goes on.</span>
    </p>
  );
}

/** The slot below the rail: nothing while all is well. It pushes the page down and never lies over it. */
export function LinkBanner() {
  const link = useLink();
  const isFrozen = useFrozen();
  const facts = useLive('facts');
  const isReplay = facts?.source?.isReplay ?? false;
  const isOneOfSeveral = facts !== undefined && facts.instruments.length > 1;
  const symbol = isOneOfSeveral ? facts.instrument.symbol : null;
  useWindowState(link.state, isReplay, symbol);
  return (
    <div className="banner">
      <p className="hidden-visually" aria-live="assertive">
        {spokenOf(link)}
      </p>
      <Broken {...link} />
      {isFrozen ? <Frozen /> : null}
      {isReplay ? <Replay /> : null}
      <AlertBanner />
    </div>
  );
}
