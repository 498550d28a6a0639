import { isOrderflowError, OrderflowError } from '../errors.ts';
import type { StoreTarget } from '../runtime/store-port.ts';
import { nameOf } from './target.ts';

/** What a database or the file system reported, however deep it is wrapped. */
interface Reported {
  readonly code: string;
  readonly cause: string;
}

function reportedBy(error: unknown): Reported {
  const messages: string[] = [];
  let code = '';
  for (let at: unknown = error; at instanceof Error; at = innerOf(at)) {
    messages.push(at.message);
    if ('code' in at && typeof at.code === 'string' && code === '') code = at.code;
  }
  const cause = messages.at(-1)?.split('\n')[0] ?? String(error);
  return { code, cause: cause === '' ? code : cause };
}

/** Several addresses of one host are tried at once; the first refusal stands for all. */
function innerOf(error: Error): unknown {
  return error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error.cause;
}

type StoreCode =
  | 'OF_STORE_UNREACHABLE'
  | 'OF_STORE_REFUSED'
  | 'OF_STORE_READ_ONLY'
  | 'OF_STORE_FULL'
  | 'OF_STORE_SLOW'
  | 'OF_STORE_CORRUPT';

/** SQLSTATE by its first characters, the longest first: appendix A of the PostgreSQL manual. */
const codeOfState: readonly (readonly [state: string, code: StoreCode])[] = [
  ['57014', 'OF_STORE_SLOW'],
  ['55P03', 'OF_STORE_SLOW'],
  ['25006', 'OF_STORE_READ_ONLY'],
  ['42501', 'OF_STORE_REFUSED'],
  ['3D000', 'OF_STORE_REFUSED'],
  ['XX001', 'OF_STORE_CORRUPT'],
  ['XX002', 'OF_STORE_CORRUPT'],
  ['58P01', 'OF_STORE_CORRUPT'],
  ['28', 'OF_STORE_REFUSED'],
  ['53100', 'OF_STORE_FULL'],
  ['53', 'OF_STORE_UNREACHABLE'],
  ['57P', 'OF_STORE_UNREACHABLE'],
  ['08', 'OF_STORE_UNREACHABLE'],
];

const codeOfSystem: Readonly<Record<string, StoreCode>> = {
  ECONNREFUSED: 'OF_STORE_UNREACHABLE',
  ECONNRESET: 'OF_STORE_UNREACHABLE',
  ENOTFOUND: 'OF_STORE_UNREACHABLE',
  EAI_AGAIN: 'OF_STORE_UNREACHABLE',
  EHOSTUNREACH: 'OF_STORE_UNREACHABLE',
  ENETUNREACH: 'OF_STORE_UNREACHABLE',
  EPIPE: 'OF_STORE_UNREACHABLE',
  ETIMEDOUT: 'OF_STORE_SLOW',
  EACCES: 'OF_STORE_READ_ONLY',
  EPERM: 'OF_STORE_READ_ONLY',
  EROFS: 'OF_STORE_READ_ONLY',
  ENOSPC: 'OF_STORE_FULL',
  EDQUOT: 'OF_STORE_FULL',
};

/** What drivers say without a code. */
const codeOfWords: readonly (readonly [words: RegExp, code: StoreCode])[] = [
  [/timeout|timed out/i, 'OF_STORE_SLOW'],
  [/connection (?:terminated|ended|closed)|client has encountered/i, 'OF_STORE_UNREACHABLE'],
  [/no space left/i, 'OF_STORE_FULL'],
  [/read-only file system|permission denied/i, 'OF_STORE_READ_ONLY'],
  [/^Aborted\(|failed to initialize|corrupt/i, 'OF_STORE_CORRUPT'],
  [/password|SASL|no pg_hba/i, 'OF_STORE_REFUSED'],
];

function codeOf({ code, cause }: Reported): StoreCode | null {
  return (
    codeOfSystem[code] ??
    codeOfState.find(([state]) => code.startsWith(state))?.[1] ??
    codeOfWords.find(([words]) => words.test(cause))?.[1] ??
    null
  );
}

/** Returns the coded error for what a database, a driver or the file system reported. */
export function storeFailure(error: unknown, target: StoreTarget): OrderflowError {
  if (isOrderflowError(error)) return error;
  const reported = reportedBy(error);
  const facts = { store: nameOf(target), cause: reported.cause };
  return new OrderflowError(codeOf(reported) ?? 'OF_STORE_IO', facts, { cause: error });
}

/** Returns whether the database refused a value, not the work: a record that no retry will make fit. */
export function isBadValue(error: unknown): boolean {
  const { code } = reportedBy(error);
  return /^22\w{3}$/.test(code);
}

/** Returns whether another projector wrote the same row first. */
export function isTaken(error: unknown): boolean {
  const { code } = reportedBy(error);
  return code === '23505' || code === '40001' || code === '40P01';
}
