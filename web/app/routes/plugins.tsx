import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { useState } from 'react';
import { Link } from '../components/link.tsx';
import { SearchBox } from '../components/search-box.tsx';
import { deskOf } from '../flows/desk.server.ts';
import pages from '../styles/pages.css?url';

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: pages }];
export const meta: MetaFunction = () => [{ title: 'Plugins · OrderFlow' }];

export async function loader({ context }: LoaderFunctionArgs) {
  const plugins = await deskOf(context).plugins();
  return {
    plugins: plugins.map(({ id, version, kind, summary, out, usedBy }) => ({
      id,
      version,
      kind,
      summary,
      out: out.map(({ port }) => port),
      usedBy,
    })),
  };
}

export default function Plugins() {
  const { plugins } = useLoaderData<typeof loader>();
  const [wanted, setWanted] = useState('');
  const word = wanted.trim().toLowerCase();
  const shown = plugins.filter(({ id, summary, out }) =>
    [id, summary, ...out].some((text) => text.toLowerCase().includes(word)),
  );
  return (
    <>
      <div className="page-head">
        <h1>Plugins</h1>
        <SearchBox
          label="Search plugins"
          hint="name, port or what it sees"
          wanted={wanted}
          onChange={setWanted}
          shown={shown.length}
          total={plugins.length}
        />
      </div>
      {shown.length === 0 ? (
        <p className="panel muted">
          No plugin has “{wanted}” in its name, its ports or its summary.
        </p>
      ) : (
        <ul className="cards" data-testid="plugins">
          {shown.map(({ id, version, kind, summary, out, usedBy }) => (
            <li key={id} className="panel card">
              <div className="panel-head">
                <h2>
                  <Link to={`/plugins/${id}`}>{id}</Link>
                </h2>
                <span className="meta muted num">
                  {kind === 'processor' ? '' : `${kind} · `}
                  {version}
                </span>
              </div>
              <p>{summary}</p>
              <p className="meta muted">
                gives {out.join(', ') || 'nothing'} ·{' '}
                {usedBy.length === 0
                  ? 'in no flow here'
                  : `in ${usedBy.length} flow${usedBy.length === 1 ? '' : 's'}`}
              </p>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
