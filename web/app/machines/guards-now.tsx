import type { AskedNow, GuardsNow } from '../../live/inspect.ts';
import type { Choice } from '../../live/why.ts';
import { wordsOf } from '../center/words.ts';
import { useKept } from '../client/use-instrument.ts';
import { usePolled } from '../client/use-polled.ts';
import { Link } from '../components/link.tsx';
import { clockText } from '../format.ts';
import { AskedLeaves } from './asked-leaves.tsx';

const everyMs = 2_000;

const words: Readonly<Record<AskedNow['verdict'], string>> = {
  held: '✔ would be taken',
  refused: '✖ would be refused',
  error: '⚠ its guard fails',
  unreached: '◐ not asked: another comes first',
  'no-event': '○ no such event came yet',
};

function Answer({ asked }: { readonly asked: AskedNow }) {
  const { verdict, leaves, error } = asked;
  const head = words[verdict];
  if (error !== null) return <>{`${head}: ${error}`}</>;
  return <AskedLeaves head={head} leaves={leaves} isRefused={verdict === 'refused'} />;
}

function Against({ asked, zone }: { readonly asked: AskedNow; readonly zone: string }) {
  const { event, verdict } = asked;
  if (verdict === 'no-event') return <span className="muted">—</span>;
  if (!event) return <span className="muted">none is needed</span>;
  return (
    <>
      the last {event.type},{' '}
      <Link className="num" to={`?at=${event.seq}`}>
        {clockText(zone, event.ts)}
      </Link>
    </>
  );
}

/** The answers as a table. */
export function GuardsTable({
  now,
  choices,
  zone,
}: {
  readonly now: GuardsNow;
  readonly choices: readonly Choice[];
  readonly zone: string;
}) {
  const shown = choices.filter(({ id }) => Object.hasOwn(now.asked, id));
  if (shown.length === 0) return null;
  return (
    <div className="table-scroll">
      <table className="transitions" data-testid="guards-now">
        <caption>
          What its guards would answer now, asked at {clockText(zone, now.ts)}: context and tables
          of now, the last event of each kind
        </caption>
        <thead>
          <tr>
            <th scope="col">from → to</th>
            <th scope="col">against</th>
            <th scope="col">answer now</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ id, source, target, why }) => {
            const asked = now.asked[id];
            return asked ? (
              <tr key={id}>
                <th scope="row">
                  {source === '(root)' ? 'any state' : wordsOf(source)} →{' '}
                  {target === null ? 'stays' : wordsOf(target)}
                  {why === null ? null : <span className="muted"> · {why}</span>}
                </th>
                <td>
                  <Against asked={asked} zone={zone} />
                </td>
                <td>
                  <Answer asked={asked} />
                </td>
              </tr>
            ) : null;
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Asks the guards out of the present state again and again, between two events too. */
export function Guards({
  node,
  choices,
  zone,
}: {
  readonly node: string;
  readonly choices: readonly Choice[];
  readonly zone: string;
}) {
  const path = useKept(`/api/guards?node=${encodeURIComponent(node)}`);
  const { value, problem } = usePolled<GuardsNow | null>(path, everyMs);
  return (
    <>
      {problem === null ? null : <p className="muted">Guards could not be asked: {problem}</p>}
      {value ? <GuardsTable now={value} choices={choices} zone={zone} /> : null}
    </>
  );
}
