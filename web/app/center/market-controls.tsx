import { useCallback, useState } from 'react';
import type { MarketState } from '#engine/cli/market-control.ts';
import type { Phase } from '#engine/market/session.ts';
import type { ClockValue } from '../../live/values.ts';
import { type CommandAnswer, postCommand } from '../client/post-command.ts';
import { useKept } from '../client/use-instrument.ts';
import { useIsViewer } from '../client/use-is-viewer.ts';
import { useLinkObstacle } from '../client/use-link-obstacle.ts';
import { useLive, useStartReason } from '../client/use-live.tsx';
import { Missing } from '../components/missing.tsx';
import { Panel } from '../components/panel.tsx';
import { clockText, spanText } from '../format.ts';

/** Speeds that are offered: event seconds per second. */
export const paces = [1, 10, 60, 120, 300, 600] as const;
const microsPerSecond = 1_000_000;
/** A jump ends this much before its event, in wall seconds at the pace, so that one sees it come. */
const leadSeconds = 2;
const leastLeadSeconds = 5;
/** Changes of phase that are worth waiting for, as they are called. */
const eventTexts: Readonly<Partial<Record<Phase, string>>> = {
  'pre-open': 'pre-open',
  'rth-opening': 'RTH opens',
  'rth-main': 'opening hour ends',
  'rth-closing': 'last half hour',
  'post-rth': 'RTH ends',
};

interface NextEvent {
  readonly ts: number;
  readonly text: string;
}

/** The next change of phase that is worth waiting for; after the close of the day the next evening is not known here. */
export function nextEvent({ next }: ClockValue): NextEvent | null {
  const found = next.find(({ phase }) => phase in eventTexts);
  if (!found) return null;
  return { ts: found.ts, text: eventTexts[found.phase] ?? found.phase };
}

/** Where a jump to an event ends: a little before it; where it is nearer than that, at the event itself. */
export function jumpTarget(eventTs: number, now: number, pace: number): number {
  const lead = Math.max(leastLeadSeconds, pace * leadSeconds) * microsPerSecond;
  // What is sent arrives later than it was shown: a moment just after now would be past by then.
  return eventTs - lead > now + lead / 2 ? eventTs - lead : eventTs;
}

/** The answer to a command: what was so already, since another window was first. */
interface Done {
  readonly already: string | null;
}

/** What is said of the answer to a command: why nothing was done; null when it was. */
export function saidOf(answer: CommandAnswer<Done>): string | null {
  if (!answer.ok) return answer.error;
  const { already } = answer.value;
  return already === null ? null : `the market is ${already}: another window was first`;
}

function useCommand() {
  const [error, setError] = useState<string | null>(null);
  const address = useKept('/api/command');
  const send = useCallback(
    async (body: unknown) => setError(saidOf(await postCommand<Done>(address, body))),
    [address],
  );
  return { error, send: (body: unknown) => void send(body) };
}

/** What the market is called that a source brings. */
const titles: ReadonlyMap<string, string> = new Map([
  ['simulator', 'Simulated market'],
  ['replay', 'Recorded market'],
]);

/** Speed, pause and jump of a market that can be paced. */
export function MarketControls() {
  const source = useLive('source');
  const plugin = useLive('facts')?.source?.plugin;
  const title = titles.get(plugin ?? '') ?? 'Market';
  const reason = useStartReason();
  return (
    <Panel id="market" title={title} className="control-panel" isStill>
      {source === undefined || source.state === 'starting' ? (
        <Missing reason={reason} />
      ) : source.canPace ? (
        <Controls source={source} />
      ) : (
        <p className="missing-reason">This feed has a speed of its own.</p>
      )}
    </Panel>
  );
}

function Controls({ source }: { readonly source: MarketState }) {
  const { error, send } = useCommand();
  const isViewer = useIsViewer();
  const obstacle = useLinkObstacle();
  const isRefused = isViewer || obstacle !== null;
  const isPaused = source.state === 'paused';
  const said = source.jumpingTo === null ? '' : 'hurrying to the event';
  return (
    <>
      <div className="controls">
        <button
          type="button"
          disabled={isRefused}
          aria-pressed={isPaused}
          onClick={() => send({ command: isPaused ? 'resume' : 'pause' })}
        >
          {isPaused ? '▶ Go on' : '❚❚ Pause'}
        </button>
        <fieldset className="paces" disabled={isRefused}>
          <legend className="hidden-visually">Speed</legend>
          {paces.map((pace) => (
            <button
              key={pace}
              type="button"
              aria-pressed={source.pace === pace}
              onClick={() => send({ command: 'pace', pace })}
            >
              {pace}×
            </button>
          ))}
        </fieldset>
        <JumpButton source={source} isRefused={isRefused} send={send} />
      </div>
      <p className="meta muted" aria-live="polite">
        {obstacle ?? error ?? (isViewer ? 'a viewer looks and changes nothing' : said)}
      </p>
    </>
  );
}

function JumpButton({
  source,
  isRefused,
  send,
}: {
  readonly source: MarketState;
  readonly isRefused: boolean;
  readonly send: (body: unknown) => void;
}) {
  const clock = useLive('clock');
  const facts = useLive('facts');
  if (!clock || !facts) return null;
  const event = nextEvent(clock);
  if (!event) return <span className="muted">no event left today</span>;
  const pace = typeof source.pace === 'number' ? source.pace : 1;
  return (
    <button
      type="button"
      disabled={isRefused || source.jumpingTo !== null}
      onClick={() => send({ command: 'jump', to: jumpTarget(event.ts, clock.now, pace) })}
    >
      ⇥ {event.text} {clockText(facts.zone, event.ts).slice(0, 5)}
      <span className="num live meta muted"> in {spanText(event.ts - clock.now)}</span>
    </button>
  );
}
