import type { Alert, AlertKind } from '../../live/alerts.ts';
import { Chip } from '../components/chip.tsx';
import { Link } from '../components/link.tsx';
import { ScrollTable } from '../components/scroll-table.tsx';
import { clockText, dateText, zoneWord } from '../format.ts';

/** What each kind of alert is called. */
export const kindWords: Readonly<Record<AlertKind, string>> = {
  'dead-letter': 'dead letter',
  'node-out': 'node out',
  feed: 'feed',
  refused: 'refused',
  deployed: 'deployed',
  engine: 'engine',
};

const microsPerMilli = 1_000;

const whenText = (zone: string, ts: number): string =>
  `${dateText(zone, ts)} ${clockText(zone, ts)}`;

/** When it happened by the market's clock, and when that was by the computer's, where the two differ. */
function When({ zone, alert: { ts, at } }: { readonly zone: string; readonly alert: Alert }) {
  const wall = whenText(zone, at * microsPerMilli);
  const event = ts === 0 ? null : whenText(zone, ts);
  return (
    <td className="num">
      {event ?? <span className="muted">before the market</span>}
      {event === wall ? null : (
        <>
          <br />
          <span className="meta muted">computer: {wall}</span>
        </>
      )}
    </td>
  );
}

/** The moment in the inspector, for nodes with a machine; the page of the reasons for the others. */
function Where({
  alert,
  machines,
}: {
  readonly alert: Alert;
  readonly machines: ReadonlySet<string>;
}) {
  const { symbol, node, ts } = alert;
  if (node === '') return <span className="muted">—</span>;
  if (!machines.has(node) || ts === 0 || symbol === null)
    return <span className="num">{node}</span>;
  const at = new URLSearchParams({ time: String(ts), instrument: symbol });
  return <Link to={`/machines/${node}?${at}`}>{node}</Link>;
}

function Settled({
  alert: { acknowledged, level },
  zone,
}: {
  readonly alert: Alert;
  readonly zone: string;
}) {
  if (acknowledged) {
    const { by, at } = acknowledged;
    const when = clockText(zone, at * microsPerMilli);
    return (
      <span className="meta muted">
        seen {when} by {by}
      </span>
    );
  }
  return level === 'alarm' ? null : <span className="meta muted">no need</span>;
}

/** Alerts, each with its time, instrument, node, code and what became of it. */
export function AlertTable({
  alerts,
  zone,
  machines,
  obstacle,
  acknowledge,
}: {
  readonly alerts: readonly Alert[];
  readonly zone: string;
  /** Nodes that the inspector shows. */
  readonly machines: readonly string[];
  /** Why nothing can be acknowledged now; null when it can. */
  readonly obstacle: string | null;
  readonly acknowledge: (id: number) => void;
}) {
  const inspected = new Set(machines);
  return (
    <ScrollTable
      label="Alerts"
      head={['kind', `time, ${zoneWord(zone)}`, 'instrument', 'node', 'what', 'acknowledged']}
    >
      {alerts.map((alert) => {
        const { id, kind, level, symbol, text, times, code, acknowledged } = alert;
        const isOpen = level === 'alarm' && acknowledged === null;
        return (
          <tr key={id}>
            <th scope="row">
              <Link to={`/help/alerts#${kind}`}>
                <Chip tone={isOpen ? 'alarm' : 'plain'}>{kindWords[kind]}</Chip>
              </Link>
            </th>
            <When zone={zone} alert={alert} />
            <td>{symbol ?? 'all'}</td>
            <td>
              <Where alert={alert} machines={inspected} />
            </td>
            <td className="alert-text">
              {text}
              {times > 1 ? <span className="muted"> · {times} times</span> : null}
              {code === null ? null : (
                <>
                  {' '}
                  <Link to={`/help/codes#${code}`}>{code}</Link>
                </>
              )}
            </td>
            <td>
              {isOpen ? (
                <button
                  type="button"
                  disabled={obstacle !== null}
                  title={obstacle ?? undefined}
                  aria-label={`Acknowledge: ${kindWords[kind]} ${id}`}
                  onClick={() => acknowledge(id)}
                >
                  Acknowledge
                </button>
              ) : (
                <Settled alert={alert} zone={zone} />
              )}
            </td>
          </tr>
        );
      })}
    </ScrollTable>
  );
}
