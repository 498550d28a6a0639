/** Frames a window may ask for in a second. */
export const frameRates = [20, 10, 5] as const;

export type FrameRate = (typeof frameRates)[number];

/** What a window asks for, and why. */
export interface RateState {
  /** Frames asked for in a second. */
  readonly hz: FrameRate;
  /** What the user chose. */
  readonly chosen: FrameRate;
  /** The window does not keep up with what was chosen. */
  readonly isReduced: boolean;
}

const reducedHz: FrameRate = 10;
/** A frame of the screen that takes longer than this was late. */
const slowMs = 33;
const slowForMs = 2_000;
/** So many samples at least: a page on which hardly anything moves says nothing about its speed. */
const leastSamples = 10;
/** After a reduction the full rate is tried again so late; each time that fails in vain, twice as late. */
const firstTrialMs = 10_000;
const longestTrialMs = 300_000;

interface Sample {
  readonly at: number;
  readonly ms: number;
}

/**
 * Judges from the frames of the screen in which something was painted whether a window keeps up, and asks for fewer
 * while it does not. It holds no clock.
 */
export class RateJudge {
  private chosen: FrameRate;
  private isReduced = false;
  private samples: Sample[] = [];
  private changedAt = Number.NEGATIVE_INFINITY;
  private trialMs = firstTrialMs;

  constructor(chosen: FrameRate = frameRates[0]) {
    this.chosen = chosen;
  }

  /** What is asked for now. */
  get state(): RateState {
    const { chosen, isReduced } = this;
    return { hz: isReduced && chosen > reducedHz ? reducedHz : chosen, chosen, isReduced };
  }

  /** Takes a choice of the user, which is given a fair trial. */
  choose(chosen: FrameRate): void {
    this.chosen = chosen;
    this.isReduced = false;
    this.samples = [];
    this.trialMs = firstTrialMs;
  }

  /** Notes how long a frame in which something was painted took; true when another rate is asked for from now on. */
  note(now: number, ms: number): boolean {
    this.samples.push({ at: now, ms });
    const isFull = now - (this.samples[0]?.at ?? now) >= slowForMs;
    this.samples = this.samples.filter(({ at }) => now - at <= slowForMs);
    if (this.chosen <= reducedHz) return false;
    if (!isFull || this.samples.length < leastSamples) return false;
    if (this.isReduced) return this.isTrialDue(now) && !this.isSlow() && this.change(now, false);
    if (!this.isSlow()) return false;
    // A rate that held for a while was no trial in vain.
    const isVain = now - this.changedAt < this.trialMs;
    this.trialMs = isVain ? Math.min(longestTrialMs, this.trialMs * 2) : firstTrialMs;
    return this.change(now, true);
  }

  private isTrialDue(now: number): boolean {
    return now - this.changedAt >= this.trialMs;
  }

  private isSlow(): boolean {
    const sorted = this.samples.map(({ ms }) => ms).sort((a, b) => a - b);
    return (sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0) > slowMs;
  }

  private change(now: number, isReduced: boolean): boolean {
    this.isReduced = isReduced;
    this.changedAt = now;
    this.samples = [];
    return true;
  }
}
