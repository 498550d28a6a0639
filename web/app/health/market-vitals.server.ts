import type { AppLoadContext } from '@remix-run/node';
import { phaseAt } from '#engine/market/session.ts';
import { silenceLimit } from '../../live/link-state.ts';
import type { FeedState } from '../../live/wire.ts';
import type { ChipTone } from '../components/chip.tsx';
import { phaseWord } from '../format.ts';
import type { MarketVital } from './vitals.ts';

const looks: Readonly<Record<FeedState, readonly [ChipTone, string]>> = {
  starting: ['plain', 'STARTING'],
  'catching-up': ['caution', 'CATCHING UP'],
  running: ['ok', 'RUNNING'],
  paused: ['caution', 'PAUSED'],
  ended: ['plain', 'ENDED'],
  failed: ['alarm', 'FAILED'],
};

/** Which part of a market is silent for longer than is usual: quotes may stop while trades go on, and the other way round. */
function silentPart(
  { quoteMs, tradeMs, recordMs }: Pick<MarketVital, 'quoteMs' | 'tradeMs' | 'recordMs'>,
  limitMs: number | null,
): string | null {
  const isOver = (ms: number | null): boolean => limitMs !== null && ms !== null && ms > limitMs;
  if (isOver(recordMs)) return 'SILENT';
  if (isOver(quoteMs)) return 'NO QUOTES';
  return isOver(tradeMs) ? 'NO TRADES' : null;
}

/** Returns how the market of every instrument fares. */
export function marketVitals({ engine, feed }: AppLoadContext): readonly MarketVital[] {
  const [source] = engine.graph?.sources ?? [];
  return [...engine.tasks.values()].map((live): MarketVital => {
    const { symbol, runner, rate } = live;
    const { clock, instrument, nodes } = runner.task;
    const phase = clock.now > 0 ? phaseAt(instrument.calendar, clock.now) : null;
    const { state, ageMs: recordMs } = feed.beat(symbol);
    const { quoteMs, tradeMs, usualGapMs } = feed.ageOf(symbol);
    const limitMs = silenceLimit(phase, usualGapMs);
    const silent = state === 'running' ? silentPart({ quoteMs, tradeMs, recordMs }, limitMs) : null;
    const [tone, word] = looks[state];
    return {
      symbol,
      source: source ? `${source.id} (${source.plugin.id})` : 'another process',
      tone: silent !== null ? 'caution' : tone,
      word: silent ?? word,
      phase: phase === null ? null : phaseWord(phase),
      ...{ recordMs, quoteMs, tradeMs, limitMs },
      rowsPerSecond: Math.round(rate.rowsPerSecond),
      late: clock.late,
      out: nodes.filter(({ quarantined }) => quarantined).map(({ id }) => id),
    };
  });
}
