import { sideOf } from '../../live/side.ts';
import type { FactsValue, LiveValues } from '../../live/values.ts';
import { useLive, useStartReason } from '../client/use-live.tsx';
import { Link } from '../components/link.tsx';
import { Missing } from '../components/missing.tsx';
import { Panel } from '../components/panel.tsx';
import { clockText, dateText, priceText, spanText } from '../format.ts';
import { numberOf, textOf } from './fields.ts';

const mostShown = 12;
const recentMicros = 300_000_000;

type Signal = LiveValues['signals'][number];

/** The side a signal names; another word than the two that are known here has no direction. */
function Side({ payload }: { readonly payload: Signal['payload'] }) {
  const side = sideOf(payload);
  if (side === 'long') return <span className="buy">▲ long</span>;
  if (side === 'short') return <span className="sell">▼ short</span>;
  return <span className="muted">{textOf(payload, 'side') ?? 'no side'}</span>;
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
        <Side payload={payload} />
        {price === null ? null : (
          <span className="num live">{priceText(price, facts.instrument.decimals)}</span>
        )}
        <span className="num live meta faint">{spanText(now - ts)} ago</span>
        <span className="signal-reason muted meta">{textOf(payload, 'reason')}</span>
      </Link>
    </li>
  );
}

/** Says that nothing came lately, and when the last one did: a list of old signals does not look like new ones. */
function Lull({
  newest,
  zone,
  now,
}: {
  readonly newest: number;
  readonly zone: string;
  readonly now: number;
}) {
  if (now - newest < recentMicros) return null;
  const isOfToday = dateText(zone, newest) === dateText(zone, now);
  return (
    <p className="meta muted">
      none in 5 min, last{' '}
      <span className="num live">
        {isOfToday ? '' : `${dateText(zone, newest)} `}
        {clockText(zone, newest)}
      </span>
    </p>
  );
}

/** What setups and strategies said, newest first; each leads to the moment it was said. */
export function Signals() {
  const signals = useLive('signals');
  const facts = useLive('facts');
  const clock = useLive('clock');
  const reason = useStartReason();
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
        <Missing reason={reason} />
      ) : signals.length === 0 ? (
        <Missing reason="none yet" />
      ) : (
        <>
          <Lull newest={signals[0]?.ts ?? clock.now} zone={facts.zone} now={clock.now} />
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
        </>
      )}
    </Panel>
  );
}
