import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Chip } from '../components/chip.tsx';
import { Link } from '../components/link.tsx';
import { deskOf } from '../flows/desk.server.ts';
import pages from '../styles/pages.css?url';

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: pages }];
export const meta: MetaFunction = () => [{ title: 'Flows · OrderFlow' }];

export async function loader({ context }: LoaderFunctionArgs) {
  return { flows: await deskOf(context).flows() };
}

function StateChip({ errors, warnings }: { readonly errors: number; readonly warnings: number }) {
  if (errors > 0)
    return (
      <Chip tone="alarm">
        {errors} error{errors === 1 ? '' : 's'}
      </Chip>
    );
  if (warnings > 0)
    return (
      <Chip tone="caution">
        {warnings} warning{warnings === 1 ? '' : 's'}
      </Chip>
    );
  return <Chip tone="ok">valid</Chip>;
}

export default function Flows() {
  const { flows } = useLoaderData<typeof loader>();
  return (
    <>
      <h1>Flows</h1>
      {flows.length === 0 ? (
        <p className="panel">
          No flow files in flows/. <code>npx orderflow create flow</code> writes one.
        </p>
      ) : (
        <ul className="cards" data-testid="flows">
          {flows.map(({ id, file, doc, version, isRunning, nodes, errors, warnings, tests }) => (
            <li key={id} className="panel card">
              <div className="panel-head">
                <h2>
                  <Link to={`/flows/${id}`}>{id}</Link>
                </h2>
                <span className="chips">
                  {isRunning ? <Chip tone="ok">running here</Chip> : null}
                  <StateChip errors={errors} warnings={warnings} />
                </span>
              </div>
              <p className="clamp">{doc === '' ? <span className="muted">no doc:</span> : doc}</p>
              <p className="meta muted num">
                {version === '' ? '—' : version} · {nodes} nodes ·{' '}
                {tests.length === 0
                  ? 'no tests'
                  : `${tests.length} test file${tests.length === 1 ? '' : 's'}`}{' '}
                · {file}
              </p>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
