import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { FlowVersion } from '#engine/cli/desk.ts';
import { Form, Link } from '../components/link.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollTable } from '../components/scroll-table.tsx';
import { deskOf } from '../flows/desk.server.ts';
import { momentText, versionPair } from '../flows/version-pair.ts';
import editor from '../styles/editor.css?url';
import evidence from '../styles/evidence.css?url';
import pages from '../styles/pages.css?url';

const TextDifference = lazy(() =>
  import('../flows/text-difference.tsx').then((module) => ({ default: module.TextDifference })),
);

export const links: LinksFunction = () =>
  [pages, evidence, editor].map((href) => ({ rel: 'stylesheet', href }));
export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.id ?? 'Flow'} · Versions · OrderFlow` },
];

export function loader({ params, request, context }: LoaderFunctionArgs) {
  const desk = deskOf(context);
  const id = params['id'] ?? '';
  if (!desk.read(id))
    throw new Response(`There is no flow '${id}' here.`, { status: 404, statusText: 'Not found' });
  const versions = desk.versions(id);
  const pair = versionPair(versions, new URL(request.url).searchParams);
  const texts = pair && {
    ...pair,
    beforeText: desk.versionText(id, pair.before),
    afterText: desk.versionText(id, pair.after),
  };
  return { id, versions, texts, running: desk.running(id)?.number ?? null };
}

function Choice({
  name,
  label,
  chosen,
  versions,
}: {
  readonly name: string;
  readonly label: string;
  readonly chosen: number;
  readonly versions: readonly FlowVersion[];
}) {
  return (
    <label>
      {label}{' '}
      <select name={name} key={chosen} defaultValue={chosen}>
        {versions.toReversed().map(({ number, what }) => (
          <option key={number} value={number}>
            {number} ({what})
          </option>
        ))}
      </select>
    </label>
  );
}

/** The editor's parts need a browser: the difference comes once the page is in one. */
function Difference({
  label,
  before,
  after,
}: {
  readonly label: string;
  readonly before: string | null;
  readonly after: string | null;
}) {
  const [isHere, setHere] = useState(false);
  useEffect(() => setHere(true), []);
  if (before === null || after === null)
    return <p className="missing-reason">The text of one of them is not kept any more.</p>;
  if (!isHere) return <p className="muted">Comparing…</p>;
  return (
    <Suspense fallback={<p className="muted">Comparing…</p>}>
      <TextDifference label={label} before={before} after={after} />
    </Suspense>
  );
}

/** Every text of a flow that was saved or deployed, and what differs between any two. */
export default function FlowVersions() {
  const { id, versions, texts, running } = useLoaderData<typeof loader>();
  return (
    <div className="versions-page">
      <h1>
        <Link to="/flows">flows</Link> / <Link to={`/flows/${id}`}>{id}</Link> / versions
      </h1>
      {texts ? (
        <Panel id="difference" title={`What differs between ${texts.before} and ${texts.after}`}>
          <Form className="filter-form" preventScrollReset>
            <Choice name="before" label="from" chosen={texts.before} versions={versions} />
            <Choice name="after" label="to" chosen={texts.after} versions={versions} />
            <button type="submit">Compare</button>
          </Form>
          <Difference
            label={`What differs between version ${texts.before} and version ${texts.after}`}
            before={texts.beforeText}
            after={texts.afterText}
          />
        </Panel>
      ) : null}
      <Panel id="versions" title={`Versions (${versions.length})`}>
        {versions.length === 0 ? (
          <p className="muted">
            None yet: each save and each deployment is kept in the home folder from here on.
          </p>
        ) : (
          <ScrollTable label="Versions" head={['number', 'what', 'when', 'version', 'hash', '']}>
            {versions.toReversed().map(({ number, what, at, flowVersion, hash }, i, all) => (
              <tr key={number}>
                <th scope="row" className="num">
                  {number}
                  {number === running ? <span className="muted"> runs</span> : null}
                </th>
                <td>{what}</td>
                <td className="num">{momentText(at)}</td>
                <td className="num">{flowVersion}</td>
                <td className="num">{hash === null ? '—' : hash.slice(0, 8)}</td>
                <td>
                  {i === all.length - 1 ? null : (
                    <Link to={`?after=${number}`} preventScrollReset>
                      with the one before
                    </Link>
                  )}
                </td>
              </tr>
            ))}
          </ScrollTable>
        )}
        <p className="muted meta">
          To go back to one, open the editor: below its text stands each of them.
        </p>
      </Panel>
    </div>
  );
}
