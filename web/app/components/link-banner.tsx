import { useEffect } from 'react';
import type { LinkState } from '../../live/link-state.ts';
import { useFrozen, useLink } from '../client/use-live.tsx';

const titles: Readonly<Partial<Record<LinkState, string>>> = {
  STALE: '⚠ STALE',
  DOWN: '✖ DOWN',
  REPLAY: '◷ REPLAY',
};

/** Puts the state where styles, tabs and the icon of the window see it. */
function useWindowState(state: LinkState): void {
  useEffect(() => {
    document.documentElement.dataset['link'] = state;
    const mark = titles[state];
    const bare = document.title.replace(/^(⚠ STALE|✖ DOWN|◷ REPLAY) · /, '');
    document.title = mark === undefined ? bare : `${mark} · ${bare}`;
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon)
      icon.href = state === 'STALE' || state === 'DOWN' ? '/favicon-stale.svg' : '/favicon.svg';
  }, [state]);
}

/** The slot below the rail: nothing while all is well. It pushes the page down and never lies over it. */
export function LinkBanner() {
  const { state, text } = useLink();
  const isFrozen = useFrozen();
  useWindowState(state);
  return (
    <div className="banner" aria-live="assertive">
      {state === 'STALE' ? (
        <p className="banner-text banner-stale">
          <span>⚠ STALE</span> <span>{text}. Numbers below are old.</span>
        </p>
      ) : null}
      {state === 'DOWN' ? (
        <p className="banner-text banner-down">
          <span>✖ DOWN</span>{' '}
          <span>{text}. Connecting again by itself; the engine keeps its own state.</span>
        </p>
      ) : null}
      {isFrozen ? (
        <p className="banner-text banner-frozen">
          <span>❚❚ FROZEN</span> <span>The page stands still, the market does not. P goes on.</span>
        </p>
      ) : null}
      {state === 'REPLAY' ? (
        <p className="banner-text banner-replay">
          <span>◷ REPLAY</span> <span>{text}</span>
        </p>
      ) : null}
    </div>
  );
}
