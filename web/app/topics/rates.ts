import type { TopicFact } from '#engine/cli/desk.ts';

/** Where the topics ended at a moment of the browser's clock, in milliseconds. */
export interface TopicEnds {
  readonly at: number;
  readonly topics: readonly TopicFact[];
}

/** Returns records per second of each topic over the readings there are, as text; none while there is one reading only. */
export function ratesOf(
  readings: readonly TopicEnds[],
  instrument: string,
): ReadonlyMap<string, string> {
  const [first] = readings;
  const last = readings.at(-1);
  const rates = new Map<string, string>();
  if (!first || !last || last.at <= first.at) return rates;
  const before = new Map(first.topics.map(({ topic, ends }) => [topic, ends[instrument]]));
  for (const { topic, ends } of last.topics) {
    const [from, to] = [before.get(topic), ends[instrument]];
    if (from === undefined || to === undefined) continue;
    const rate = ((to - from) * 1_000) / (last.at - first.at);
    rates.set(topic, rate === 0 ? '0' : rate.toFixed(rate < 10 ? 1 : 0));
  }
  return rates;
}
