import type { AnswerView, MissView, WhyView } from '../../live/why.ts';
import { wordsOf } from '../center/words.ts';
import { Chip, type ChipTone } from '../components/chip.tsx';
import { Link } from '../components/link.tsx';
import { clockText, grouped } from '../format.ts';
import { firstMissed, Leaves } from './leaves.tsx';

const tones: Readonly<Record<AnswerView['verdict'], ChipTone>> = {
  fired: 'ok',
  'guard-blocked': 'caution',
  shadowed: 'caution',
  'not-listening': 'plain',
  'never-arrived': 'plain',
  'late-dropped': 'caution',
  'gate-vetoed': 'caution',
  error: 'alarm',
  'node-paused': 'alarm',
};

function Upstream({
  upstream,
  zone,
}: {
  readonly upstream: NonNullable<AnswerView['upstream']>;
  readonly zone: string;
}) {
  const { node, path, text, at, leaves } = upstream;
  return (
    <div className="upstream">
      <h3>Who withheld it</h3>
      {path.length > 1 ? (
        <p className="num wires" aria-label={`wires, upstream: ${path.join(', then ')}`}>
          {path.join(' ← ')}
        </p>
      ) : null}
      <p>{text}</p>
      {leaves.length > 0 ? <Leaves leaves={leaves} firstBlocker={firstMissed(leaves)} /> : null}
      <p>
        <Link to={`/machines/${node}${at === null ? '' : `?time=${at}`}`}>
          look at {node}
          {at === null ? '' : ` at ${clockText(zone, at)}`}
        </Link>
      </p>
    </div>
  );
}

/** A verdict of the closed set, with everything it was read from. */
export function Answer({ answer, zone }: { readonly answer: AnswerView; readonly zone: string }) {
  const { verdict, sentence, node, transition, target, why, at, seq, state, leaves } = answer;
  const { firstBlocker, listensIn, route, winner, error, upstream } = answer;
  return (
    <section className="answer" aria-label="Answer" data-verdict={verdict}>
      <p className="verdict">
        <Chip tone={tones[verdict]}>{verdict}</Chip> <strong>{sentence}</strong>
      </p>
      <dl className="facts">
        <dt>asked</dt>
        <dd className="num">
          {transition}
          {target === null ? '' : ` → ${target}`}
          {why === null ? '' : `: ${why}`}
        </dd>
        <dt>decided</dt>
        <dd>
          {at === null ? (
            'nothing happened in this time'
          ) : (
            <>
              {clockText(zone, at)}
              {seq === null ? null : (
                <>
                  {' '}
                  <Link to={`/machines/${node}?at=${seq}&tab=why`}>macrostep {grouped(seq)}</Link>
                </>
              )}
            </>
          )}
        </dd>
        <dt>state</dt>
        <dd>
          {state === '' ? 'not started' : wordsOf(state)}
          {verdict === 'not-listening'
            ? `; it listens in ${listensIn.map(wordsOf).join(', ')}`
            : ''}
        </dd>
        {route.length > 0 ? (
          <>
            <dt>way there</dt>
            <dd className="num">{route.join(', then ')}</dd>
          </>
        ) : null}
        {winner === null ? null : (
          <>
            <dt>taken instead</dt>
            <dd className="num">{winner}</dd>
          </>
        )}
        {error === null ? null : (
          <>
            <dt>error</dt>
            <dd>{error}</dd>
          </>
        )}
      </dl>
      {leaves.length > 0 ? <Leaves leaves={leaves} firstBlocker={firstBlocker} /> : null}
      {upstream ? <Upstream upstream={upstream} zone={zone} /> : null}
    </section>
  );
}

function Miss({ miss, zone }: { readonly miss: MissView; readonly zone: string }) {
  const { node, transition, why, at, seq, leaves } = miss;
  const missed = leaves.filter(({ verdict }) => verdict !== 'held');
  const held = leaves.length - missed.length;
  return (
    <li>
      <Link className="num" to={`/machines/${node}?at=${seq}&tab=why`}>
        {clockText(zone, at)}
      </Link>{' '}
      <span className="num">
        {node} {transition}
      </span>
      {why === null ? null : <span className="muted"> · {why}</span>}
      <ul>
        {missed.map((leaf, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: their order is what tells them apart
          <li key={i}>
            <span className="leaf-mark" aria-hidden="true">
              ✖
            </span>{' '}
            {leaf.label}
            {leaf.op === null ? '' : `: ${leaf.had} ${leaf.op} ${leaf.needed}`}
            {leaf.by === null ? '' : `, missed by ${leaf.by}`}
            {leaf.error === null ? '' : `: ${leaf.error}`}
            {i === missed.length - 1 && held > 0
              ? `; ${held} other${held === 1 ? '' : 's'} held`
              : ''}
          </li>
        ))}
      </ul>
    </li>
  );
}

/** Candidates that a guard held back, the nearest first. */
export function NearMisses({ why, zone }: { readonly why: WhyView; readonly zone: string }) {
  const { misses } = why;
  return (
    <section aria-labelledby="misses-title">
      <h3 id="misses-title">Near misses in this time, the nearest first</h3>
      {why.node === null ? (
        <p className="muted">
          Of the machines that give signals or ideas; choose a machine to see those of any other.
        </p>
      ) : null}
      {misses.length === 0 ? (
        <p className="muted">None: nothing was refused for want of little.</p>
      ) : (
        <ol className="misses">
          {misses.map((miss) => (
            <Miss key={`${miss.node} ${miss.transition}`} miss={miss} zone={zone} />
          ))}
        </ol>
      )}
    </section>
  );
}

/** What became of the transitions of one machine. */
export function Counts({ why }: { readonly why: WhyView }) {
  const { counts, choices } = why;
  if (counts.length === 0)
    return <p className="muted">In this time no transition was taken and no guard was asked.</p>;
  const words = new Map(choices.map((choice) => [choice.id, choice]));
  return (
    <div className="table-scroll">
      <table>
        <caption>What became of its transitions in this time</caption>
        <thead>
          <tr>
            <th scope="col">transition</th>
            <th scope="col">taken</th>
            <th scope="col">refused</th>
            <th scope="col">another won</th>
          </tr>
        </thead>
        <tbody>
          {counts.map(({ id, fired, blocked, shadowed }) => (
            <tr key={id}>
              <th scope="row">
                <span className="num">{id}</span>
                {words.get(id)?.why ? <span className="muted"> {words.get(id)?.why}</span> : null}
              </th>
              <td className="num">{grouped(fired)}</td>
              <td className="num">{grouped(blocked)}</td>
              <td className="num">{grouped(shadowed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
