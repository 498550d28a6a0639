import { isInState } from '#engine/inspect/event-match.ts';
import type { EdgeAsked, EdgeNear } from '../../live/inspect.ts';
import type { Choice } from '../../live/why.ts';
import { wordsOf } from '../center/words.ts';
import { Link } from '../components/link.tsx';
import { clockText, dateText, grouped } from '../format.ts';
import { AskedLeaves } from './asked-leaves.tsx';
import type { ChartLight } from './chart.tsx';
import { Margin } from './margin.tsx';

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

function Asked({
  asked,
  clock,
  isHeard,
}: {
  readonly asked: EdgeAsked | undefined;
  readonly clock: Clock;
  /** The machine listens for it now: what was asked in an earlier stay says nothing of this one. */
  readonly isHeard: boolean;
}) {
  if (isHeard && asked?.isThisStay !== true)
    return <span className="muted">not asked since it is in this state</span>;
  if (!asked) return <span className="muted">not asked yet</span>;
  const { ts, seq, verdict, leaves } = asked;
  const head = (
    <>
      {verdictWords[verdict]} {timeText(clock, ts)}
    </>
  );
  return (
    <AskedLeaves head={head} leaves={leaves} isRefused={verdict === 'guard-blocked'}>
      <p>
        <Link to={`?at=${seq}&tab=why`}>look at that moment (macrostep {grouped(seq)})</Link>
      </p>
    </AskedLeaves>
  );
}

function isCandidate({ source }: Choice, state: string): boolean {
  return state !== '' && isInState(state, source);
}

/** How often; nothing is zero before the journal was read. */
function Count({ of, isRead }: { readonly of: number | undefined; readonly isRead: boolean }) {
  if (of === undefined && !isRead)
    return (
      <td className="num">
        <span title="the journal of the day is not read yet">—</span>
      </td>
    );
  return <td className="num">{grouped(of ?? 0)}</td>;
}

/** Refusals for want of little, with how little it was and when. */
function Near({
  of,
  clock,
  isRead,
}: {
  readonly of: EdgeNear | undefined;
  readonly clock: Clock;
  readonly isRead: boolean;
}) {
  if (!of) return <Count of={undefined} isRead={isRead} />;
  const { count, ts, seq, missed } = of;
  return (
    <td className="near">
      <span className="num">≈{grouped(count)}</span>{' '}
      <Link className="num" to={`?at=${seq}&tab=why`}>
        {timeText(clock, ts)}
      </Link>{' '}
      <span className="margin">
        <Margin leaves={missed} />
      </span>
    </td>
  );
}

function Row({
  choice,
  light,
  clock,
  keep,
  isRead,
}: {
  readonly choice: Choice;
  readonly light: ChartLight;
  readonly clock: Clock;
  readonly keep: string;
  readonly isRead: boolean;
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
      <Count of={count?.fired} isRead={isRead} />
      <Count of={count?.blocked} isRead={isRead} />
      <Near of={light.nears[id]} clock={clock} isRead={isRead} />
      <td>
        <Asked asked={light.asked[id]} clock={clock} isHeard={isCandidate(choice, light.state)} />
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
  isRead,
}: {
  readonly choices: readonly Choice[];
  readonly light: ChartLight;
  readonly clock: Clock;
  /** Rest of an address that keeps the moment looked at. */
  readonly keep: string;
  /** The journal of the day is read: what it does not hold did not happen. */
  readonly isRead: boolean;
}) {
  const past = keep !== '';
  const day = past ? 'that day' : 'today';
  const candidates = choices.filter((choice) => isCandidate(choice, light.state));
  const others = choices.filter((choice) => !isCandidate(choice, light.state));
  const table = (label: string, asked: string, of: readonly Choice[]) => (
    <div className="table-scroll">
      <table className="transitions">
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">from → to</th>
            <th scope="col">event · condition</th>
            <th scope="col">taken {day}</th>
            <th scope="col">refused {day}</th>
            <th scope="col">near misses</th>
            <th scope="col">{asked}</th>
            <th scope="col">
              <span className="hidden-visually">question</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {of.map((choice) => (
            <Row
              key={choice.id}
              choice={choice}
              light={light}
              clock={clock}
              keep={keep}
              isRead={isRead}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
  return (
    <>
      {candidates.length > 0
        ? table(
            `What it ${past ? 'listened for then' : 'listens for now'}`,
            'asked last in this state',
            candidates,
          )
        : null}
      {others.length > 0
        ? table('What it would listen for in other states', 'asked last', others)
        : null}
    </>
  );
}
