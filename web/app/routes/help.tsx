import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Link } from '../components/link.tsx';
import { deskOf } from '../flows/desk.server.ts';
import { AlertKinds } from '../help/alert-kinds.tsx';
import { Codes } from '../help/codes.tsx';
import { glossary } from '../help/glossary.server.ts';
import { Glossary } from '../help/glossary.tsx';
import { Keys } from '../help/keys.tsx';
import { Legend } from '../help/legend.tsx';
import pages from '../styles/pages.css?url';

const sections = [
  ['legend', 'Legend'],
  ['glossary', 'Glossary'],
  ['keys', 'Keys'],
  ['codes', 'Error codes'],
  ['alerts', 'Alerts'],
] as const;

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: pages }];
export const meta: MetaFunction = () => [{ title: 'Help · OrderFlow' }];

export function loader({ params, context }: LoaderFunctionArgs) {
  const section = params['section'] ?? 'legend';
  if (!sections.some(([name]) => name === section))
    throw new Response(`Help has no part '${section}'.`, { status: 404, statusText: 'Not found' });
  return {
    section,
    codes: section === 'codes' ? deskOf(context).codes() : [],
    words: section === 'glossary' ? glossary : [],
  };
}

export default function Help() {
  const { section, codes, words } = useLoaderData<typeof loader>();
  return (
    <>
      <div className="page-head">
        <h1>Help</h1>
        <nav aria-label="Parts of the help" className="view-links">
          {sections.map(([name, text]) => (
            <Link
              key={name}
              to={`/help/${name}`}
              aria-current={name === section ? 'page' : undefined}
            >
              {text}
            </Link>
          ))}
        </nav>
      </div>
      {section === 'legend' ? <Legend /> : null}
      {section === 'glossary' ? <Glossary glossary={words} /> : null}
      {section === 'keys' ? <Keys /> : null}
      {section === 'codes' ? <Codes codes={codes} /> : null}
      {section === 'alerts' ? <AlertKinds /> : null}
    </>
  );
}
