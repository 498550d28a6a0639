import { Panel } from '../components/panel.tsx';

/** The position. In OBSERVE no broker is connected: what is held is not known here, and no number stands for it. */
export function Gear() {
  return (
    <Panel id="position" title="Position" word="gear" className="gear-panel" isStill>
      <p className="gear" aria-label="Position unknown">
        ?
      </p>
      <p className="muted">no broker in this mode</p>
      <p className="meta faint">position and P&L are only shown as a broker reports them</p>
    </Panel>
  );
}
