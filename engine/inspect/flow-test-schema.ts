import { z } from 'zod';

const row = z.record(z.string(), z.unknown());
const side = z.enum(['buy', 'sell', 'none']).default('none');
const decimal = z.number();
const size = z.number().int().positive();
const bookLevel = z.tuple([decimal, size]);
const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$/, 'expected a time such as "10:04:10"');
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a trade date such as 2025-11-19');

const step = z
  .strictObject({
    /** Time of the trade date in the flow's zone; 18:00 and later are the evening before. */
    at: clockTime.optional(),
    trade: z.strictObject({ price: decimal, size, side }).optional(),
    quote: z.strictObject({ bid: decimal, bidSize: size, ask: decimal, askSize: size }).optional(),
    /** The whole book: price and size of each level from the best one on; ten at most. */
    book: z
      .strictObject({ bids: z.array(bookLevel).max(10), asks: z.array(bookLevel).max(10) })
      .optional(),
    bar: z
      .strictObject({
        open: decimal,
        high: decimal,
        low: decimal,
        close: decimal,
        volume: z.number(),
        bidVolume: z.number().optional(),
        askVolume: z.number().optional(),
        vwap: decimal.optional(),
      })
      .optional(),
    /** What a node or topic says, prices as decimals: `{ eighty.signal: { side: long, … } }`. */
    emit: z.record(z.string(), row).optional(),
    /** Lets event time pass. */
    advance: z.string().optional(),
    /** Times from here on are of this trade date. */
    day: date.optional(),
  })
  .refine(
    (s) => Object.keys(s).length > 0,
    'expected one of at, trade, quote, book, bar, emit, advance, day',
  );

const verdicts = [
  'fired',
  'guard-blocked',
  'shadowed',
  'not-listening',
  'never-arrived',
  'late-dropped',
  'gate-vetoed',
  'error',
  'node-paused',
] as const;

const whySchema = z
  .strictObject({
    node: z.string(),
    event: z.string().optional(),
    transition: z.string().optional(),
    verdict: z.enum(verdicts),
    /** Text or `why` label of a leaf that did not hold. */
    blockedBy: z.string().optional(),
    /** By how much that leaf missed, in its unit; in points where the unit is `price`. */
    margin: z.number().optional(),
    winner: z.string().optional(),
    upstream: row.optional(),
    from: clockTime.optional(),
    to: clockTime.optional(),
  })
  .refine(
    (w) => w.event !== undefined || w.transition !== undefined,
    'expected `event:` or `transition:`',
  );

const expectation = z
  .strictObject({
    emits: z
      .array(
        z.strictObject({ port: z.string(), at: clockTime.optional(), payload: row.default({}) }),
      )
      .optional(),
    never: z.array(z.string()).optional(),
    states: z.record(z.string(), z.string()).optional(),
    context: z.record(z.string(), row).optional(),
    why: z.union([whySchema, z.array(whySchema)]).optional(),
    probes: z.record(z.string(), z.record(z.string(), row)).optional(),
    /** The hash itself, or a file beside the test that holds it; for `replay:`. */
    journalHash: z.string().optional(),
    /** A file beside the test with the signals, as YAML or JSON; for `replay:`. */
    signals: z.string().optional(),
  })
  .refine(
    (e) => Object.keys(e).length > 0,
    'expected one of emits, never, states, context, why, probes, journalHash, signals',
  );

const given = z.strictObject({
  tradeDate: date.optional(),
  instrument: z.string().optional(),
  params: row.optional(),
  tables: z.record(z.string(), row).optional(),
  states: z.record(z.string(), z.unknown()).optional(),
  context: z.record(z.string(), row).optional(),
});

const testCase = z
  .strictObject({
    name: z.string().min(1),
    given: given.default({}),
    /** Nodes that do not run; `emit` speaks for them. */
    mocks: z.array(z.string()).default([]),
    feed: z.array(step).default([]),
    /** Data files beside the test. */
    replay: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
    expect: expectation,
  })
  .refine(
    (c) => (c.replay === undefined) !== (c.feed.length === 0),
    'expected either `feed:` or `replay:`',
  )
  .refine(
    (c) =>
      c.replay !== undefined ||
      (c.expect.journalHash === undefined && c.expect.signals === undefined),
    {
      path: ['expect'],
      message: 'expected `journalHash:` and `signals:` beside `replay:` only',
    },
  );

/** A flow test file: the flow it is about, and what is to happen in it. */
export const flowTestSchema = z.strictObject({ flow: z.string(), cases: z.array(testCase).min(1) });

/** One case of a flow test. */
export type FlowTestCase = z.infer<typeof testCase>;
/** One step of a feed. */
export type FeedStep = z.infer<typeof step>;
/** What a case expects of an answer to "why". */
export type WhyExpectation = z.infer<typeof whySchema>;
