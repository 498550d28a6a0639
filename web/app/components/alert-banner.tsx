import { useCallback, useEffect, useRef, useState } from 'react';
import type { AlertsValue } from '../../live/alerts.ts';
import type { LinkState } from '../../live/link-state.ts';
import { useAcknowledge } from '../client/use-acknowledge.ts';
import { useIsViewer } from '../client/use-is-viewer.ts';
import { useLink, useLive } from '../client/use-live.tsx';
import { useShortcut } from '../client/use-shortcut.ts';
import { Link } from './link.tsx';

const isBroken = (state: LinkState): boolean => state === 'STALE' || state === 'DOWN';

/** How long the link of this window was broken each time, once it is whole again: nobody else knows of that. */
function useBreaks(): readonly [breaks: readonly string[], forget: () => void] {
  const { state } = useLink();
  const [breaks, setBreaks] = useState<readonly string[]>([]);
  const since = useRef<number | null>(null);
  useEffect(() => {
    if (isBroken(state)) {
      since.current ??= performance.now();
      return;
    }
    if (since.current === null || state === 'LOADING') return;
    const seconds = ((performance.now() - since.current) / 1_000).toFixed(1);
    const until = new Date().toLocaleTimeString('en-GB');
    since.current = null;
    const text = `what is shown was old for ${seconds} s, until ${until} by the clock of this computer`;
    setBreaks((all) => [...all, text]);
  }, [state]);
  return [breaks, useCallback(() => setBreaks([]), [])];
}

function textOf({ symbol, node, text, times }: NonNullable<AlertsValue['newest']>): string {
  const where = [symbol, node].filter((part) => part !== null && part !== '').join(' ');
  return `${where === '' ? '' : `${where}: `}${text}${times > 1 ? ` (${times} times)` : ''}`;
}

/** What there is to acknowledge, and how this window does it. */
function useOpenAlerts() {
  const alerts = useLive('alerts');
  const isViewer = useIsViewer();
  const [breaks, forgetBreaks] = useBreaks();
  const { acknowledge, problem } = useAcknowledge();
  const through = isViewer ? null : (alerts?.newest?.id ?? null);
  const canAct = breaks.length > 0 || through !== null;
  const act = useCallback(() => {
    forgetBreaks();
    if (through !== null) void acknowledge({ through });
    return canAct;
  }, [forgetBreaks, acknowledge, through, canAct]);
  const told = alerts?.newest ? textOf(alerts.newest) : '';
  const count = (alerts?.open ?? 0) + breaks.length;
  return { count, text: breaks.at(-1) ?? told, canAct, act, problem };
}

/**
 * The line that stays after trouble until `A` or its button takes it away: the alarms that the server keeps, of every
 * instrument and for every window, and breaks of this window's own link. Nothing while there was none.
 */
export function AlertBanner() {
  const { count, text, canAct, act, problem } = useOpenAlerts();
  useShortcut('acknowledge', act);
  if (count === 0) return null;
  return (
    <p className="banner-text banner-alert" role="status">
      <span>■ {count} to acknowledge</span> <span>{text}</span> <Link to="/alerts">all alerts</Link>
      {canAct ? (
        <button type="button" onClick={act}>
          Acknowledge <kbd>A</kbd>
        </button>
      ) : (
        <span className="muted">an operator acknowledges</span>
      )}
      {problem === null ? null : <span className="field-wrong">✖ {problem}</span>}
    </p>
  );
}
