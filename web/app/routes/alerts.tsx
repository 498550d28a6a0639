import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData, useRevalidator } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { AlertTable } from '../alerts/alert-table.tsx';
import { useAcknowledge } from '../client/use-acknowledge.ts';
import { useIsViewer } from '../client/use-is-viewer.ts';
import { useLinkObstacle } from '../client/use-link-obstacle.ts';
import { useLive } from '../client/use-live.tsx';
import { Link } from '../components/link.tsx';
import { Missing } from '../components/missing.tsx';
import { Panel } from '../components/panel.tsx';
import { clockText, dateText, grouped, zoneWord } from '../format.ts';
import pages from '../styles/pages.css?url';

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: pages }];
export const meta: MetaFunction = () => [{ title: 'Alerts · OrderFlow' }];

export function loader({ context }: LoaderFunctionArgs) {
  const { engine, feed } = context;
  return {
    list: feed.alerts.list,
    zone: engine.graph?.zone ?? 'UTC',
    machines:
      engine
        .taskOf(null)
        ?.watch.machines()
        .map(({ node }) => node) ?? [],
  };
}

/** Loads the list again whenever the server says that it changed. */
function useFresh(): void {
  const revision = useLive('alerts')?.revision;
  const { revalidate } = useRevalidator();
  const [seen, setSeen] = useState(revision);
  useEffect(() => {
    if (revision === seen) return;
    setSeen(revision);
    revalidate();
  }, [revision, seen, revalidate]);
}

export default function Alerts() {
  const { list, zone, machines } = useLoaderData<typeof loader>();
  useFresh();
  const [isOpenOnly, setOpenOnly] = useState(false);
  const { acknowledge, problem } = useAcknowledge();
  const isViewer = useIsViewer();
  const obstacle = useLinkObstacle() ?? (isViewer ? 'a viewer looks and changes nothing' : null);
  const open = list.alerts.filter(
    ({ level, acknowledged }) => level === 'alarm' && acknowledged === null,
  );
  const shown = isOpenOnly ? open : list.alerts;
  const [newest] = open;
  const since = list.since * 1_000;
  return (
    <>
      <div className="page-head">
        <h1>Alerts</h1>
        <span className="muted">
          {open.length} to acknowledge, {grouped(list.alerts.length)} in all, of every instrument ·{' '}
          <Link to="/help/alerts">what they mean</Link>
        </span>
        <label className="check">
          <input
            type="checkbox"
            checked={isOpenOnly}
            onChange={({ currentTarget }) => setOpenOnly(currentTarget.checked)}
          />{' '}
          only those to acknowledge
        </label>
        {newest ? (
          <button
            type="button"
            disabled={obstacle !== null}
            title={obstacle ?? undefined}
            onClick={() => void acknowledge({ through: newest.id })}
          >
            Acknowledge all
          </button>
        ) : null}
        {problem === null ? null : (
          <span className="field-wrong" role="alert">
            ✖ {problem}
          </span>
        )}
      </div>
      <Panel id="alerts" title="Newest first">
        {shown.length === 0 ? (
          <Missing
            reason={isOpenOnly ? 'nothing is to be acknowledged' : 'nothing happened so far'}
          />
        ) : (
          <AlertTable
            alerts={shown}
            zone={zone}
            machines={machines}
            obstacle={obstacle}
            acknowledge={(id) => void acknowledge({ id })}
          />
        )}
        <p className="muted meta">
          Kept since {dateText(zone, since)} {clockText(zone, since)} {zoneWord(zone)} by the clock
          of the computer, over restarts too
          {list.dropped === 0 ? '' : `; ${grouped(list.dropped)} older ones made room`}. Breaks of
          the link between a window and the engine are told in that window alone.
        </p>
      </Panel>
    </>
  );
}
