import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import type { ParameterFact, PortFact } from '#engine/cli/desk.ts';
import { drawChart } from '../../inspect/chart-layout.ts';
import { Panel } from '../components/panel.tsx';
import { ScrollTable } from '../components/scroll-table.tsx';
import { deskOf } from '../flows/desk.server.ts';
import { Chart } from '../machines/chart.tsx';
import machines from '../styles/machines.css?url';
import pages from '../styles/pages.css?url';

export const links: LinksFunction = () =>
  [pages, machines].map((href) => ({ rel: 'stylesheet', href }));
export const meta: MetaFunction = ({ params }) => [
  { title: `${params['id'] ?? ''} · Plugins · OrderFlow` },
];

export async function loader({ params, context }: LoaderFunctionArgs) {
  const id = params['id'] ?? '';
  const plugin = await deskOf(context).plugin(id);
  if (!plugin)
    throw new Response(`There is no plugin '${id}' here.`, {
      status: 404,
      statusText: 'Not found',
    });
  const chart = plugin.statechart && (await drawChart(plugin.statechart));
  const nodes = (context.engine.graph?.nodes ?? [])
    .filter((node) => node.plugin.id === id)
    .map((node) => node.id);
  return { plugin, chart, nodes };
}

function Ports({ ports }: { readonly ports: readonly PortFact[] }) {
  return (
    <ScrollTable label="Ports" head={['port', 'kind', 'contract', 'meaning']}>
      {ports.map(({ port, kind, contract, optional, key, doc }) => (
        <tr key={port}>
          <th scope="row" className="num">
            {port}
          </th>
          <td>
            {kind}
            {key === null ? '' : ` by ${key}`}
            {optional ? ', optional' : ''}
          </td>
          <td className="num">{contract}</td>
          <td>{doc}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}

function Parameters({ parameters }: { readonly parameters: readonly ParameterFact[] }) {
  if (parameters.length === 0) return <p className="muted">This plugin has no parameters.</p>;
  return (
    <ScrollTable label="Parameters" head={['parameter', 'may be', 'unit', 'default', 'meaning']}>
      {parameters.map(({ name, value, unit, default: usual, meaning }) => (
        <tr key={name}>
          <th scope="row" className="num">
            {name}
          </th>
          <td>{value}</td>
          <td>{unit}</td>
          <td className="num">{usual}</td>
          <td>{meaning}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}

const nothingLit = { state: '', counts: {}, asked: {}, taken: null } as const;

export default function PluginPage() {
  const { plugin, chart, nodes } = useLoaderData<typeof loader>();
  const { id, version, kind, summary, usedBy, statechart, examples, readme } = plugin;
  return (
    <>
      <div className="page-head">
        <h1>
          <Link to="/plugins">plugins</Link> / {id}
        </h1>
        <span className="muted num">
          {kind} {version}
        </span>
      </div>
      <div className="page-stack">
        <Panel id="about" title="What it sees">
          <div className="prose">
            <p>{summary}</p>
            <p className="muted">
              {usedBy.length === 0 ? 'No flow of this folder uses it.' : 'Used by '}
              {usedBy.map((flow, i) => (
                <span key={flow}>
                  {i > 0 ? ', ' : ''}
                  <Link to={`/flows/${flow}`}>{flow}</Link>
                </span>
              ))}
              {nodes.length === 0 ? '' : '; running here as '}
              {nodes.map((node, i) => (
                <span key={node}>
                  {i > 0 ? ', ' : ''}
                  {plugin.hasMachine ? <Link to={`/machines/${node}`}>{node}</Link> : node}
                </span>
              ))}
            </p>
          </div>
        </Panel>
        <Panel id="parameters" title="Parameters">
          <Parameters parameters={plugin.parameters} />
        </Panel>
        <Panel id="in" title="Takes">
          {plugin.in.length === 0 ? (
            <p className="muted">Nothing: it brings the market itself.</p>
          ) : (
            <Ports ports={plugin.in} />
          )}
        </Panel>
        <Panel id="out" title="Gives">
          <Ports ports={plugin.out} />
        </Panel>
        <Panel id="states" title="States">
          {chart ? <Chart chart={chart} light={nothingLit} /> : null}
          {statechart ? (
            <ScrollTable label="States" head={['state', 'meaning']}>
              {statechart.states.map(({ path, description }) => (
                <tr key={path}>
                  <th scope="row" className="num">
                    {path}
                  </th>
                  <td>{description ?? <span className="muted">not described</span>}</td>
                </tr>
              ))}
            </ScrollTable>
          ) : (
            <p className="muted">
              {plugin.hasMachine
                ? 'Its statechart depends on parameters that have no default.'
                : 'It has no statechart: its sensor does all the work.'}
            </p>
          )}
        </Panel>
        <Panel id="examples" title="Examples, run as tests">
          {examples.length === 0 ? <p className="muted">None.</p> : null}
          {examples.map(({ title, yaml, feed, expect }) => (
            <details key={title}>
              <summary>{title}</summary>
              <h3>Node</h3>
              <pre className="code" tabIndex={0}>
                {yaml.trim()}
              </pre>
              <h3>What is fed</h3>
              <pre className="code" tabIndex={0}>
                {feed.trim()}
              </pre>
              <h3>What is expected</h3>
              <pre className="code" tabIndex={0}>
                {expect.trim()}
              </pre>
            </details>
          ))}
        </Panel>
        {readme === null ? null : (
          <Panel id="readme" title="README: rules, their source, known limits">
            <details>
              <summary>Show the file</summary>
              <pre className="code" tabIndex={0}>
                {readme}
              </pre>
            </details>
          </Panel>
        )}
      </div>
    </>
  );
}
