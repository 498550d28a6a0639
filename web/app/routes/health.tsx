import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { ageText } from '../../live/link-state.ts';
import { chosenOf } from '../chosen-task.server.ts';
import { useKept } from '../client/use-instrument.ts';
import { useLink } from '../client/use-live.tsx';
import { usePolled } from '../client/use-polled.ts';
import { Chip, type ChipTone } from '../components/chip.tsx';
import { Link } from '../components/link.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollTable } from '../components/scroll-table.tsx';
import { RateChoice } from '../components/update-rate.tsx';
import { readHealth } from '../health/health-facts.server.ts';
import type { Health, Vital } from '../health/vitals.ts';
import pages from '../styles/pages.css?url';

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: pages }];
export const meta: MetaFunction = () => [{ title: 'Health · OrderFlow' }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  return { health: await readHealth(context, chosenOf(context.engine, request).symbol) };
}

const linkTones: Readonly<Record<string, ChipTone>> = {
  LIVE: 'ok',
  QUIET: 'ok',
  LAGGING: 'caution',
  STALE: 'alarm',
  DOWN: 'alarm',
  REPLAY: 'replay',
};

function LinkVital() {
  const { state, text } = useLink();
  return (
    <VitalRow
      vital={{
        what: 'This window',
        tone: linkTones[state] ?? 'plain',
        word: state,
        text: `the link to the engine, judged by this browser: ${text}`,
        ageMs: null,
      }}
    />
  );
}

function VitalRow({ vital }: { readonly vital: Vital }) {
  const { what, tone, word, text, ageMs } = vital;
  return (
    <tr>
      <th scope="row">{what}</th>
      <td>
        <Chip tone={tone}>{word}</Chip>
      </td>
      <td>{text}</td>
      <td className="num live">{ageMs === null ? '' : `${ageText(ageMs)} ago`}</td>
    </tr>
  );
}

export default function HealthPage() {
  const { health: first } = useLoaderData<typeof loader>();
  const { value, problem } = usePolled<Health>(useKept('/api/health'), 1_000);
  const { vitals, facts } = value ?? first;
  return (
    <>
      <div className="page-head">
        <h1>Health</h1>
        <span className={problem === null ? 'muted' : 'field-wrong'} role="status">
          {problem === null ? 'read anew every second' : `✖ ${problem}: what stands here is old`}
        </span>
      </div>
      <div className="page-stack">
        <Panel id="vitals" title="What runs, and how it is">
          <ScrollTable label="Vitals" head={['part', 'state', 'why', 'last sign']}>
            <LinkVital />
            {vitals.map((vital) => (
              <VitalRow key={vital.what} vital={vital} />
            ))}
          </ScrollTable>
        </Panel>
        <Panel id="updates" title="Updates of this window">
          <RateChoice />
        </Panel>
        <Panel id="versions" title="Versions and sizes">
          <dl className="facts" data-testid="versions">
            {facts.map(([name, text]) => (
              <div key={name} className="fact">
                <dt>{name}</dt>
                <dd className="num">{text}</dd>
              </div>
            ))}
          </dl>
        </Panel>
        <Panel id="more" title="What the words mean">
          <p>
            <Link to="/help/legend">Legend of states and colours</Link> ·{' '}
            <Link to="/topics">how much each topic holds</Link> ·{' '}
            <Link to="/help/codes">every error code</Link>
          </p>
        </Panel>
      </div>
    </>
  );
}
