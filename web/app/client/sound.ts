import { sideOf } from '../../live/side.ts';
import type { LiveEvent } from '../../live/wire.ts';

/** What can be heard. Each is told on the page as well. */
export type Sound = 'signal-up' | 'signal-down' | 'signal' | 'trouble';

/** Whether anything can be heard: `blocked` while the browser waits for a click or a key before it makes a sound. */
export type SoundState = 'off' | 'blocked' | 'on';

const tones: Readonly<Record<Sound, readonly number[]>> = {
  'signal-up': [523, 784],
  'signal-down': [523, 349],
  signal: [523, 523],
  trouble: [220, 220, 220],
};
const toneSeconds = 0.12;
const volume = 0.15;
/** Several of one instant are one sound. */
const mergeMs = 250;
/** Windows on several instruments hear of the same events, not in the same instant: one of them makes the sound. */
const windowsMergeMs = 1_000;
const wishItem = 'orderflow-sound';

const signalSounds = { long: 'signal-up', short: 'signal-down', none: 'signal' } as const;

/** The one sound of several events: a node that threw before a signal, of signals the last; null when none is heard. */
export function soundOf(events: readonly LiveEvent[]): Sound | null {
  if (events.some(({ type }) => type === 'dead-letter')) return 'trouble';
  const signal = events.findLast(({ type }) => type === 'signal');
  return signal ? signalSounds[sideOf(signal.payload) ?? 'none'] : null;
}

/** Gives each sound to one of the windows of a browser. */
export class SoundTurns {
  private readonly locks: Pick<LockManager, 'request'> | undefined;
  private readonly heldUntil = new Map<Sound, number>();

  /** @param locks - Of the browser; it has none on a page that is neither of this computer nor encrypted. */
  constructor(locks: Pick<LockManager, 'request'> | undefined) {
    this.locks = locks;
  }

  /** Whether this window makes a sound, at a time of its own clock in milliseconds. */
  isOurs(sound: Sound, now: number): Promise<boolean> {
    const { locks } = this;
    if (!locks || (this.heldUntil.get(sound) ?? 0) > now) return Promise.resolve(true);
    return new Promise((resolve) => {
      const name = `orderflow-sound-${sound}`;
      void locks.request(name, { ifAvailable: true }, async (lock) => {
        resolve(lock !== null);
        if (lock === null) return;
        this.heldUntil.set(sound, now + windowsMergeMs);
        await new Promise((over) => {
          setTimeout(over, windowsMergeMs);
        });
      });
    });
  }
}

/** Sounds of a window: off until a person switches them on. The wish is kept; browsers ask for a gesture all the same. */
export class Sounds {
  /** Told when the state changed by itself. */
  onState: ((state: SoundState) => void) | null = null;
  private context: AudioContext | null = null;
  private lastAt = Number.NEGATIVE_INFINITY;
  private lastTroubleAt = Number.NEGATIVE_INFINITY;
  private readonly turns = new SoundTurns(globalThis.navigator?.locks);

  /** Whether anything can be heard. */
  get state(): SoundState {
    if (this.context === null) return 'off';
    return this.context.state === 'running' ? 'on' : 'blocked';
  }

  /** Takes up the wish of an earlier visit; the browser may hold the sounds back until it sees a gesture. */
  takeUpWish(): void {
    if (localStorage.getItem(wishItem) !== null) this.open();
  }

  /** Off becomes on, blocked becomes on, on becomes off; call it from a click or a key. */
  toggle(): void {
    const { state } = this;
    if (state === 'off') this.open();
    else if (state === 'blocked') void this.context?.resume();
    else {
      void this.context?.close();
      this.context = null;
    }
    if (state === 'on') localStorage.removeItem(wishItem);
    else localStorage.setItem(wishItem, 'on');
    this.onState?.(this.state);
  }

  /** Plays a sound, if they are on and no other window of this browser plays it now. */
  async play(sound: Sound): Promise<void> {
    const now = performance.now();
    // Trouble is one with trouble alone: a signal right before it does not swallow it.
    const before = sound === 'trouble' ? this.lastTroubleAt : this.lastAt;
    if (this.state !== 'on' || now - before < mergeMs) return;
    this.lastAt = now;
    if (sound === 'trouble') this.lastTroubleAt = now;
    if (await this.turns.isOurs(sound, now)) this.sounded(sound);
  }

  private sounded(sound: Sound): void {
    const { context } = this;
    if (!context) return;
    for (const [i, hertz] of tones[sound].entries()) {
      const at = context.currentTime + i * toneSeconds;
      const oscillator = context.createOscillator();
      const gain = context.createGain();
      oscillator.frequency.value = hertz;
      gain.gain.setValueAtTime(volume, at);
      gain.gain.exponentialRampToValueAtTime(0.001, at + toneSeconds);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(at);
      oscillator.stop(at + toneSeconds);
    }
  }

  private open(): void {
    this.context = new AudioContext();
    this.context.addEventListener('statechange', () => this.onState?.(this.state));
    this.onState?.(this.state);
  }
}
