import { isOrderflowError } from '../errors.ts';
import type { Host } from './host.ts';

/** Writes an error in plain words: code and message; the stack only when it was asked for. */
export function reportError(host: Host, error: unknown): void {
  const isKnown = isOrderflowError(error);
  const message = error instanceof Error ? error.message : String(error);
  host.stderr.write(`${isKnown ? message : `Unexpected: ${message}`}\n`);
  if (host.env['ORDERFLOW_DEBUG'] === '1') {
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
      host.stderr.write(`${cause.stack ?? ''}\n`);
  } else if (!isKnown)
    host.stderr.write(
      'This is a mistake of the program or a plugin; ORDERFLOW_DEBUG=1 shows where.\n',
    );
}
