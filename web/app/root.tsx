import plexMono400 from '@fontsource/ibm-plex-mono/latin-400.css?url';
import plexMono600 from '@fontsource/ibm-plex-mono/latin-600.css?url';
import plexSans400 from '@fontsource/ibm-plex-sans/latin-400.css?url';
import plexSans600 from '@fontsource/ibm-plex-sans/latin-600.css?url';
import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  useRouteError,
  useRouteLoaderData,
  useSearchParams,
} from '@remix-run/react';
import { type ReactNode, useContext } from 'react';
import { readValues } from '../gateway/live-values.ts';
import { LiveProvider } from './client/use-live.tsx';
import { LinkBanner } from './components/link-banner.tsx';
import { BareRail, MarketRail } from './components/market-rail.tsx';
import { Nav } from './components/nav.tsx';
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

const railKeys = ['facts', 'market', 'clock', 'source', 'run'];

export function loader({ context }: LoaderFunctionArgs) {
  const { role, csrf, hasLogin } = context;
  return { role, csrf, hasLogin, live: readValues(context, railKeys) };
}

/** The rail is kept up to date by the socket: going to another page loads nothing of it again. */
export const shouldRevalidate = (): boolean => false;

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

function Frame({ children }: { readonly children: ReactNode }) {
  const isBare = useIsBare();
  return (
    <LiveProvider>
      <div className={isBare ? 'shell shell-bare' : 'shell'}>
        {isBare ? <BareRail /> : <MarketRail />}
        <LinkBanner />
        <Nav isHidden={isBare} />
        <main className="main" id="main" tabIndex={-1}>
          {children}
        </main>
      </div>
    </LiveProvider>
  );
}

export default function App() {
  return (
    <Frame>
      <Outlet />
    </Frame>
  );
}

/** Shown in place of a page that failed; the way to the others stays. */
export function ErrorBoundary() {
  const error = useRouteError();
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
          <a href="/">Back to the command center</a>
        </p>
      </div>
    </Frame>
  );
}
