import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { readValues } from '../../gateway/live-values.ts';
import { machinePage } from '../../inspect/machine-page.ts';
import { useLive } from '../client/use-live.tsx';
import { Missing } from '../components/missing.tsx';
import { MachineRail } from '../machines/machine-list.tsx';
import { MachineView } from '../machines/machine-view.tsx';
import { MomentFrame, TimeLine } from '../machines/time-line.tsx';
import { useReload } from '../machines/use-reload.ts';
import machines from '../styles/machines.css?url';

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: machines }];
export const meta: MetaFunction = ({ params }) => [
  { title: `${params['node'] ?? ''} · Machines · OrderFlow` },
];

export async function loader({ params, request, context }: LoaderFunctionArgs) {
  const node = params['node'] ?? '';
  const page = await machinePage(context.engine, node, new URL(request.url).searchParams);
  const keys = ['facts', 'machines', 'run', 'clock', `machine:${node}`, `context:${node}`];
  return { page, live: readValues(context, keys) };
}

/** One machine: its statechart now or at any moment of the past, its journal, its context, and why it did what it did. */
export default function Machine() {
  const { page } = useLoaderData<typeof loader>();
  const facts = useLive('facts');
  const value = useLive(page && !page.moment ? `machine:${page.node}` : null);
  const isWatched = page && !page.moment && page.chart;
  const tick = page?.tab === 'log' || page?.tab === 'seq' ? value?.countedTo : value?.taken?.seq;
  useReload(page === null || page.reading ? 'reading' : isWatched ? (tick ?? null) : null);
  if (!page) return <Missing reason="the engine is starting; this page fills by itself" />;
  const { node, zone, moment, line, keys } = page;
  return (
    <MomentFrame moment={moment} zone={zone}>
      <div className="inspector">
        <MachineRail facts={facts} moment={moment} />
        <div className="inspector-main">
          <MachineView page={page} value={value} facts={facts} />
        </div>
      </div>
      <TimeLine line={line} keys={keys} moment={moment} zone={zone} what={node} />
    </MomentFrame>
  );
}
