import type { FrameLoad } from '../../gateway/frame-meter.ts';
import type { ChipTone } from '../components/chip.tsx';

/** One part of the process: how it is, in a word, and why that is said. */
export interface Vital {
  readonly what: string;
  readonly tone: ChipTone;
  readonly word: string;
  readonly text: string;
  /** Milliseconds since it last did something; null where that means nothing. */
  readonly ageMs: number | null;
}

/** How a process fares. */
export interface Health {
  readonly vitals: readonly Vital[];
  /** The same of the windows in numbers. */
  readonly windows: FrameLoad;
  /** Versions and sizes, as name and text. */
  readonly facts: readonly (readonly [string, string])[];
}
