import type { MomentView, ParamsThen, PriceThen, ProbeThen } from '../../live/inspect.ts';
import { clockText, dateText, priceText } from '../format.ts';

/** A time of a day; of another day than the moment's with its date. */
function timeText(zone: string, ts: number, moment: number): string {
  const day = dateText(zone, ts);
  return `${day === dateText(zone, moment) ? '' : `${day} `}${clockText(zone, ts)}`;
}

function Price({
  price,
  ts,
  zone,
}: {
  readonly price: PriceThen;
  readonly ts: number;
  readonly zone: string;
}) {
  if ('missing' in price) return <>— {price.missing}</>;
  return (
    <>
      <strong className="num">{priceText(price.price, price.decimals)}</strong>{' '}
      <span className="muted">last trade {timeText(zone, price.ts, ts)}</span>
    </>
  );
}

function Revision({ moment, zone }: { readonly moment: MomentView; readonly zone: string }) {
  const { hash, version, since, isNow, until, doubt } = moment.revision;
  const began = since === null ? '' : `, since ${timeText(zone, since, moment.ts)}`;
  return (
    <>
      {version === null ? '' : `version ${version} `}
      <span className="num">({hash})</span>
      {began}
      {isNow ? ', the flow of now' : ''}
      {until ? `; version ${until.version} took over ${timeText(zone, until.ts, moment.ts)}` : ''}
      {doubt === null ? null : <span className="doubt"> {doubt}</span>}
    </>
  );
}

/** The price and the flow of a moment. */
export function MomentFacts({
  moment,
  zone,
}: {
  readonly moment: MomentView;
  readonly zone: string;
}) {
  return (
    <dl className="facts moment-facts" data-testid="moment-facts">
      <dt>price then</dt>
      <dd data-testid="price-then">
        <Price price={moment.price} ts={moment.ts} zone={zone} />
      </dd>
      <dt>flow then</dt>
      <dd data-testid="flow-then">
        <Revision moment={moment} zone={zone} />
      </dd>
    </dl>
  );
}

/** What sensors stood at, each in the last minute in which it saw anything. */
export function ProbesThen({
  probes,
  moment,
  zone,
  areNamed = false,
}: {
  readonly probes: readonly ProbeThen[];
  readonly moment: MomentView;
  readonly zone: string;
  /** They are of several nodes. */
  readonly areNamed?: boolean;
}) {
  return (
    <ul className="probes" data-testid="probes-then">
      {probes.map(({ node, probe, ts, text, isReached }) => (
        <li key={`${node} ${probe}`}>
          <span className={isReached ? 'chart-fired' : 'muted'} aria-hidden="true">
            {isReached ? '✔' : '○'}
          </span>{' '}
          {areNamed ? <b>{node} </b> : null}
          {ts === null ? `${probe}: no reading by then` : text}
          {ts === null ? null : (
            <span className="muted"> in the minute to {timeText(zone, ts, moment.ts)}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The parameters of a machine at a moment, those that are others now first. */
export function Params({ params }: { readonly params: ParamsThen }) {
  const { fields, unknown } = params;
  const sorted = [
    ...fields.filter(({ now }) => now !== null),
    ...fields.filter(({ now }) => now === null),
  ];
  return (
    <>
      {unknown === null ? null : <p className="moment-note">{unknown}</p>}
      {sorted.length === 0 ? (
        unknown === null ? (
          <p className="muted">It has no parameters.</p>
        ) : null
      ) : (
        <details className="twin" open={sorted.some(({ now }) => now !== null)}>
          <summary>
            Parameters then <span className="muted">{sorted.length}, in inside form</span>
          </summary>
          <div className="table-scroll">
            <table className="fields" data-testid="params-then">
              <thead>
                <tr>
                  <th scope="col">parameter</th>
                  <th scope="col">then</th>
                  <th scope="col">now</th>
                </tr>
              </thead>
              <tbody>
                {sorted.map(({ name, was, now }) => (
                  <tr key={name} className={now === null ? '' : 'is-changed'}>
                    <th scope="row">{name}</th>
                    <td className="num">{was}</td>
                    <td className={now === null ? 'muted' : 'num'}>{now ?? 'the same'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </>
  );
}
