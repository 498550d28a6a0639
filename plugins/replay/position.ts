import { OrderflowError } from '#engine';

/** How far one file was used. */
export interface FilePosition {
  readonly file: string;
  /** Rows used so far, those outside the range included. */
  readonly rows: number;
  /** Time stamp of the last row used in microseconds: tells whether the file is still the same. */
  readonly at: number;
  /** Rows whose time went back; they keep their place and the engine marks them late. */
  readonly late: number;
  /** Time stamps of the first and the latest row inside the range; null without one. */
  readonly first: number | null;
  readonly last: number | null;
  /** Every row was used. */
  readonly end: boolean;
}

/** Where a replay stands, and at its end what it has read: kept as the source's resume text. */
export interface ReplayPosition {
  /** Files begun, in the order of the configuration. */
  readonly files: readonly FilePosition[];
  /** The last heartbeat was written. */
  readonly done: boolean;
}

function isFilePosition(value: unknown): value is FilePosition {
  if (typeof value !== 'object' || value === null) return false;
  const { file, rows, at, late, end } = value as Partial<FilePosition>;
  const numbers = [rows, at, late].every((x) => Number.isSafeInteger(x));
  return typeof file === 'string' && numbers && typeof end === 'boolean';
}

/**
 * Reads a resume text.
 *
 * @throws {OF_REPLAY_RESUME} when another program wrote it.
 */
export function parsePosition(resume: string | null): ReplayPosition {
  if (resume === null) return { files: [], done: false };
  const refused = new OrderflowError('OF_REPLAY_RESUME', {
    file: 'resume',
    expected: 'a position of this plugin',
    was: resume.slice(0, 80),
  });
  let value: unknown;
  try {
    value = JSON.parse(resume);
  } catch {
    throw refused;
  }
  const { files, done } = (value ?? {}) as { files?: unknown; done?: unknown };
  if (!Array.isArray(files) || !files.every(isFilePosition) || typeof done !== 'boolean')
    throw refused;
  return { files, done };
}
