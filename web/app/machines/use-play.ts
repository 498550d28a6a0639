import { useNavigation, useSearchParams } from '@remix-run/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { MomentView } from '../../live/inspect.ts';
import { useGo } from '../client/use-instrument.ts';
import { useLive } from '../client/use-live.tsx';
import { useShortcut } from '../client/use-shortcut.ts';
import { addressAt, addressOfTime } from './address-at.ts';

/** How many seconds of event time pass in one of the wall. */
export const speeds = [1, 10, 60, 600] as const;

/** One of {@link speeds}. */
export type Speed = (typeof speeds)[number];

/** Milliseconds between two moments that are shown; fewer jumps for those who asked for less motion. */
const tickMs = 500;
const calmTickMs = 2_000;

/** A moment of the past that moves on by itself. */
export interface Play {
  readonly isPlaying: boolean;
  readonly speed: Speed;
  /** Event time the cursor has come to; null while it stands. */
  readonly at: number | null;
  /** Why it stopped by itself; empty while it did not. */
  readonly said: string;
  readonly setSpeed: (speed: Speed) => void;
  /** Null for now, which cannot be played. */
  readonly toggle: (() => void) | null;
}

/** What becomes of the cursor with the next tick. */
export type Tick =
  /** It has come to now. */
  | { readonly kind: 'live' }
  /** Something has happened since the moment that is shown. */
  | { readonly kind: 'show'; readonly at: number }
  /** Nothing has: the page stays as it is. */
  | { readonly kind: 'wait'; readonly at: number };

/**
 * Moves the cursor on.
 *
 * @param at - Event time it stands at, microseconds.
 * @param elapsedMs - Of the wall, since the last time.
 * @param nextTs - When the next macrostep came after the moment shown; null when it was the newest.
 * @param now - Event time of the engine; null while it is not known.
 */
export function tickOn(
  at: number,
  elapsedMs: number,
  speed: Speed,
  nextTs: number | null,
  now: number | null,
): Tick {
  const next = at + Math.round(elapsedMs * 1_000) * speed;
  if (now !== null && next >= now) return { kind: 'live' };
  return { kind: nextTs !== null && next < nextTs ? 'wait' : 'show', at: next };
}

function tickLength(): number {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches ? calmTickMs : tickMs;
}

/** Where the cursor is, and which address it asked for last. */
interface Cursor {
  at: number;
  wall: number;
  asked: string | null;
}

/** Plays a moment of the past: moves it on in event time, reads the journal as it goes, and stops at now. */
export function usePlay(moment: MomentView | null): Play {
  const go = useGo();
  const [search] = useSearchParams();
  const isIdle = useNavigation().state === 'idle';
  const now = useLive('clock')?.now ?? null;
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<Speed>(60);
  const [at, setAt] = useState<number | null>(null);
  const [said, setSaid] = useState('');
  const cursor = useRef<Cursor>({ at: 0, wall: 0, asked: null });
  const tick = useRef(() => {});
  tick.current = () => {
    const { current } = cursor;
    const wall = performance.now();
    const found = tickOn(current.at, wall - current.wall, speed, moment?.nextTs ?? null, now);
    current.wall = wall;
    if (found.kind === 'live') {
      setPlaying(false);
      setAt(null);
      setSaid('Played up to now: this is live.');
      go(addressAt(search, null), { replace: true, preventScrollReset: true });
      return;
    }
    current.at = found.at;
    setAt(found.at);
    // A page that is still on its way is waited for; the cursor has gone on meanwhile.
    if (found.kind === 'wait' || !isIdle) return;
    current.asked = String(found.at);
    go(addressOfTime(search, found.at), { replace: true, preventScrollReset: true });
  };
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setInterval(() => tick.current(), tickLength());
    return () => clearInterval(timer);
  }, [isPlaying]);
  // Somebody who moves the cursor by hand goes on from there.
  const time = search.get('time');
  const ts = moment?.ts ?? null;
  useEffect(() => {
    const { current } = cursor;
    if (ts === null || time === current.asked) return;
    Object.assign(current, { at: ts, asked: time });
    setAt(null);
  }, [time, ts]);
  const toggle = useCallback(() => {
    if (ts === null) return;
    setSaid('');
    setPlaying((was) => {
      if (!was) Object.assign(cursor.current, { at: Math.max(cursor.current.at, ts) });
      cursor.current.wall = performance.now();
      return !was;
    });
  }, [ts]);
  const takeKey = useCallback(() => {
    if (ts === null) return false;
    toggle();
    return true;
  }, [ts, toggle]);
  useShortcut('play', takeKey);
  // Whoever goes back to now has stopped it.
  useEffect(() => {
    if (ts === null) setPlaying(false);
    else setSaid('');
  }, [ts]);
  return { isPlaying, speed, at, said, setSpeed, toggle: ts === null ? null : toggle };
}
