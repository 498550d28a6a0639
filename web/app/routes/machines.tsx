import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { readValues } from '../../gateway/live-values.ts';
import { type MachinesPage, machinesPage } from '../../inspect/machine-page.ts';
import type { MomentView } from '../../live/inspect.ts';
import { chosenOf } from '../chosen-task.server.ts';
import { useLive } from '../client/use-live.tsx';
import { Missing } from '../components/missing.tsx';
import { OldAge } from '../components/old-age.tsx';
import { Panel } from '../components/panel.tsx';
import { answered, steppedOn } from '../machines/answer.server.ts';
import { Tables } from '../machines/context.tsx';
import { NodeTable } from '../machines/machine-list.tsx';
import { Reading } from '../machines/reading.tsx';
import { ProbesThen } from '../machines/then.tsx';
import { MomentFrame, TimeLine } from '../machines/time-line.tsx';
import { usePlay } from '../machines/use-play.ts';
import { useReload } from '../machines/use-reload.ts';
import evidence from '../styles/evidence.css?url';
import machines from '../styles/machines.css?url';

export const links: LinksFunction = () =>
  [machines, evidence].map((href) => ({ rel: 'stylesheet', href }));
export const meta: MetaFunction = () => [{ title: 'Machines · OrderFlow' }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { symbol, live } = chosenOf(context.engine, request);
  const url = new URL(request.url);
  await steppedOn(live, null, url);
  const page = await answered(machinesPage(live, url.searchParams));
  return { page, live: readValues(context, symbol, ['facts', 'machines', 'run', 'clock']) };
}

/** What else is known of a moment. */
function Then({
  page: { tables, probes, zone },
  moment,
}: {
  readonly page: MachinesPage;
  readonly moment: MomentView;
}) {
  return (
    <>
      {probes.length === 0 ? null : (
        <Panel id="probes" title="Sensors as they stood">
          <ProbesThen probes={probes} moment={moment} zone={zone} areNamed />
        </Panel>
      )}
      {tables.length === 0 ? null : (
        <Panel id="tables" title="Tables and levels as they were">
          <Tables tables={tables} zone={zone} />
        </Panel>
      )}
    </>
  );
}

/** Every machine of the flow with its state, now or at any moment of the past. */
export default function Machines() {
  const { page } = useLoaderData<typeof loader>();
  const facts = useLive('facts');
  useReload(page === null || page.reading ? 'reading' : null);
  useReload(useLive('clock')?.tradeDate ?? null);
  const play = usePlay(page?.moment ?? null);
  if (!page) return <Missing reason="the engine is starting; this page fills by itself" />;
  const { zone, moment, line, keys, nodes, reading } = page;
  return (
    <MomentFrame moment={moment} zone={zone} play={play}>
      <h1>Machines</h1>
      <TimeLine
        line={line}
        keys={keys}
        moment={moment}
        zone={zone}
        what="any machine"
        play={play}
      />
      <Reading reading={reading} />
      <Panel
        id="nodes"
        title={moment ? 'States as they were' : 'States now'}
        to="/why"
        toText="why did something not fire?"
        className={moment ? '' : 'panel-live'}
      >
        {moment ? null : <OldAge />}
        <NodeTable nodes={nodes} facts={facts} moment={moment} zone={zone} />
      </Panel>
      {moment ? <Then page={page} moment={moment} /> : null}
    </MomentFrame>
  );
}
