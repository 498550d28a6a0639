import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import type { ParameterFact, PluginDetail, PortFact } from '#engine/cli/desk.ts';
import { drawChart } from '../../inspect/chart-layout.ts';
import type { DrawnChart } from '../../live/chart.ts';
import { Link } from '../components/link.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollTable } from '../components/scroll-table.tsx';
import { deskOf } from '../flows/desk.server.ts';
import { Chart } from '../machines/chart.tsx';
import { renderReadme } from '../plugins/readme.server.ts';
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
  const readme = plugin.readme === null ? null : renderReadme(plugin.readme);
  return { plugin, chart, nodes, readme };
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
          <td className="prose-cell">{doc}</td>
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
          <td className="wide-cell">{value}</td>
          <td>{unit}</td>
          <td className="num">{usual}</td>
          <td className="prose-cell">{meaning}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}

const nothingLit = { state: '', counts: {}, nears: {}, asked: {}, taken: null } as const;

/** Names in a row, each a link. */
function Names({
  names,
  linkOf,
}: {
  readonly names: readonly string[];
  readonly linkOf: (name: string) => string | null;
}) {
  return names.map((name, i) => {
    const to = linkOf(name);
    return (
      <span key={name}>
        {i > 0 ? ', ' : ''}
        {to === null ? name : <Link to={to}>{name}</Link>}
      </span>
    );
  });
}

function About({
  plugin,
  nodes,
}: {
  readonly plugin: PluginDetail;
  /** Nodes of the running flow that are made of it. */
  readonly nodes: readonly string[];
}) {
  return (
    <div className="prose">
      <p>{plugin.summary}</p>
      <p className="muted">
        {plugin.usedBy.length === 0 ? 'No flow of this folder uses it.' : 'Used by '}
        <Names names={plugin.usedBy} linkOf={(flow) => `/flows/${flow}`} />
        {nodes.length === 0 ? '' : '; running here as '}
        <Names names={nodes} linkOf={(node) => (plugin.hasMachine ? `/machines/${node}` : null)} />
      </p>
    </div>
  );
}

function States({
  plugin: { statechart, hasMachine },
  chart,
}: {
  readonly plugin: PluginDetail;
  readonly chart: DrawnChart | null;
}) {
  if (!statechart)
    return (
      <p className="muted">
        {hasMachine
          ? 'Its statechart depends on parameters that have no default.'
          : 'It has no statechart: its sensor does all the work.'}
      </p>
    );
  return (
    <>
      {chart ? <Chart chart={chart} light={nothingLit} /> : null}
      <ScrollTable label="States" head={['state', 'meaning']}>
        {statechart.states.map(({ path, description }) => (
          <tr key={path}>
            <th scope="row" className="num">
              {path}
            </th>
            <td className="prose-cell">
              {description ?? <span className="muted">not described</span>}
            </td>
          </tr>
        ))}
      </ScrollTable>
    </>
  );
}

function Code({ text }: { readonly text: string }) {
  return (
    // A scrolling area has to be reachable by keys.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <pre className="code" tabIndex={0}>
      {text}
    </pre>
  );
}

function Examples({ examples }: Pick<PluginDetail, 'examples'>) {
  if (examples.length === 0) return <p className="muted">None.</p>;
  return examples.map(({ title, yaml, feed, expect }) => (
    <details key={title}>
      <summary>{title}</summary>
      <h3>Node</h3>
      <Code text={yaml.trim()} />
      <h3>What is fed</h3>
      <Code text={feed.trim()} />
      <h3>What is expected</h3>
      <Code text={expect.trim()} />
    </details>
  ));
}

export default function PluginPage() {
  const { plugin, chart, nodes, readme } = useLoaderData<typeof loader>();
  const { id, version, kind } = plugin;
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
          <About plugin={plugin} nodes={nodes} />
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
          <States plugin={plugin} chart={chart} />
        </Panel>
        <Panel id="examples" title="Examples, run as tests">
          <Examples examples={plugin.examples} />
        </Panel>
        {readme === null ? null : (
          <Panel id="readme" title="README: rules, their source, known limits">
            {/* Made by the server, from Markdown that may hold no HTML. */}
            {/* biome-ignore lint/security/noDangerouslySetInnerHtml: see above */}
            <div className="prose readme" dangerouslySetInnerHTML={{ __html: readme }} />
          </Panel>
        )}
      </div>
    </>
  );
}
