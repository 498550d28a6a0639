import { useLive } from '../client/use-live.tsx';
import { Chip } from '../components/chip.tsx';
import { LinkChip, LinkWords } from '../components/market-rail.tsx';
import { Panel } from '../components/panel.tsx';

/** The left flag: is what is shown alive. */
export function FeedFlag() {
  const facts = useLive('facts');
  const out = useLive('run')?.quarantined ?? [];
  return (
    <Panel id="feed" title="Feed" to="/health" className="flag">
      <LinkChip />
      <p className="meta muted">
        <LinkWords />
        {facts?.source ? `, from ${facts.source.plugin}` : ''}
      </p>
      {out.length > 0 ? (
        <p>
          <Chip tone="alarm">{`${out.length} taken out`}</Chip>{' '}
          <span className="meta">{out.join(', ')} threw and hears nothing any more</span>
        </p>
      ) : null}
    </Panel>
  );
}

/** The right flag: what may be done. In OBSERVE nothing, by construction. */
export function PermissionFlag() {
  return (
    <Panel id="permission" title="Permission" className="flag" isStill>
      <Chip>OBSERVE</Chip>
      <p className="meta muted">looks only; no order can be sent</p>
    </Panel>
  );
}
