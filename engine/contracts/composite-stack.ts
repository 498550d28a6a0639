import { z } from 'zod';
import { count, price, share, tradeDate } from './units.ts';
import { valueRelationName } from './value-relation.ts';

const edges = { vah: price(), val: price(), poc: price() };

/** A composite made by merging sessions that share value, labelled from the oldest of the archive. */
export const mergedComposite = z.object({
  label: z.string(),
  ...edges,
  sessions: z.array(tradeDate()),
  state: z.enum(['building', 'frozen']),
});

/** Composites by overlap, and what thirty archived sessions stack up to; one row per instrument. */
export const compositeStack = z
  .object({
    asOf: tradeDate(),
    /** False after a roll with an unknown spread, and before the first composite. */
    inForce: z.boolean(),
    /** Independent composites, oldest first; the last one is building. */
    composites: z.array(mergedComposite),
    migration: z.enum(['unknown', 'up', 'down', 'sideways', 'failed-up', 'failed-down']),
    /** Only two composites behind `migration`. */
    weak: z.boolean(),
    /** A session that belongs to none yet. */
    candidate: tradeDate().nullable(),
    /** The archive, newest last: what each session's composite was. */
    archive: z.array(
      z.object({
        tradeDate: tradeDate(),
        ...edges,
        widthTicks: z.number().meta({ unit: 'tick' }),
        relation: valueRelationName.nullable(),
        character: z.enum([
          'breakout-pending',
          'balanced-rotation',
          'bullish-migration',
          'bearish-migration',
          'neutral',
        ]),
        sessions: z.array(tradeDate()),
        short: z.boolean(),
      }),
    ),
    /** Ranges that many archived composites share, ascending. */
    stacks: z.array(
      z.object({ low: price(), high: price(), strength: z.number(), nEff: z.number() }),
    ),
    /** Prices where edges of several dates cluster, ascending. */
    clusters: z.array(
      z.object({
        price: price(),
        strength: z.number(),
        dates: count(),
        nEff: z.number(),
        type: z.enum(['vah', 'val', 'poc', 'mixed']),
        age: count(),
        tested: z.boolean(),
      }),
    ),
    /** Fewer than ten sessions archived: no stacks. */
    partial: z.boolean(),
    approximate: z.boolean(),
    /** Share of the newest composite inside the one before it; null with fewer than two. */
    overlapMin: share().nullable(),
  })
  .meta({ id: 'composite-stack/1' });

/** Points of control that no later trade has touched; one row per instrument, oldest first. */
export const nakedPocs = z
  .object({
    asOf: tradeDate(),
    pocs: z.array(z.object({ price: price(), session: tradeDate(), age: count() })),
  })
  .meta({ id: 'naked-pocs/1' });
