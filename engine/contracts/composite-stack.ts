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
  /** Why the operator merged or split it last; absent where the rules alone made it. */
  override: z.string().optional(),
});

const character = z.enum([
  'breakout-pending',
  'balanced-rotation',
  'bullish-migration',
  'bearish-migration',
  'neutral',
]);

/** The nearest edge of a stack or cluster on one side. */
const reference = z.object({
  price: price(),
  strength: z.number(),
  nEff: z.number(),
  type: z.enum(['stack', 'vah', 'val', 'poc', 'mixed']),
  age: count(),
  tested: z.boolean(),
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
        character,
        sessions: z.array(tradeDate()),
        short: z.boolean(),
        /** The session's own value area. */
        day: z.object(edges).optional(),
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
    /** Ranges between the stacks that no archived composite contains, ascending: little was accepted there. */
    gaps: z.array(z.object({ low: price(), high: price() })).optional(),
    /** Neighbours of the archive with one character and much overlap, merged over their distinct sessions; oldest first. */
    records: z.array(z.object({ ...edges, character, sessions: z.array(tradeDate()) })).optional(),
    /** Breakout references nearest to the last close: at or above it, and below it. */
    references: z.object({ above: reference.nullable(), below: reference.nullable() }).optional(),
    /** Three or more sessions in a row that share value; null while there are none. */
    balance: z
      .object({
        ...edges,
        /** Extremes traded: the hard edges; the soft ones are those of the value area. */
        low: price(),
        high: price(),
        from: tradeDate(),
        sessions: count(),
        /** Measured moves: the width of value beyond each of its edges. */
        targetUp: price(),
        targetDown: price(),
      })
      .nullable()
      .optional(),
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
