import type { MachineThen, MachineValue, MomentView, RunningTimer } from '../../live/inspect.ts';
import { clockText } from '../format.ts';
import { ProbesThen } from './then.tsx';
import { distanceText } from './time-line.tsx';

/** Timers that run, each with when it is due. */
export function Timers({
  timers,
  now,
  zone,
}: {
  readonly timers: readonly RunningTimer[];
  readonly now: number | null;
  readonly zone: string;
}) {
  if (timers.length === 0) return null;
  return (
    <ul className="timers" aria-label="Running timers">
      {timers.map(({ event, due }) => (
        <li key={`${event} ${due}`}>
          <span aria-hidden="true">◔</span> {event}, due {clockText(zone, due)}
          {now === null || due < now ? '' : ` (in ${distanceText(due - now)})`}
        </li>
      ))}
    </ul>
  );
}

/** What a sensor's thresholds stand at now. */
export function Probes({ probes }: { readonly probes: MachineValue['probes'] }) {
  if (probes.length === 0) return null;
  return (
    <section aria-labelledby="probes-title">
      <h3 id="probes-title">What its sensor stands at, in this minute</h3>
      <ul className="probes live">
        {probes.map(({ probe, text, isReached }) => (
          <li key={probe}>
            <span className={isReached ? 'chart-fired' : 'muted'} aria-hidden="true">
              {isReached ? '✔' : '○'}
            </span>{' '}
            {text}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What its sensor stood at by a moment of the past. */
export function Sensors({
  past,
  moment,
  zone,
}: {
  readonly past: MachineThen;
  readonly moment: MomentView;
  readonly zone: string;
}) {
  if (past.probes.length === 0) return null;
  return (
    <section aria-labelledby="probes-title">
      <h3 id="probes-title">What its sensor stood at then</h3>
      <ProbesThen probes={past.probes} moment={moment} zone={zone} />
    </section>
  );
}
