import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Lint } from '../flow/graph.ts';

const row = z.record(z.string(), z.unknown());
const side = z.enum(['buy', 'sell', 'none']).default('none');
const decimal = z.number();
const clockTime = z.string().regex(/^\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$/, 'expected a time such as "10:04:10"');

const step = z
  .strictObject({
    /** Time of the trade date in the flow's zone; 18:00 and later are the evening before. */
    at: clockTime.optional(),
    trade: z.strictObject({ price: decimal, size: z.number().int().positive(), side }).optional(),
    quote: z.strictObject({ bid: decimal, bidSize: z.number().int(), ask: decimal, askSize: z.number().int() }).optional(),
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
    /** What a node says, prices as decimals: `{ eighty.signal: { side: long, … } }`. */
    emit: z.record(z.string(), row).optional(),
    /** Lets event time pass. */
    advance: z.string().optional(),
    /** Times from here on are of this trade date. */
    day: z.string().optional(),
  })
  .refine((s) => Object.keys(s).length > 0, 'expected one of at, trade, quote, bar, emit, advance, day');

const whySchema = z.strictObject({
  node: z.string(),
  event: z.string().optional(),
  transition: z.string().optional(),
  verdict: z.enum(['fired', 'guard-blocked', 'shadowed', 'not-listening', 'never-arrived', 'late-dropped', 'gate-vetoed', 'error', 'node-paused']),
  /** Text or `why` label of a leaf that did not hold. */
  blockedBy: z.string().optional(),
  /** By how much that leaf missed, in its unit; prices and ticks in points where the unit is `price`. */
  margin: z.number().optional(),
  winner: z.string().optional(),
  upstream: row.optional(),
  from: clockTime.optional(),
  to: clockTime.optional(),
});

const expectation = z.strictObject({
  emits: z.array(z.strictObject({ port: z.string(), at: clockTime.optional(), payload: row.default({}) })).optional(),
  never: z.array(z.string()).optional(),
  states: z.record(z.string(), z.string()).optional(),
  context: z.record(z.string(), row).optional(),
  why: z.union([whySchema, z.array(whySchema)]).optional(),
  probes: z.record(z.string(), z.record(z.string(), row)).optional(),
  journalHash: z.string().optional(),
  signals: z.string().optional(),
});

const testCase = z
  .strictObject({
    name: z.string(),
    given: z
      .strictObject({
        tradeDate: z.string().optional(),
        instrument: z.string().optional(),
        params: row.optional(),
        tables: z.record(z.string(), row).optional(),
        states: z.record(z.string(), z.unknown()).optional(),
        context: z.record(z.string(), row).optional(),
      })
      .default({}),
    /** Nodes that do not run; `emit` speaks for them. */
    mocks: z.array(z.string()).default([]),
    feed: z.array(step).default([]),
    replay: z.union([z.string(), z.array(z.string())]).optional(),
    expect: expectation,
  })
  .refine((c) => c.replay !== undefined || c.feed.length > 0, 'expected `feed:` or `replay:`');

const testFile = z.strictObject({ flow: z.string(), cases: z.array(testCase).min(1) });

/** One case of a flow test. */
export type FlowTestCase = z.infer<typeof testCase>;
/** One step of a feed. */
export type FeedStep = z.infer<typeof step>;
/** What a case expects of an answer to "why". */
export type WhyExpectation = z.infer<typeof whySchema>;

/** A flow test file, read and checked. */
export interface FlowTestFile {
  readonly file: string;
  /** Path of the flow as written, relative to the test file. */
  readonly flow: string;
  /** Cases with the line their name stands on. */
  readonly cases: readonly (FlowTestCase & { readonly line: number })[];
}

/** YAML reads an unquoted 2025-11-19 as text in its core schema; nothing else needs converting. */
export function readFlowTest(file: string, text: string): { readonly test: FlowTestFile | null; readonly lints: readonly Lint[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lintAt = (offset: number, message: string, code: string): Lint => {
    const { line, col } = lines.linePos(offset);
    return { file, line, col, code, level: 'error', message };
  };
  if (document.errors.length > 0) {
    return { test: null, lints: document.errors.map((e) => lintAt(e.pos[0], `the file is not YAML: ${e.message}`, 'WF002')) };
  }
  const offsetOf = (path: readonly PropertyKey[]): number => {
    for (let n = path.length; n >= 0; n -= 1) {
      const node: unknown = document.getIn(path.slice(0, n), true);
      if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) return Number(node.range[0]);
    }
    return 0;
  };
  const parsed = testFile.safeParse(document.toJS());
  if (!parsed.success) {
    const lints = parsed.error.issues.map((issue) => lintAt(offsetOf(issue.path), `${issue.path.join('.')}: ${issue.message}`, 'WF090'));
    return { test: null, lints };
  }
  const cases = parsed.data.cases.map((c, i) => ({ ...c, line: lines.linePos(offsetOf(['cases', i, 'name'])).line }));
  return { test: { file, flow: parsed.data.flow, cases }, lints: [] };
}
