import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { mostSessions, type ReportReading, readReports } from '../../inspect/reports.ts';
import { chosenOf } from '../chosen-task.server.ts';
import { Missing } from '../components/missing.tsx';
import { ReadAgain } from '../components/read-again.tsx';
import { grouped } from '../format.ts';
import { EndPanel } from '../reports/end-panel.tsx';
import { NodePanel, ScorePanel } from '../reports/shares.tsx';
import pages from '../styles/pages.css?url';
import reports from '../styles/reports.css?url';

export const links: LinksFunction = () =>
  [pages, reports].map((href) => ({ rel: 'stylesheet', href }));
export const meta: MetaFunction = () => [{ title: 'Reports · OrderFlow' }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { live } = chosenOf(context.engine, request);
  if (!live) {
    const missing = 'the run has not seen its first record yet';
    return { flow: null, instrument: null, read: { missing } satisfies ReportReading };
  }
  const subject = { flow: live.graph.name, instrument: live.symbol };
  return { ...subject, read: await readReports(context.engine.store, subject) };
}

function Span({ days }: { readonly days: readonly string[] }) {
  const [first, last] = [days[0], days.at(-1)];
  return (
    <>
      {days.length} session{days.length === 1 ? '' : 's'},{' '}
      {first === last ? first : `${first} to ${last}`}
    </>
  );
}

function Read({ read }: { readonly read: Exclude<ReportReading, { readonly missing: string }> }) {
  const { behind, store } = read;
  const { days, expectations, setups, nodes, scores, condition, bias } = read.reports;
  return (
    <>
      <p className="muted" data-testid="report-span">
        The store keeps <Span days={days} />
        {days.length === mostSessions ? ', the newest of those it has' : ''}
        {behind === 0 ? '' : `; it is ${grouped(behind)} records behind the log`}. These are counts
        of what was told, without fills, costs or orders. A share stands with its size and the 95 %
        interval of Wilson; it promises nothing of the next session.{' '}
        <span className="meta">{store}</span>
      </p>
      <div className="page-stack">
        <EndPanel
          id="expectations"
          title="How expectations ended, per trade day"
          sort="expectation"
          days={expectations}
          empty="no expectation ended in these sessions; value-shift would give some"
        />
        <EndPanel
          id="setups"
          title="How setups that triggered ended, per trade day"
          sort="setup"
          days={setups}
          empty="no setup triggered and ended in these sessions"
        />
        <NodePanel nodes={nodes} />
        <ScorePanel scores={scores} condition={condition} bias={bias} />
      </div>
    </>
  );
}

export default function ReportsPage() {
  const { flow, instrument, read } = useLoaderData<typeof loader>();
  return (
    <>
      <div className="page-head">
        <h1>Reports</h1>
        {flow === null ? null : (
          <span className="muted">
            {flow} on {instrument}
          </span>
        )}
        <ReadAgain />
      </div>
      {'missing' in read ? (
        <p className="panel">
          <Missing reason={read.missing} />
        </p>
      ) : (
        <Read read={read} />
      )}
    </>
  );
}
