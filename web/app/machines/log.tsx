import { useSearchParams } from '@remix-run/react';
import type { LogRow, LogView } from '../../live/inspect.ts';
import { Form, Link } from '../components/link.tsx';
import { clockText, dateText, grouped } from '../format.ts';
import { addressAt, momentIn } from './address-at.ts';
import { Older } from './older.tsx';
import { changedStates, stateWords } from './state-words.ts';

function Line({
  row,
  zone,
  isNewDay,
}: {
  readonly row: LogRow;
  readonly zone: string;
  /** The line above is of another day. */
  readonly isNewDay: boolean;
}) {
  const [search] = useSearchParams();
  const { seq, ts, event, from, to, taken, isBlocked, count, since, cause } = row;
  const isChange = from !== to;
  const changed = changedStates(from, to);
  return (
    <tr className={isChange ? 'log-change' : ''}>
      <td className="num">
        <Link to={addressAt(search, seq)} preventScrollReset>
          {clockText(zone, ts)}
        </Link>
        {isNewDay ? <span className="muted"> {dateText(zone, ts)}</span> : null}
      </td>
      <td className="num muted">{grouped(seq)}</td>
      <td>
        {event}
        {count > 1 ? (
          <strong title={`since ${clockText(zone, since)}`}> ×{grouped(count)}</strong>
        ) : null}
        <span className="muted"> from {cause.text}</span>
      </td>
      <td>
        {isChange ? (
          <>
            {stateWords(changed.from)} → <strong>{stateWords(changed.to)}</strong>
          </>
        ) : (
          <span className="muted">
            {taken.length > 0
              ? 'heard, stays'
              : isBlocked
                ? '✖ a guard refused'
                : 'not listened to'}
          </span>
        )}
      </td>
    </tr>
  );
}

function emptyWords({ hidden }: LogView, only: string, filter: string): string {
  if (filter !== '') return `nothing matches '${filter}'; ${grouped(hidden)} macrosteps are hidden`;
  if (only === 'transitions' && hidden > 0)
    return `no change of state yet; ${grouped(hidden)} macrosteps without one are hidden`;
  return 'this machine has done nothing yet';
}

/** The journal of one machine, newest first. */
export function Log({ log, zone }: { readonly log: LogView; readonly zone: string }) {
  const [search] = useSearchParams();
  const only = search.get('only') === 'all' ? 'all' : 'transitions';
  const filter = search.get('filter') ?? '';
  const { rows, hidden } = log;
  return (
    <>
      <Form className="filter-form" preventScrollReset>
        <input type="hidden" name="tab" value="log" />
        {Object.entries(momentIn(search)).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <fieldset>
          <legend className="hidden-visually">Which macrosteps</legend>
          {(['transitions', 'all'] as const).map((value) => (
            <label key={value} className="choice">
              <input type="radio" name="only" value={value} defaultChecked={only === value} />
              {value === 'transitions' ? 'changes of state only' : 'all macrosteps'}
            </label>
          ))}
        </fieldset>
        <label>
          filter{' '}
          <input name="filter" defaultValue={filter} placeholder="event, state, transition" />
        </label>
        <button type="submit">Show</button>
      </Form>
      {rows.length === 0 ? (
        <p className="muted" role="status">
          {emptyWords(log, only, filter)}
        </p>
      ) : (
        <div className="table-scroll">
          <table className="log">
            <caption>
              Newest first{hidden > 0 ? `; ${grouped(hidden)} hidden by what is chosen above` : ''}
            </caption>
            <thead>
              <tr>
                <th scope="col">time</th>
                <th scope="col">macrostep</th>
                <th scope="col">event</th>
                <th scope="col">what it did</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, i) => (
                <Line
                  key={row.seq}
                  row={row}
                  zone={zone}
                  isNewDay={dateText(zone, rows[i - 1]?.ts ?? 0) !== dateText(zone, row.ts)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Older before={log.older} />
    </>
  );
}
