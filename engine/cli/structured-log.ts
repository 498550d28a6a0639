import { isOrderflowError } from '../errors.ts';
import { formatUtc } from '../market/time.ts';
import type { Arguments, Option } from './arguments.ts';
import type { Host } from './host.ts';

const levels = ['info', 'debug', 'warn', 'error'] as const;

/** How serious a line is. */
export type LogLevel = (typeof levels)[number];

/**
 * What a line is about; programs may rely on these words and on the fields of {@link StructuredLog.say}.
 *
 * | event | fields beside `time`, `level`, `event`, `msg`, `flow` |
 * |---|---|
 * | `run-started` | `version`, `instruments`, `sources` |
 * | `ops-listening` | `url` |
 * | `task-opened` | `instrument`, `resumed`, `rerunRecords`, `macrosteps`, `flowChanged`, `eventTime` |
 * | `progress` | `instrument`, `eventTime`, `rows`, `trades`, `lateRows`, `macrosteps`, `rowsPerSecond` |
 * | `signal` | `instrument`, `node`, `port`, `eventTime`, `payload` |
 * | `dead-letter` | `instrument`, `node`, `input`, `error` |
 * | `source-failed`, `failed` | `code`, `error`, `retry` |
 * | `partitions` | `instruments`, `generation` |
 * | `rebalanced` | `rebalanceMs` |
 * | `task-given-away`, `task-fenced` | `instrument` |
 * | `task-failed` | `instrument`, `again`, `code`, `error`, `retry` |
 * | `task-expired` | `instrument`, `code`, `error`, `retry` |
 * | `stopping`, `stopped` | `forced`, or `eventTime` and of a whole run `deadLetters`: how many; those told of are the newest |
 */
export type LogEvent =
  | 'run-started'
  | 'ops-listening'
  | 'task-opened'
  | 'progress'
  | 'signal'
  | 'dead-letter'
  | 'source-failed'
  | 'failed'
  | 'partitions'
  | 'rebalanced'
  | 'task-failed'
  | 'task-given-away'
  | 'task-fenced'
  | 'task-expired'
  | 'stopping'
  | 'stopped';

/** Fields of one line. What they hold is named one by one where a line is written: no config, no environment, no secret. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Lines for programs: one JSON object each on the error output. */
export interface StructuredLog {
  say(level: LogLevel, event: LogEvent, message: string, fields?: LogFields): void;
}

/** The options of lines for programs. */
export const logOptions: readonly Option[] = [
  {
    name: 'log-format',
    value: 'FORMAT',
    summary:
      'text (default) for people, or json: one object a line on the error output, and nothing else',
  },
  {
    name: 'log-level',
    value: 'LEVEL',
    summary: 'Least serious lines that json writes: info (default), debug, warn or error',
  },
];

/** Returns event time as text; null before the first record. */
export function eventTimeText(ts: number): string | null {
  return ts > 0 ? formatUtc(ts) : null;
}

/** Returns the fields that say what an error is. */
export function errorFields(error: unknown): LogFields {
  const message = error instanceof Error ? error.message : String(error);
  return isOrderflowError(error)
    ? { code: error.code, error: message, retry: error.retry }
    : { code: null, error: message, retry: 'never' };
}

/**
 * Returns the log for programs when `--log-format json` asks for it, else null.
 *
 * @throws {OF_CLI_VALUE} when format or level is none.
 */
export async function openStructuredLog(
  host: Host,
  args: Arguments,
  flow: string,
): Promise<StructuredLog | null> {
  const format = args.choice('log-format', ['text', 'json']);
  const level = args.choice('log-level', levels);
  if (format === 'text') return null;
  // Loaded only now: most commands never write such a line.
  const { pino, stdTimeFunctions } = await import('pino');
  const logger = pino(
    {
      level,
      base: { flow },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => host.stderr.write(line) },
  );
  return {
    say: (lineLevel, event, message, fields = {}) =>
      logger[lineLevel]({ event, ...fields }, message),
  };
}
