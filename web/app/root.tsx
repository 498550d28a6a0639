import plexMono400 from '@fontsource/ibm-plex-mono/latin-400.css?url';
import plexMono600 from '@fontsource/ibm-plex-mono/latin-600.css?url';
import plexSans400 from '@fontsource/ibm-plex-sans/latin-400.css?url';
import plexSans600 from '@fontsource/ibm-plex-sans/latin-600.css?url';
import {
  json,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  useLoaderData,
  useLocation,
  useRouteError,
  useRouteLoaderData,
  useSearchParams,
} from '@remix-run/react';
import { type ReactNode, useContext } from 'react';
import { readValues } from '../gateway/live-values.ts';
import { chosenOf } from './chosen-task.server.ts';
import { InstrumentContext } from './client/use-instrument.ts';
import { LiveProvider } from './client/use-live.tsx';
import { Link } from './components/link.tsx';
import { LinkBanner } from './components/link-banner.tsx';
import { BareRail, MarketRail } from './components/market-rail.tsx';
import { Nav } from './components/nav.tsx';
import { instrumentOf, isOtherInstrument, otherInstrument, withInstrument } from './instrument.ts';
import { NonceContext } from './nonce.ts';
import base from './styles/base.css?url';
import forced from './styles/forced.css?url';
import panel from './styles/panel.css?url';
import shell from './styles/shell.css?url';
import tokens from './styles/tokens.css?url';

export const links: LinksFunction = () => [
  { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' },
  ...[plexSans400, plexSans600, plexMono400, plexMono600, tokens, base, shell, panel, forced].map(
    (href) => ({ rel: 'stylesheet', href }),
  ),
];

export const meta: MetaFunction = () => [{ title: 'OrderFlow' }];

const railKeys = ['facts', 'market', 'clock', 'source', 'run', 'alerts'];

export function loader({ request, context }: LoaderFunctionArgs) {
  const { role, csrf, hasLogin, engine } = context;
  const { symbol, isUnknown } = chosenOf(engine, request);
  const shown = isUnknown ? null : symbol;
  const data = {
    ...{ role, csrf, hasLogin },
    unknown: isUnknown ? { symbol, known: engine.symbols } : null,
    live: readValues(context, shown, railKeys),
  };
  return json(data, { status: isUnknown ? 404 : 200 });
}

/** The rail is kept up to date by the socket: only another instrument loads it again. */
export const shouldRevalidate = isOtherInstrument;

export function Layout({ children }: { readonly children: ReactNode }) {
  const nonce = useContext(NonceContext);
  const data = useRouteLoaderData<typeof loader>('root');
  return (
    <html lang="en" data-link="LOADING" suppressHydrationWarning>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        {data ? <meta name="csrf-token" content={data.csrf} /> : null}
        <Meta />
        <Links />
      </head>
      <body>
        <a className="skip-link" href="#main">
          Skip to content
        </a>
        {children}
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

/** `?chrome=0` leaves out what leads to other pages. What says whether the numbers are alive stays. */
function useIsBare(): boolean {
  const [search] = useSearchParams();
  return search.get('chrome') === '0';
}

/** The instrument the address chose; null for the flow's first, which also stands in for one that is none of the flow's. */
function useChosen(): string | null {
  const [search] = useSearchParams();
  const data = useRouteLoaderData<typeof loader>('root');
  return data?.unknown ? null : instrumentOf(search);
}

function Frame({ children }: { readonly children: ReactNode }) {
  const isBare = useIsBare();
  const chosen = useChosen();
  return (
    <InstrumentContext.Provider value={chosen}>
      <LiveProvider instrument={chosen}>
        <div className={isBare ? 'shell shell-bare' : 'shell'}>
          {isBare ? <BareRail /> : <MarketRail />}
          <LinkBanner />
          <Nav isHidden={isBare} />
          {/* What a page has gathered is of one instrument: for another it begins anew. */}
          <main className="main" id="main" tabIndex={-1} key={chosen}>
            {children}
          </main>
        </div>
      </LiveProvider>
    </InstrumentContext.Provider>
  );
}

export default function App() {
  const unknown = useLoaderData<typeof loader>().unknown;
  return <Frame>{unknown ? <UnknownInstrument {...unknown} /> : <Outlet />}</Frame>;
}

/** What a page says instead of showing another instrument than the one it was asked for. */
function UnknownInstrument({
  symbol,
  known,
}: {
  readonly symbol: string | null;
  readonly known: readonly string[];
}) {
  const { pathname, search } = useLocation();
  return (
    <div className="error-box" role="alert">
      <h1>This flow does not run on ‘{symbol}’</h1>
      <p>{known.length === 1 ? 'It runs on this instrument:' : 'It runs on these instruments:'}</p>
      <p className="instruments">
        {known.map((one) => (
          <Link key={one} to={otherInstrument({ pathname, search, ts: null }, one)}>
            {one}
          </Link>
        ))}
      </p>
    </div>
  );
}

/** Shown in place of a page that failed; the way to the others stays. */
export function ErrorBoundary() {
  const error = useRouteError();
  const [search] = useSearchParams();
  const isAnswer = isRouteErrorResponse(error);
  const title = isAnswer ? `${error.status} ${error.statusText}` : 'This page could not be made';
  const text = isAnswer
    ? String(error.data)
    : error instanceof Error
      ? error.message
      : 'The reason is in the error output of the engine.';
  return (
    <Frame>
      <div className="error-box" role="alert">
        <h1>{title}</h1>
        <p>{text}</p>
        <p>
          <a href={withInstrument('/', instrumentOf(search))}>Back to the command center</a>
        </p>
      </div>
    </Frame>
  );
}
