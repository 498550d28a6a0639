import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { readValues } from '../../gateway/live-values.ts';
import { type MachinePage, machinePage } from '../../inspect/machine-page.ts';
import type { MachineValue } from '../../live/inspect.ts';
import { chosenOf } from '../chosen-task.server.ts';
import { useLive } from '../client/use-live.tsx';
import { Missing } from '../components/missing.tsx';
import { answered, steppedOn } from '../machines/answer.server.ts';
import { editView } from '../machines/edit-view.server.ts';
import { MachineRail } from '../machines/machine-list.tsx';
import { MachineView } from '../machines/machine-view.tsx';
import { MomentFrame, TimeLine } from '../machines/time-line.tsx';
import { usePlay } from '../machines/use-play.ts';
import { useReload } from '../machines/use-reload.ts';
import chart from '../styles/chart.css?url';
import evidence from '../styles/evidence.css?url';
import machines from '../styles/machines.css?url';

export const links: LinksFunction = () =>
  [machines, evidence, chart].map((href) => ({ rel: 'stylesheet', href }));
export const meta: MetaFunction = ({ params }) => [
  { title: `${params['node'] ?? ''} · Machines · OrderFlow` },
];

export async function loader({ params, request, context }: LoaderFunctionArgs) {
  const node = params['node'] ?? '';
  const { symbol, live } = chosenOf(context.engine, request);
  const url = new URL(request.url);
  await steppedOn(live, node, url);
  const page = await answered(machinePage(live, node, url.searchParams));
  const keys = ['facts', 'machines', 'run', 'clock', `machine:${node}`, `context:${node}`];
  const edit = page?.why?.whatIf?.edit;
  const offer = edit ? await editView(context.engine, edit) : null;
  return { page, offer, live: readValues(context, symbol, keys) };
}

/** What has to change for the page to be asked for again; null where it keeps itself up to date, or is of the past. */
function tickOf(page: MachinePage | null, value: MachineValue | undefined): number | string | null {
  if (page === null || page.reading) return 'reading';
  if (page.moment || !value) return null;
  const isLog = page.tab === 'log' || page.tab === 'seq';
  return (isLog ? value.countedTo : value.taken?.seq) ?? null;
}

/** One machine: its statechart now or at any moment of the past, its journal, its context, and why it did what it did. */
export default function Machine() {
  const { page, offer } = useLoaderData<typeof loader>();
  const facts = useLive('facts');
  const value = useLive(page && !page.moment ? `machine:${page.node}` : null);
  useReload(tickOf(page, value));
  useReload(useLive('clock')?.tradeDate ?? null);
  const play = usePlay(page?.moment ?? null);
  if (!page) return <Missing reason="the engine is starting; this page fills by itself" />;
  const { node, zone, moment, line, keys } = page;
  return (
    <MomentFrame moment={moment} zone={zone} play={play}>
      <div className="inspector">
        <MachineRail facts={facts} moment={moment} />
        <div className="inspector-main">
          <MachineView page={page} value={value} facts={facts} offer={offer} />
        </div>
      </div>
      <TimeLine line={line} keys={keys} moment={moment} zone={zone} what={node} play={play} />
    </MomentFrame>
  );
}
