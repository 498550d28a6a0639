import { Link, useLocation, useMatches } from '@remix-run/react';
import { useLive } from '../client/use-live.tsx';
import { otherInstrument, type ShownPage } from '../instrument.ts';

/** The page that is shown, with the moment of the past it looks at. */
function useShownPage(): ShownPage {
  const { pathname, search } = useLocation();
  const data = useMatches().at(-1)?.data as
    | { readonly page?: { readonly moment?: { readonly ts: number } | null } | null }
    | undefined;
  return { pathname, search, ts: data?.page?.moment?.ts ?? null };
}

/** Returns where this page shows each instrument of the flow; nothing where there is no choice. */
export function useInstrumentLinks(): readonly { readonly symbol: string; readonly to: string }[] {
  const symbols = useLive('facts')?.instruments ?? [];
  const page = useShownPage();
  if (symbols.length < 2) return [];
  return symbols.map((symbol) => ({ symbol, to: otherInstrument(page, symbol) }));
}

function Choice({ now }: { readonly now: string }) {
  const links = useInstrumentLinks();
  return (
    <nav className="instruments" aria-label="Instrument">
      {links.map(({ symbol, to }) => (
        <Link
          key={symbol}
          to={to}
          preventScrollReset
          {...(symbol === now ? { 'aria-current': 'true' as const } : {})}
        >
          {symbol}
        </Link>
      ))}
    </nav>
  );
}

/** Names the instrument that is shown; where the flow runs on several, a link to each. */
export function InstrumentChoice() {
  const facts = useLive('facts');
  const now = facts?.instrument.symbol ?? 'starting';
  return facts && facts.instruments.length > 1 ? <Choice now={now} /> : <strong>{now}</strong>;
}
