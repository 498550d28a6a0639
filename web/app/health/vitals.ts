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

/** How the market of one instrument fares. */
export interface MarketVital {
  readonly symbol: string;
  /** Node and plugin that bring it. */
  readonly source: string;
  readonly tone: ChipTone;
  readonly word: string;
  /** Phase of the trade day in words; null before the first record. */
  readonly phase: string | null;
  /** Milliseconds since the last record, quote and trade; null for what has not come in this run. */
  readonly recordMs: number | null;
  readonly quoteMs: number | null;
  readonly tradeMs: number | null;
  /** Silence that is usual here, in milliseconds; null where silence means nothing. */
  readonly limitMs: number | null;
  readonly rowsPerSecond: number;
  readonly late: number;
  /** Nodes that are out of the flow. */
  readonly out: readonly string[];
}

/** How a process fares. */
export interface Health {
  readonly vitals: readonly Vital[];
  /** Of every instrument, in the flow's order; none before a task is open. */
  readonly markets: readonly MarketVital[];
  /** The same of the windows in numbers. */
  readonly windows: FrameLoad;
  /** Versions and sizes, as name and text. */
  readonly facts: readonly (readonly [string, string])[];
}
