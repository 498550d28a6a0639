import type { EntityManager } from '@mikro-orm/core';
import { JournalEntry, type JournalEntryRow } from './entities/journal.ts';
import { Signal, type SignalRow, TradeIdea, type TradeIdeaRow } from './entities/plan.ts';
import { mostRows, plainRows } from './plain-rows.ts';
import type { TimeRange } from './queries-market.ts';

/** A trade idea with what order flow had said. */
export interface TradeIdeaAnswer extends TradeIdeaRow {
  /** The event that it was given on, by the name the strategy has for it; null where the journal does not tell. */
  readonly trigger: string | null;
  /**
   * Signals of its side that moved the strategy since the idea before, at most a day old, oldest first. Empty: price or
   * time alone moved it.
   */
  readonly signals: readonly Pick<
    SignalRow,
    'topic' | 'partition' | 'offset' | 'ts' | 'node' | 'side' | 'price' | 'reason'
  >[];
}

const dayMicros = 24 * 3_600_000_000;

const sayingOf = (flow: string, ts: number, { side, price, reason }: Said): string =>
  JSON.stringify([flow, ts, side, price, reason]);
type Said = Pick<SignalRow, 'side' | 'price' | 'reason'>;

/** Returns signals by what they said and when, as a strategy heard them. */
async function signalsHeard(
  em: EntityManager,
  instrument: string,
  steps: readonly JournalEntryRow[],
): Promise<ReadonlyMap<string, SignalRow>> {
  const times = [...new Set(steps.filter(({ heard }) => heard !== null).map(({ ts }) => ts))];
  if (times.length === 0) return new Map();
  const found = await em.find(
    Signal,
    { instrument, ts: { $in: times } },
    { orderBy: { ts: 'asc', topic: 'asc', offset: 'asc' } },
  );
  return new Map(plainRows(found).map((row) => [sayingOf(row.flow, row.ts, row), row]));
}

/** Returns the trade ideas of a range, oldest first, with the signals that led to them. */
export async function tradeIdeas(
  em: EntityManager,
  ask: TimeRange & { readonly instrument: string },
): Promise<TradeIdeaAnswer[]> {
  const { instrument, from, to } = ask;
  const order = { ts: 'asc', topic: 'asc', offset: 'asc' } as const;
  const range = { instrument, ts: { $gte: from - dayMicros, $lt: to } };
  // The ideas of the day before end the run-up of the first ones asked for.
  const all = plainRows(await em.find(TradeIdea, range, { orderBy: order, limit: mostRows }));
  const ideas = all.filter(({ ts }) => ts >= from);
  if (ideas.length === 0) return [];
  const strategies = [...new Set(ideas.map(({ node }) => node))];
  const steps = plainRows(
    await em.find(
      JournalEntry,
      { ...range, node: { $in: strategies }, transitions: { $gt: 0 } },
      { orderBy: order },
    ),
  );
  const heard = await signalsHeard(em, instrument, steps);
  return ideas.map((idea) => {
    const isOwn = ({ flow, node }: { flow: string; node: string }): boolean =>
      flow === idea.flow && node === idea.node;
    const before = all.findLast((other) => isOwn(other) && (other.seq ?? 0) < (idea.seq ?? 0));
    const first = Math.max(idea.ts - dayMicros, before?.ts ?? 0);
    const way = steps.filter(
      (step) =>
        isOwn(step) &&
        step.ts >= first &&
        step.seq > (before?.seq ?? 0) &&
        step.seq <= (idea.seq ?? 0),
    );
    const signals = way.flatMap((step) => {
      if (step.heard?.side !== idea.side) return [];
      const signal = heard.get(sayingOf(step.flow, step.ts, step.heard));
      if (!signal) return [];
      const { topic, partition, offset, ts, node, side, price, reason } = signal;
      return [{ topic, partition, offset, ts, node, side, price, reason }];
    });
    const trigger = way.find(({ seq }) => seq === idea.seq)?.event ?? null;
    return { ...idea, trigger, signals };
  });
}
