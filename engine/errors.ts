import { type ErrorCode, errorTable, type Retry } from './error-table.ts';

export type { ErrorCode };

type Placeholders<T extends string> = T extends `${string}{${infer K}}${infer Rest}`
  ? K | Placeholders<Rest>
  : never;

/** The facts a code's message needs, by name. */
export type ErrorFacts<C extends ErrorCode> = Record<
  Placeholders<(typeof errorTable)[C]['say']>,
  string | number
>;

/** Fills `{name}` placeholders of a message with facts. */
export function fillMessage(say: string, facts: Readonly<Record<string, string | number>>): string {
  return say.replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? `{${name}}`));
}

/** An operating error: a code of the one table, the facts behind it, and what to do about it. */
export class OrderflowError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'OrderflowError';
  readonly code: C;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly retry: Retry;

  constructor(code: C, facts: ErrorFacts<C>, options?: { cause?: unknown }) {
    super(`${code} ${fillMessage(errorTable[code].say, facts)}`, options);
    this.code = code;
    this.facts = facts;
    this.retry = errorTable[code].retry;
  }
}

/**
 * Returns whether an unknown value is an {@link OrderflowError}, optionally of one code. Told by its name: the web app's
 * bundle holds a second copy of the class, and errors cross over.
 */
export function isOrderflowError(error: unknown, code?: ErrorCode): error is OrderflowError {
  if (!(error instanceof Error) || error.name !== 'OrderflowError' || !('code' in error))
    return false;
  return code === undefined || error.code === code;
}

/** Stops the process on a programmer error; `rule` is the positive rule that must hold. */
export function assert(condition: unknown, rule: string, was?: unknown): asserts condition {
  if (!condition) {
    throw new Error(
      `Invariant: ${rule}${was === undefined ? '' : ` (was ${JSON.stringify(was)})`}`,
    );
  }
}
