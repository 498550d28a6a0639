import { useState } from 'react';
import type { LampsValue } from '../../live/values.ts';
import { useIsOld, useLive, useStartReason } from '../client/use-live.tsx';
import { Link } from '../components/link.tsx';
import { Missing } from '../components/missing.tsx';
import { Panel } from '../components/panel.tsx';
import { clockText } from '../format.ts';
import { wordsOf } from './words.ts';

const mostLamps = 15;

type LampLeaf = LampsValue['leaves'][number];

/** One lamp for each comparison between the strategy and its next step; each says its comparison when it is chosen. */
function LampRow({
  leaves,
  say,
}: {
  readonly leaves: readonly LampLeaf[];
  readonly say: (text: string) => void;
}) {
  const isOld = useIsOld();
  return (
    <ol className="lamps" aria-label="Conditions in the order they were asked">
      {leaves.slice(0, mostLamps).map(({ ok, text }, i) => {
        const word = isOld ? 'not known any more' : ok ? 'holds' : 'missing';
        const tell = (): void => say(`${word}: ${text}`);
        return (
          // The order is the identity: the same comparison may stand twice.
          <li key={i}>
            <button
              type="button"
              className={ok && !isOld ? 'lamp lamp-on' : 'lamp'}
              title={text}
              aria-label={`${word}: ${text}`}
              onFocus={tell}
              onMouseEnter={tell}
              onClick={tell}
            >
              <span aria-hidden="true">{isOld ? '?' : ok ? '●' : '○'}</span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}

/** How much of what the strategy waits for is there, and what is missing first. */
export function Lamps() {
  const lamps = useLive('lamps');
  const facts = useLive('facts');
  const reason = useStartReason();
  return (
    <Panel id="lamps" title="Conditions met" word="shift lights" className="lamps-panel">
      {lamps && facts ? (
        <LampsLine lamps={lamps} zone={facts.zone} />
      ) : (
        <Missing reason={facts ? 'no strategy was asked anything in the state it is in' : reason} />
      )}
    </Panel>
  );
}

function LampsLine({ lamps, zone }: { readonly lamps: LampsValue; readonly zone: string }) {
  const { node, state, leaves, target, seq, ts, transition } = lamps;
  // What was read of another question says nothing of this one.
  const [said, setSaid] = useState({ transition, text: '' });
  const text = said.transition === transition ? said.text : '';
  return (
    <>
      <div className="lamps-line">
        <LampRow leaves={leaves} say={(words) => setSaid({ transition, text: words })} />
        <strong className="num live">
          {leaves.filter(({ ok }) => ok).length}/{leaves.length}
        </strong>
        <span>
          <strong>{node}</strong> {wordsOf(state)}
          {target === null ? '' : ` → ${wordsOf(target)}`}
        </span>
        <Blocker leaves={leaves} />
        <Link className="meta" to={`/machines/${node}?tab=why&at=${seq}`}>
          why, as asked {clockText(zone, ts)}
        </Link>
      </div>
      {text === '' ? null : <p className="meta muted lamp-said">{text}</p>}
    </>
  );
}

/** What is missing first. A guard may be refused while every comparison holds: one of them is asked the other way round. */
function Blocker({ leaves }: { readonly leaves: readonly LampLeaf[] }) {
  const first = leaves.find(({ ok }) => !ok);
  if (!first) return <span className="blocker muted">refused though each comparison holds</span>;
  return (
    <span className="blocker" title={first.text}>
      <span className="muted">blocked by</span> {first.text}
    </span>
  );
}
