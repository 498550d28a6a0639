import { useCallback, useEffect, useRef, useState } from 'react';
import type { LinkState } from '../../live/link-state.ts';
import type { LiveEvent } from '../../live/wire.ts';
import { useDeadLetters, useLink, useLive } from '../client/use-live.tsx';
import { useShortcut } from '../client/use-shortcut.ts';

/** Something that was wrong while perhaps nobody looked; it stays on the page until a person says they saw it. */
interface Alert {
  readonly id: string;
  readonly text: string;
}

const isBroken = (state: LinkState): boolean => state === 'STALE' || state === 'DOWN';

/** How long the link was broken each time, once it is whole again. */
function useBreaks(): readonly [breaks: readonly Alert[], forget: () => void] {
  const { state } = useLink();
  const [breaks, setBreaks] = useState<readonly Alert[]>([]);
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
    setBreaks((all) => [...all, { id: `break ${all.length} ${until}`, text }]);
  }, [state]);
  return [breaks, useCallback(() => setBreaks([]), [])];
}

function letterOf({ s, node, payload }: LiveEvent): Alert {
  const error = typeof payload['error'] === 'string' ? payload['error'] : 'taken out of the flow';
  return { id: `letter ${s}`, text: `${node}: ${error}` };
}

/** Nodes that are out of the flow, however long ago they threw: a page that was opened later has to say so too. */
function useOut(): readonly string[] {
  return useLive('run')?.quarantined ?? noNodes;
}

const noNodes: readonly string[] = [];

function outAlert(node: string): Alert {
  return {
    id: `out ${node}`,
    text: `${node} threw and was taken out of the flow; Health says more`,
  };
}

/** What is to be acknowledged: breaks of the link, nodes that threw, and nodes that are out. */
function useAlerts(): readonly [alerts: readonly Alert[], acknowledge: () => void] {
  const letters = useDeadLetters();
  const out = useOut();
  const [breaks, forgetBreaks] = useBreaks();
  const [seen, setSeen] = useState<ReadonlySet<LiveEvent>>(new Set());
  const [seenOut, setSeenOut] = useState<readonly string[]>(noNodes);
  const fresh = letters.filter((letter) => !seen.has(letter));
  const told = new Set(fresh.map(({ node }) => node));
  const freshOut = out.filter((node) => !told.has(node) && !seenOut.includes(node));
  const alerts = [...freshOut.map(outAlert), ...fresh.map(letterOf), ...breaks];
  const acknowledge = useCallback(() => {
    setSeen(new Set(letters));
    setSeenOut(out);
    forgetBreaks();
  }, [letters, out, forgetBreaks]);
  return [alerts, acknowledge];
}

/** The line that stays after trouble until `A` or its button takes it away. Nothing while there was none. */
export function AlertBanner() {
  const [alerts, acknowledge] = useAlerts();
  const count = alerts.length;
  const take = useCallback(() => {
    if (count > 0) acknowledge();
    return count > 0;
  }, [count, acknowledge]);
  useShortcut('acknowledge', take);
  const newest = alerts.at(-1);
  if (!newest) return null;
  return (
    <p className="banner-text banner-alert" role="status">
      <span>■ {count} to acknowledge</span> <span>{newest.text}</span>
      <button type="button" onClick={acknowledge}>
        Acknowledge <kbd>A</kbd>
      </button>
    </p>
  );
}
