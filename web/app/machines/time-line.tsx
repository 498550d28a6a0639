import { useSearchParams } from '@remix-run/react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { TimeLine as Line, MomentView, StepKeys } from '../../live/inspect.ts';
import { useGo } from '../client/use-instrument.ts';
import { useLive } from '../client/use-live.tsx';
import { Form, Link } from '../components/link.tsx';
import { clockText, dateText, grouped } from '../format.ts';
import { addressAt, addressOfTime, stepAddress } from './address-at.ts';
import { PlayControls } from './play-controls.tsx';
import { MomentFacts } from './then.tsx';
import type { Play } from './use-play.ts';
import { useStepKeys } from './use-step-keys.ts';

const secondUs = 1_000_000;
const settleMs = 250;

/** `1 m 37 s`, `2 h 5 m`, `3 d`. */
export function distanceText(micros: number): string {
  const seconds = Math.max(0, Math.round(micros / secondUs));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} m` : `${Math.floor(hours / 24)} d`;
}

function StepLink({
  to,
  label,
  text,
}: {
  /** Its address; null at an end. */
  readonly to: string | null;
  readonly label: string;
  readonly text: string;
}) {
  if (to === null)
    return (
      <span className="step is-end" aria-disabled="true" title={`${label}: none`}>
        {text}
      </span>
    );
  return (
    <Link className="step" to={to} aria-label={label} title={label} replace preventScrollReset>
      {text}
    </Link>
  );
}

/** The changes of state of the day, as marks above the cursor. */
function Marks({ line, end }: { readonly line: Line; readonly end: number }) {
  const { open, changes } = line;
  const span = Math.max(1, end - open);
  return (
    <svg className="time-marks" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      {changes.map((ts) => (
        <line
          key={ts}
          x1={((ts - open) / span) * 1000}
          x2={((ts - open) / span) * 1000}
          y1="1"
          y2="9"
        />
      ))}
    </svg>
  );
}

/** Where the day stands: the page was made at some moment of it, and the clock went on. */
export function endOf({ open, end, close }: Line, now: number | null): number {
  return now === null || now < open || now > close ? end : Math.max(end, now);
}

function Cursor({
  line,
  zone,
  at,
  played,
}: {
  readonly line: Line;
  readonly zone: string;
  /** Event time that is looked at; null for now. */
  readonly at: number | null;
  /** Where it has come to by itself; null while it stands. */
  readonly played: number | null;
}) {
  const navigate = useGo();
  const [search] = useSearchParams();
  const [chosen, setChosen] = useState<number | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const { open } = line;
  const end = endOf(line, useLive('clock')?.now ?? null);
  const shown = chosen ?? played ?? at ?? end;
  const isLive = chosen === null && at === null;
  useEffect(() => setChosen(null), [at]);
  const choose = (value: number): void => {
    setChosen(value);
    if (timer.current) clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      navigate(addressOfTime(search, value), { replace: true, preventScrollReset: true });
    }, settleMs);
  };
  return (
    <div className="time-cursor">
      <Marks line={line} end={end} />
      <input
        type="range"
        aria-label="Moment of the day"
        aria-valuetext={isLive ? 'now' : `${clockText(zone, shown)} ${dateText(zone, shown)}`}
        min={open}
        max={end}
        step={10 * secondUs}
        value={Math.min(Math.max(shown, open), end)}
        onChange={(event) => choose(Number(event.currentTarget.value))}
      />
      <span className="time-ends meta muted" aria-hidden="true">
        <span>
          {dateText(zone, open)} {clockText(zone, open)}
        </span>
        <span className={isLive ? 'live' : ''}>
          {isLive ? `live ${clockText(zone, end)}` : clockText(zone, end)}
        </span>
      </span>
    </div>
  );
}

/** One cursor on event time for everything on the page, with steps and a field to type a time into. */
export function TimeLine({
  line,
  keys,
  moment,
  zone,
  what,
  play,
}: {
  readonly line: Line | null;
  readonly keys: StepKeys | null;
  readonly moment: MomentView | null;
  readonly zone: string;
  /** Whose macrosteps are stepped through. */
  readonly what: string;
  readonly play: Play;
}) {
  const from = moment?.seq ?? null;
  useStepKeys(keys, from);
  const [search] = useSearchParams();
  const left = ['at', 'time', 'before', 'step', 'instrument'];
  const kept = [...search].filter(([name]) => !left.includes(name));
  if (!line || !keys) return null;
  return (
    <div className="time-line">
      <div className="time-steps">
        <StepLink
          to={stepAddress(search, keys, from, 'previousChange')}
          label={`previous change of state of ${what} (shift [)`}
          text="|◄"
        />
        <StepLink
          to={stepAddress(search, keys, from, 'previous')}
          label={`previous macrostep of ${what} ([)`}
          text="◄"
        />
        <StepLink
          to={stepAddress(search, keys, from, 'next')}
          label={`next macrostep of ${what} (])`}
          text="►"
        />
        <StepLink
          to={stepAddress(search, keys, from, 'nextChange')}
          label={`next change of state of ${what} (shift ])`}
          text="►|"
        />
      </div>
      <PlayControls play={play} />
      <Cursor line={line} zone={zone} at={moment?.ts ?? null} played={play.at} />
      <Form className="time-form" preventScrollReset>
        {kept.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <label>
          <span className="hidden-visually">
            Go to a time, such as 10:12:30 or 2025-11-19 10:12
          </span>
          <input className="num" name="time" placeholder="10:12:30" size={10} autoComplete="off" />
        </label>
        <button type="submit">Go</button>
      </Form>
    </div>
  );
}

/** Frames what is of a past moment, so that nobody takes it for now; the engine goes on meanwhile. */
export function MomentFrame({
  moment,
  zone,
  play,
  children,
}: {
  readonly moment: MomentView | null;
  readonly zone: string;
  readonly play: Play;
  readonly children: ReactNode;
}) {
  const [search] = useSearchParams();
  const clock = useLive('clock');
  if (!moment)
    return (
      <>
        <p className="played" role="status">
          {play.said}
        </p>
        {children}
      </>
    );
  const behind = Math.max(moment.behind, (clock?.now ?? 0) - moment.ts);
  return (
    <div className="moment" data-testid="moment">
      <p className="moment-head" role="status">
        <span aria-hidden="true">◷</span>{' '}
        <strong>REPLAY · VIEWING {clockText(zone, moment.ts)}</strong>{' '}
        <span>
          {dateText(zone, moment.ts)} (−{distanceText(behind)}) · macrostep {grouped(moment.seq)} ·
          live continues
          {play.isPlaying ? ` · playing ${play.speed}×` : ''}
          {play.at === null ? '' : `, at ${clockText(zone, play.at)}`}
        </span>
        <Link className="button" to={addressAt(search, null)}>
          Back to live
        </Link>
      </p>
      <MomentFacts moment={moment} zone={zone} />
      {moment.isWhole ? null : (
        <p className="moment-note">
          The log no longer reaches back to the beginning: context fields that did not change since
          are not known and are left out.
        </p>
      )}
      {children}
    </div>
  );
}
