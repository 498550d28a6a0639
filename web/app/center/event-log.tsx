import type { LiveEvent } from '../../live/wire.ts';
import { useLive, useLiveEvents } from '../client/use-live.tsx';
import { Link } from '../components/link.tsx';
import { Missing } from '../components/missing.tsx';
import { Panel } from '../components/panel.tsx';
import { clockText } from '../format.ts';
import { textOf } from './fields.ts';
import { wordsOf } from './words.ts';

const mostShown = 4;

function textOfEvent({ type, payload, port }: LiveEvent): string {
  switch (type) {
    case 'transition':
      return `→ ${wordsOf(textOf(payload, 'to') ?? '')}`;
    case 'signal':
      return `${port ?? 'signal'} ${textOf(payload, 'side') ?? ''}`;
    case 'dead-letter':
      return `✖ ${textOf(payload, 'error') ?? 'quarantined'}`;
    case 'notice':
      return textOf(payload, 'text') ?? '';
  }
}

/** The reason of an event; of another instrument, there. */
function whyOf({ node, seq, symbol }: LiveEvent): string {
  const of = symbol === undefined ? '' : `&instrument=${symbol}`;
  return `/machines/${node}?tab=why&at=${seq}${of}`;
}

/** The last things that happened, newest first, each with the way to its reason. */
export function EventLog() {
  const events = useLiveEvents();
  const facts = useLive('facts');
  const shown = events.slice(-mostShown).reverse();
  return (
    <Panel id="log" title="Log" to="/journal" toText="journal" className="log-panel">
      {shown.length === 0 || !facts ? (
        <Missing reason="nothing happened since this window was connected to the run" />
      ) : (
        <ol className="log">
          {shown.map((event) => (
            <li key={event.s}>
              <span className="num live meta muted">{clockText(facts.zone, event.ts)}</span>{' '}
              {event.symbol === undefined ? null : <span className="meta">{event.symbol} </span>}
              <strong>{event.node}</strong> <span className="log-text">{textOfEvent(event)}</span>{' '}
              {event.seq === null || event.node === '' ? null : (
                <Link className="meta" to={whyOf(event)}>
                  why
                </Link>
              )}
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
