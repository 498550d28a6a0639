import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData, useRevalidator } from '@remix-run/react';
import { priceDecimals } from '#engine/market/price.ts';
import { chosenOf } from '../chosen-task.server.ts';
import { Link } from '../components/link.tsx';
import { Missing } from '../components/missing.tsx';
import { deskOf } from '../flows/desk.server.ts';
import {
  ExpectationChapter,
  OutcomeChapter,
  PlanChapter,
  SignalChapter,
} from '../journal/chapters.tsx';
import pages from '../styles/pages.css?url';

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: pages }];
export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `Journal ${data?.day?.tradeDate ?? ''} · OrderFlow` },
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
  const date = askedDate(params['date']);
  const { graph } = context.engine;
  const { symbol, live } = chosenOf(context.engine, request);
  const day = await deskOf(context).journal(date, symbol);
  const decimals = live ? priceDecimals(live.runner.task.instrument) : 2;
  return { day, date, flow: graph?.name ?? null, zone: graph?.zone ?? 'UTC', decimals };
}

export default function Journal() {
  const { day, date, flow, zone, decimals } = useLoaderData<typeof loader>();
  const again = useRevalidator();
  if (!day)
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
  const props = { day, zone, decimals };
  return (
    <>
      <div className="page-head">
        <h1>Journal of {day.tradeDate}</h1>
        <span className="muted">
          {flow} on {day.instrument}
          {day.isToday ? ', the day the market is in' : ''}
        </span>
        <nav aria-label="Days" className="view-links">
          <Link to={`/journal/${day.before}`}>◄ {day.before}</Link>
          {day.after === null ? null : <Link to={`/journal/${day.after}`}>{day.after} ►</Link>}
          {day.isToday ? null : <Link to="/journal">today</Link>}
        </nav>
        <button
          type="button"
          onClick={() => again.revalidate()}
          disabled={again.state === 'loading'}
        >
          Read again
        </button>
      </div>
      {day.logFrom !== null && day.tradeDate < day.logFrom ? (
        <p className="panel" data-testid="before-log">
          ◆ The log of this run begins with {day.logFrom}: of {day.tradeDate} it holds nothing,
          which does not mean that nothing happened. This page reads the log only, not the store.
        </p>
      ) : null}
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
