/** What can be heard. Each is told on the page as well. */
export type Sound = 'signal-up' | 'signal-down' | 'trouble';

const tones: Readonly<Record<Sound, readonly number[]>> = {
  'signal-up': [523, 784],
  'signal-down': [523, 349],
  trouble: [220, 220, 220],
};
const toneSeconds = 0.12;
const volume = 0.15;
/** Several of one instant are one sound. */
const mergeMs = 250;

/** Sounds of a window: off until a person switches them on, as browsers ask for too. */
export class Sounds {
  private context: AudioContext | null = null;
  private lastAt = Number.NEGATIVE_INFINITY;

  /** Whether anything can be heard. */
  get isOn(): boolean {
    return this.context !== null;
  }

  /** Switches sounds on or off; call it from a click or a key. */
  set(isOn: boolean): void {
    void this.context?.close();
    this.context = isOn ? new AudioContext() : null;
  }

  /** Plays a sound, if they are on. */
  play(sound: Sound): void {
    const { context } = this;
    const now = performance.now();
    if (!context || now - this.lastAt < mergeMs) return;
    this.lastAt = now;
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
}
