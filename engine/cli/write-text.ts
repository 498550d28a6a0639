import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { OrderflowError } from '../errors.ts';
import type { Host } from './host.ts';

/**
 * Writes a text file, with the folders above it; paths are relative to the host's working folder. With `isNew` a file
 * that is there stays as it is.
 *
 * @throws {OF_CLI_WRITE} when it cannot be written, or is there already.
 */
export function writeText(host: Host, path: string, text: string, isNew = false): void {
  const file = resolve(host.cwd, path);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: isNew ? 'wx' : 'w' });
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new OrderflowError('OF_CLI_WRITE', { file: path, cause }, { cause: error });
  }
}
