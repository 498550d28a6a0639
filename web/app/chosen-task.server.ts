import type { LiveEngine } from '#engine/cli/live-engine.ts';
import type { LiveTask } from '#engine/cli/live-task.ts';
import { instrumentOf } from './instrument.ts';

/** What an address chose. */
interface Chosen {
  /** The instrument it asks for; null for the flow's first. */
  readonly symbol: string | null;
  /** What runs for it; null while that is not open, and for an instrument the flow does not run on. */
  readonly live: LiveTask | null;
  /** The flow runs, and not on this instrument. The root says so on every page, in place of it. */
  readonly isUnknown: boolean;
}

/** Reads which instrument a request is about. */
export function chosenOf(engine: LiveEngine, { url }: Request): Chosen {
  const symbol = instrumentOf(new URL(url).searchParams);
  const { symbols } = engine;
  const isUnknown = symbol !== null && symbols.length > 0 && !symbols.includes(symbol);
  return { symbol, live: engine.taskOf(symbol), isUnknown };
}
