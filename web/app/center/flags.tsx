import { useLink, useLive } from '../client/use-live.tsx';
import { Chip } from '../components/chip.tsx';
import { LinkChip } from '../components/market-rail.tsx';
import { Panel } from '../components/panel.tsx';

/** The left flag: is what is shown alive. */
export function FeedFlag() {
  const { text } = useLink();
  const facts = useLive('facts');
  return (
    <Panel id="feed" title="Feed" to="/health" className="flag">
      <LinkChip />
      <p className="meta muted">
        {text}
        {facts?.source ? `, from ${facts.source.plugin}` : ''}
      </p>
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
