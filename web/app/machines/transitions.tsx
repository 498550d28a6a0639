import { isInState } from '#engine/inspect/event-match.ts';
import type { EdgeAsked } from '../../live/inspect.ts';
import type { Choice } from '../../live/why.ts';
import { wordsOf } from '../center/words.ts';
import { Link } from '../components/link.tsx';
import { clockText, dateText, grouped } from '../format.ts';
import type { ChartLight } from './chart.tsx';
import { firstMissed, Leaves } from './leaves.tsx';

/** What times are written with: a zone, and the open of the day looked at. */
interface Clock {
  readonly zone: string;
  readonly open: number;
}

const verdictWords: Readonly<Record<EdgeAsked['verdict'], string>> = {
  fired: '✔ taken',
  'guard-blocked': '✖ refused',
  shadowed: '◐ another won',
  error: '⚠ error',
};

/** A time of the day looked at; one before it with its date. */
function timeText({ zone, open }: Clock, ts: number): string {
  return ts < open ? `${dateText(zone, ts)} ${clockText(zone, ts)}` : clockText(zone, ts);
}

function Asked({ asked, clock }: { readonly asked: EdgeAsked | undefined; readonly clock: Clock }) {
  if (!asked) return <span className="muted">not asked yet</span>;
  const { ts, seq, verdict, leaves } = asked;
  const head = (
    <>
      {verdictWords[verdict]} {timeText(clock, ts)}
    </>
  );
  if (leaves.length === 0) return head;
  return (
    <details>
      <summary>
        {head}
        <span className="muted"> · {leaves.length} compared</span>
      </summary>
      <Leaves
        leaves={leaves}
        firstBlocker={verdict === 'guard-blocked' ? firstMissed(leaves) : -1}
      />
      <p>
        <Link to={`?at=${seq}&tab=why`}>look at that moment (macrostep {grouped(seq)})</Link>
      </p>
    </details>
  );
}

function isCandidate({ source }: Choice, state: string): boolean {
  return state !== '' && isInState(state, source);
}

function Row({
  choice,
  light,
  clock,
  keep,
}: {
  readonly choice: Choice;
  readonly light: ChartLight;
  readonly clock: Clock;
  readonly keep: string;
}) {
  const { id, source, target, event, why } = choice;
  const count = light.counts[id];
  const isTaken = light.taken?.ids.includes(id) === true;
  return (
    <tr className={isTaken ? 'is-taken' : ''}>
      <th scope="row">
        {isTaken ? <span title="the last one taken">➤ </span> : null}
        {source === '(root)' ? 'any state' : wordsOf(source)} →{' '}
        {target === null ? 'stays' : wordsOf(target)}
      </th>
      <td>
        {event}
        {why === null || why === 'expr' ? null : <span className="muted"> · {why}</span>}
      </td>
      <td className="num">{count ? grouped(count.fired) : '0'}</td>
      <td className="num">{count ? grouped(count.blocked) : '0'}</td>
      <td>
        <Asked asked={light.asked[id]} clock={clock} />
      </td>
      <td>
        <Link to={`?tab=why&transition=${encodeURIComponent(id)}${keep}`} aria-label={`why ${id}`}>
          why
        </Link>
      </td>
    </tr>
  );
}

/** The transitions of a chart as a table: those of the active states first, with what their guards compared last. */
export function Transitions({
  choices,
  light,
  clock,
  keep,
}: {
  readonly choices: readonly Choice[];
  readonly light: ChartLight;
  readonly clock: Clock;
  /** Rest of an address that keeps the moment looked at. */
  readonly keep: string;
}) {
  const candidates = choices.filter((choice) => isCandidate(choice, light.state));
  const others = choices.filter((choice) => !isCandidate(choice, light.state));
  const table = (label: string, of: readonly Choice[]) => (
    <div className="table-scroll">
      <table className="transitions">
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">from → to</th>
            <th scope="col">event · condition</th>
            <th scope="col">taken today</th>
            <th scope="col">refused today</th>
            <th scope="col">asked last</th>
            <th scope="col">
              <span className="hidden-visually">question</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {of.map((choice) => (
            <Row key={choice.id} choice={choice} light={light} clock={clock} keep={keep} />
          ))}
        </tbody>
      </table>
    </div>
  );
  return (
    <>
      {candidates.length > 0 ? table('What it listens for now', candidates) : null}
      {others.length > 0 ? table('What it would listen for in other states', others) : null}
    </>
  );
}
