import type { FactsValue, LiveValues } from '../../live/values.ts';
import { useLive } from '../client/use-live.tsx';
import { Link } from '../components/link.tsx';
import { Missing } from '../components/missing.tsx';
import { Panel } from '../components/panel.tsx';
import { clockText, dateText, priceText, spanText } from '../format.ts';
import { numberOf, textOf } from './fields.ts';

const mostShown = 12;

type Signal = LiveValues['signals'][number];

/** The side a signal names; another word than the two that are known here has no direction. */
function Side({ side }: { readonly side: string | null }) {
  if (side === 'long') return <span className="buy">▲ long</span>;
  if (side === 'short') return <span className="sell">▼ short</span>;
  return <span className="muted">{side ?? 'no side'}</span>;
}

function SignalRow({
  signal,
  facts,
  now,
}: {
  readonly signal: Signal;
  readonly facts: FactsValue;
  readonly now: number;
}) {
  const { node, payload, seq, ts } = signal;
  const price = numberOf(payload, 'price') ?? numberOf(payload, 'entry');
  const isOfToday = dateText(facts.zone, ts) === dateText(facts.zone, now);
  return (
    <li>
      <Link to={`/machines/${node}?at=${seq}`} className="signal">
        <span className="num live meta muted">
          {isOfToday ? '' : `${dateText(facts.zone, ts)} `}
          {clockText(facts.zone, ts)}
        </span>
        <strong>{node}</strong>
        <Side side={textOf(payload, 'side')} />
        {price === null ? null : (
          <span className="num live">{priceText(price, facts.instrument.decimals)}</span>
        )}
        <span className="num live meta faint">{spanText(now - ts)} ago</span>
        <span className="signal-reason muted meta">{textOf(payload, 'reason')}</span>
      </Link>
    </li>
  );
}

/** What setups and strategies said, newest first; each leads to the moment it was said. */
export function Signals() {
  const signals = useLive('signals');
  const facts = useLive('facts');
  const clock = useLive('clock');
  const isKnown = signals && facts && clock;
  return (
    <Panel
      id="signals"
      title="Signals"
      to="/journal"
      toText="all of today"
      className="signals-panel"
    >
      {!isKnown ? (
        <Missing reason="the engine is starting" />
      ) : signals.length === 0 ? (
        <Missing reason="none yet" />
      ) : (
        <ol className="signals">
          {signals.slice(0, mostShown).map((signal) => (
            <SignalRow
              key={`${signal.seq}-${signal.port}`}
              signal={signal}
              facts={facts}
              now={clock.now}
            />
          ))}
        </ol>
      )}
    </Panel>
  );
}
