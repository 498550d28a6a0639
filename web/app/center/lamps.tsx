import { useLive } from '../client/use-live.tsx';
import { Link } from '../components/link.tsx';
import { Missing } from '../components/missing.tsx';
import { Panel } from '../components/panel.tsx';
import { clockText } from '../format.ts';
import { wordsOf } from './words.ts';

const mostLamps = 15;

/** One lamp for each comparison between the strategy and its next step. */
function LampRow({
  leaves,
}: {
  readonly leaves: readonly { readonly ok: boolean; readonly text: string }[];
}) {
  return (
    <ol className="lamps" aria-label="Conditions in the order they were asked">
      {leaves.slice(0, mostLamps).map(({ ok, text }, i) => (
        // The order is the identity: the same comparison may stand twice.
        <li
          key={i}
          className={ok ? 'lamp lamp-on' : 'lamp'}
          title={`${ok ? 'holds' : 'missing'}: ${text}`}
        >
          <span aria-hidden="true">{ok ? '●' : '○'}</span>
          <span className="hidden-visually">
            {ok ? 'holds: ' : 'missing: '}
            {text}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** How much of what the strategy waits for is there, and what is missing first. */
export function Lamps() {
  const lamps = useLive('lamps');
  const facts = useLive('facts');
  return (
    <Panel id="lamps" title="Conditions met" word="shift lights" className="lamps-panel">
      {lamps && facts ? (
        <div className="lamps-line">
          <LampRow leaves={lamps.leaves} />
          <strong className="num live">
            {lamps.leaves.filter(({ ok }) => ok).length}/{lamps.leaves.length}
          </strong>
          <span>
            <strong>{lamps.node}</strong> {wordsOf(lamps.state)}
          </span>
          <Blocker leaves={lamps.leaves} target={lamps.target} />
          <Link className="meta" to={`/machines/${lamps.node}?tab=why&at=${lamps.seq}`}>
            why, as asked {clockText(facts.zone, lamps.ts)}
          </Link>
        </div>
      ) : (
        <Missing reason="no strategy of this flow was asked anything yet" />
      )}
    </Panel>
  );
}

function Blocker({
  leaves,
  target,
}: {
  readonly leaves: readonly { readonly ok: boolean; readonly text: string }[];
  readonly target: string | null;
}) {
  const first = leaves.find(({ ok }) => !ok);
  if (!first)
    return (
      <span className="blocker muted">
        all held{target === null ? '' : `: went on to ${wordsOf(target)}`}
      </span>
    );
  return (
    <span className="blocker" title={first.text}>
      <span className="muted">blocked by</span> {first.text}
    </span>
  );
}
