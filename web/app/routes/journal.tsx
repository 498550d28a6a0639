import {
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import type { JournalDay } from '#engine/cli/desk.ts';
import { priceDecimals } from '#engine/market/price.ts';
import { type JournalSource, readJournal } from '../../inspect/journal-store.ts';
import { chosenOf } from '../chosen-task.server.ts';
import { Form, Link } from '../components/link.tsx';
import { Missing } from '../components/missing.tsx';
import { ReadAgain } from '../components/read-again.tsx';
import { deskOf } from '../flows/desk.server.ts';
import { grouped } from '../format.ts';
import { withInstrument } from '../instrument.ts';
import {
  ExpectationChapter,
  OutcomeChapter,
  PlanChapter,
  SignalChapter,
} from '../journal/chapters.tsx';
import pages from '../styles/pages.css?url';

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: pages }];
export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `Journal ${data?.read?.day.tradeDate ?? ''} · OrderFlow` },
];

const dateForm = /^\d{4}-\d{2}-\d{2}$/;

function askedDate(date: string | undefined): string | null {
  if (date === undefined || date === 'today') return null;
  if (dateForm.test(date)) return date;
  throw new Response(`'${date}' is no date: expected one like 2025-11-19.`, {
    status: 404,
    statusText: 'Not found',
  });
}

export async function loader({ params, request, context }: LoaderFunctionArgs) {
  const asked = new URL(request.url).searchParams.get('date');
  const { symbol, live } = chosenOf(context.engine, request);
  if (asked !== null) throw redirect(withInstrument(`/journal/${askedDate(asked) ?? ''}`, symbol));
  const date = askedDate(params['date']);
  const { graph, store } = context.engine;
  const base = { date, flow: graph?.name ?? null, zone: graph?.zone ?? 'UTC' };
  const logged = await deskOf(context).journal(date, symbol);
  if (!logged || !live) return { ...base, read: null, decimals: 2 };
  const { instrument } = live.runner.task;
  const subject = { flow: live.graph.name, instrument, isRemote: live.log.kind === 'kafka' };
  const read = await readJournal(logged, store, subject);
  return { ...base, read, decimals: priceDecimals(instrument) };
}

/** Leads to the nearest days of which there is something, and to any other. */
function DayChooser({ day }: { readonly day: JournalDay }) {
  return (
    <nav aria-label="Days" className="view-links">
      {day.before === null ? (
        <span className="muted">nothing earlier</span>
      ) : (
        <Link to={`/journal/${day.before}`}>◄ {day.before}</Link>
      )}
      {day.after === null ? null : <Link to={`/journal/${day.after}`}>{day.after} ►</Link>}
      {day.isToday ? null : <Link to="/journal">today</Link>}
      <Form action="/journal" className="day-field">
        <input
          type="date"
          name="date"
          aria-label="Another day"
          defaultValue={day.tradeDate}
          key={day.tradeDate}
          required
        />
        <button type="submit">Go</button>
      </Form>
    </nav>
  );
}

/** Which of the two this was read from, and as of when. */
function Source({ source, date }: { readonly source: JournalSource; readonly date: string }) {
  const { from, store, topic, offset, behind, why } = source;
  const upTo = `${topic} up to offset ${grouped(offset)}`;
  if (from === 'store')
    return (
      <p className="panel" data-testid="journal-source">
        ◆ Read from the store, because {why}: {upTo}
        {behind === 0 ? '' : `, ${grouped(behind)} records behind the log`}.{' '}
        <span className="muted">{store}</span>
      </p>
    );
  if (why === null)
    return (
      <p className="muted meta" data-testid="journal-source">
        Read from the log, {upTo}.
      </p>
    );
  return (
    <p className="panel" data-testid="journal-source">
      ◆ Read from the log, {upTo}; {why}. What is not shown of {date} may have happened all the
      same.
    </p>
  );
}

export default function Journal() {
  const { read, date, flow, zone, decimals } = useLoaderData<typeof loader>();
  if (!read)
    return (
      <>
        <h1>Journal</h1>
        <p className="panel">
          <Missing
            reason={
              date === null
                ? 'the run has not seen its first record yet'
                : `${date} is no trade date of this market`
            }
          />
        </p>
      </>
    );
  const { day, source } = read;
  const props = { day, zone, decimals };
  return (
    <>
      <div className="page-head">
        <h1>Journal of {day.tradeDate}</h1>
        <span className="muted">
          {flow} on {day.instrument}
          {day.isToday ? ', the day the market is in' : ''}
        </span>
        <DayChooser day={day} />
        <ReadAgain />
      </div>
      <Source source={source} date={day.tradeDate} />
      {day.cut.length === 0 ? null : (
        <p className="panel">◆ Only the newest records are shown of {day.cut.join(', ')}.</p>
      )}
      <div className="page-stack">
        <PlanChapter {...props} />
        <OutcomeChapter {...props} />
        <ExpectationChapter {...props} />
        <SignalChapter {...props} />
      </div>
    </>
  );
}
