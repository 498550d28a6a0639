import { describe, expect, it, vi } from 'vitest';
import type { LiveEvent } from '../../live/wire.ts';
import { Sounds, SoundTurns, soundOf } from './sound.ts';

const event = (type: LiveEvent['type'], side?: string): LiveEvent => ({
  s: 1,
  type,
  ts: 1,
  node: 'n',
  port: 'p',
  seq: 1,
  payload: side === undefined ? {} : { side },
});

describe('the sound of events', () => {
  it.each([
    ['long', 'signal-up'],
    ['short', 'signal-down'],
    ['buy', 'signal'],
    [undefined, 'signal'],
  ])('of a signal with side %s is %s', (side, sound) => {
    expect(soundOf([event('signal', side)])).toBe(sound);
  });

  it('is the one of trouble when a node threw, whatever was signalled', () => {
    expect(soundOf([event('dead-letter'), event('signal', 'long')])).toBe('trouble');
    expect(soundOf([event('transition'), event('notice')])).toBeNull();
  });
});

/** Locks of a browser, as far as one asks whether they are free. */
function madeLocks() {
  const held = new Set<string>();
  const request = async (
    name: string,
    _: object,
    work: (lock: object | null) => Promise<void>,
  ): Promise<void> => {
    if (held.has(name)) return work(null);
    held.add(name);
    await work({ name });
    held.delete(name);
  };
  return { request } as unknown as Pick<LockManager, 'request'>;
}

describe('sounds of one instant', () => {
  const heard: number[] = [];
  const node = () => ({
    connect: (to: unknown) => to,
    frequency: {
      set value(hertz: number) {
        heard.push(hertz);
      },
    },
    gain: { setValueAtTime: () => {}, exponentialRampToValueAtTime: () => {} },
    ...{ start: () => {}, stop: () => {} },
  });

  class MadeAudio {
    readonly state = 'running';
    readonly currentTime = 0;
    readonly addEventListener = (): void => {};
    readonly createOscillator = node;
    readonly createGain = node;
  }

  it('are one, but trouble is never swallowed by a signal', async () => {
    vi.stubGlobal('AudioContext', MadeAudio);
    vi.stubGlobal('localStorage', { setItem: () => {} });
    vi.stubGlobal('navigator', {});
    const sounds = new Sounds();
    sounds.toggle();
    for (const sound of ['signal-up', 'signal-down', 'trouble', 'trouble', 'signal-up'] as const)
      await sounds.play(sound);
    expect(heard).toEqual([523, 784, 220, 220, 220]);
    vi.unstubAllGlobals();
  });
});

describe('several windows that hear of the same event', () => {
  it('make one sound, and another one for another kind of event', async () => {
    vi.useFakeTimers();
    const locks = madeLocks();
    const [one, other] = [new SoundTurns(locks), new SoundTurns(locks)];
    expect(await one.isOurs('signal-up', 0)).toBe(true);
    expect(await other.isOurs('signal-up', 90)).toBe(false);
    expect(await other.isOurs('trouble', 90)).toBe(true);
    // Whoever has the turn keeps it for what it hears next.
    expect(await one.isOurs('signal-up', 400)).toBe(true);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await other.isOurs('signal-up', 1_500)).toBe(true);
    vi.useRealTimers();
  });

  it('each make theirs where the browser has no locks', async () => {
    expect(await new SoundTurns(undefined).isOurs('trouble', 0)).toBe(true);
  });
});
