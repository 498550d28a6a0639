import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { ageText } from '../../live/link-state.ts';
import { chosenOf } from '../chosen-task.server.ts';
import { useKept } from '../client/use-instrument.ts';
import { useLink } from '../client/use-live.tsx';
import { usePolled } from '../client/use-polled.ts';
import { Chip, type ChipTone } from '../components/chip.tsx';
import { Link } from '../components/link.tsx';
import { Missing } from '../components/missing.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollTable } from '../components/scroll-table.tsx';
import { RateChoice } from '../components/update-rate.tsx';
import { grouped } from '../format.ts';
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

/** An age, or a dash where nothing came: it is never a zero. */
const sinceText = (ms: number | null): string => (ms === null ? '—' : `${ageText(ms)} ago`);

/** The markets of every instrument, each with the ages of what it brings. */
function Markets({ markets }: Pick<Health, 'markets'>) {
  if (markets.length === 0) return <Missing reason="no task is open yet" />;
  return (
    <>
      <ScrollTable
        label="Markets"
        head={[
          ...['instrument', 'source', 'state', 'last record', 'last quote', 'last trade'],
          ...['phase', 'silence that is usual', 'rows/s', 'late', 'nodes out'],
        ]}
      >
        {markets.map((market) => (
          <tr key={market.symbol}>
            <th scope="row">{market.symbol}</th>
            <td>{market.source}</td>
            <td>
              <Chip tone={market.tone}>{market.word}</Chip>
            </td>
            <td className="num live">{sinceText(market.recordMs)}</td>
            <td className="num live">{sinceText(market.quoteMs)}</td>
            <td className="num live">{sinceText(market.tradeMs)}</td>
            <td>{market.phase ?? '—'}</td>
            <td className="num">
              {market.limitMs === null ? 'any' : `up to ${ageText(market.limitMs)}`}
            </td>
            <td className="num live">{grouped(market.rowsPerSecond)}</td>
            <td className="num live">{grouped(market.late)}</td>
            <td>{market.out.length === 0 ? 'none' : market.out.join(', ')}</td>
          </tr>
        ))}
      </ScrollTable>
      <p className="muted meta">
        Ages are by the clock of the computer; those of quotes and trades are right to a second, and
        a dash says that none came since this server was started. A source that brings bars alone
        may be silent for twice the usual distance of two bars.
      </p>
    </>
  );
}

export default function HealthPage() {
  const { health: first } = useLoaderData<typeof loader>();
  const { value, problem } = usePolled<Health>(useKept('/api/health'), 1_000);
  const { vitals, markets, facts } = value ?? first;
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
        <Panel id="markets" title="Markets of all instruments">
          <Markets markets={markets} />
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
