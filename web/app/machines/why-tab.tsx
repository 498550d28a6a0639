import { useSearchParams } from '@remix-run/react';
import type { MachinePage } from '../../inspect/machine-page.ts';
import type { CandidateThen, MomentView } from '../../live/inspect.ts';
import { wordsOf } from '../center/words.ts';
import { Link } from '../components/link.tsx';
import { clockText, grouped } from '../format.ts';
import { momentIn } from './address-at.ts';
import type { EditView } from './edit-view.server.ts';
import { firstMissed, Leaves } from './leaves.tsx';
import { WhatIf } from './what-if.tsx';
import { Answer, Counts, NearMisses } from './why-answer.tsx';
import { WhyForm } from './why-form.tsx';

const verdicts: Readonly<Record<CandidateThen['verdict'], string>> = {
  fired: '✔ fired',
  'guard-blocked': '✖ guard-blocked',
  shadowed: '◐ shadowed: another candidate won',
  error: '⚠ error',
};

/** The candidates of the macrostep looked at, as they were recorded. */
function AtThisMoment({ moment, zone }: { readonly moment: MomentView; readonly zone: string }) {
  const { step, ts, seq } = moment;
  const { node, event, from, to, taken, candidates } = step;
  return (
    <section className="at-moment" aria-labelledby="at-moment-title">
      <h3 id="at-moment-title">
        Macrostep {grouped(seq)} at {clockText(zone, ts)}:{' '}
        <Link to={`/machines/${node}?at=${seq}`}>{node}</Link> heard {event}
      </h3>
      <p>
        {from === to
          ? `It stayed in ${from === '' ? 'no state' : wordsOf(to)}.`
          : `${from === '' ? 'Started' : wordsOf(from)} → ${wordsOf(to)}.`}{' '}
        {taken.length > 0 ? (
          <span className="num">taken: {taken.join(', ')}</span>
        ) : (
          'No transition was taken.'
        )}
      </p>
      {candidates.length === 0 ? <p className="muted">No guard was asked.</p> : null}
      {candidates.map(({ transition, verdict, why, leaves }) => (
        <div key={transition} className="candidate">
          <p>
            <strong>{verdicts[verdict]}</strong> <span className="num">{transition}</span>
            {why === null ? null : <span className="muted"> · {why}</span>}{' '}
            {verdict === 'guard-blocked' ? (
              <Link
                className="meta"
                to={`/machines/${node}?${new URLSearchParams({ at: String(seq), tab: 'why', transition })}`}
                preventScrollReset
              >
                why, that day
              </Link>
            ) : null}
          </p>
          {leaves.length > 0 ? (
            <Leaves
              leaves={leaves}
              firstBlocker={verdict === 'guard-blocked' ? firstMissed(leaves) : -1}
            />
          ) : null}
        </div>
      ))}
    </section>
  );
}

/** Why a transition of this machine fired or did not. */
export function WhyTab({
  page,
  offer,
}: {
  readonly page: MachinePage;
  readonly offer: EditView | null;
}) {
  const [search] = useSearchParams();
  const { node, zone, moment, why, refusal, transitions } = page;
  return (
    <>
      {moment ? <AtThisMoment moment={moment} zone={zone} /> : null}
      <h3>Ask about a time</h3>
      <WhyForm
        asked={{
          node,
          transition: search.get('transition'),
          from: search.get('from') ?? '',
          to: search.get('to') ?? '',
        }}
        machines={null}
        choices={transitions}
        action={`/machines/${node}`}
        isPast={moment !== null}
        hidden={{ tab: 'why', ...momentIn(search) }}
      />
      {refusal === null ? null : (
        <p className="error-box" role="alert">
          {refusal}
        </p>
      )}
      {why ? (
        <>
          <p className="muted">
            {why.fromText} to {why.toText}, from the journal
          </p>
          {why.answer ? <Answer answer={why.answer} zone={zone} /> : <Counts why={why} />}
          {why.whatIf ? <WhatIf view={why.whatIf} node={node} zone={zone} offer={offer} /> : null}
          <NearMisses why={why} zone={zone} />
        </>
      ) : null}
    </>
  );
}
