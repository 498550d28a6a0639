import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip, type Gunzip } from 'node:zlib';
import { OrderflowError } from '#engine';

const chunkBytes = 131_072;
/** Decompressed bytes per piece: few pieces, for each costs a turn of the event loop. */
const pieceBytes = 1_048_576;

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : String(error);
}

function unreadable(file: string, cause: unknown): OrderflowError {
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'no such file',
    EACCES: 'a file without read permission',
    EISDIR: 'a folder',
  };
  const code = codeOf(cause);
  return new OrderflowError(
    'OF_REPLAY_FILE_UNREADABLE',
    { file, was: known[code] ?? code },
    { cause },
  );
}

/**
 * The bytes of a file in pieces, decompressed when it begins like gzip whatever its name is.
 *
 * What could be decompressed before damage is handed out first, then the damage is thrown. Memory is bounded by what
 * one chunk of the file decompresses to.
 */
export class FileBytes {
  /** Bytes of the file itself. */
  readonly size: number;
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #pieces: Uint8Array[] = [];
  #gunzip: Gunzip | null = null;
  #bytesRead = 0;
  #ended = false;
  #failure: OrderflowError | null = null;

  private constructor(file: string, handle: FileHandle, size: number) {
    this.#file = file;
    this.#handle = handle;
    this.size = size;
  }

  /**
   * Opens a file.
   *
   * @throws {OF_REPLAY_FILE_UNREADABLE} when there is no such file, or it is a folder or not readable.
   */
  static async open(file: string): Promise<FileBytes> {
    try {
      const handle = await open(file, 'r');
      const stat = await handle.stat();
      if (!stat.isDirectory()) return new FileBytes(file, handle, stat.size);
      await handle.close();
    } catch (error) {
      throw unreadable(file, error);
    }
    throw unreadable(file, { code: 'EISDIR' });
  }

  /** Bytes read from the file so far, compressed as they are. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /**
   * Returns the next piece, null at the end.
   *
   * @throws {OF_REPLAY_GZIP} when compressed data are damaged or end too early, after all that came before.
   */
  async next(): Promise<Uint8Array | null> {
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece !== undefined) return piece;
      if (this.#failure !== null) throw this.#failure;
      if (this.#ended) return null;
      await this.#readChunk();
    }
  }

  async close(): Promise<void> {
    this.#gunzip?.destroy();
    await this.#handle.close();
  }

  async #readChunk(): Promise<void> {
    const buffer = new Uint8Array(chunkBytes);
    const isFirst = this.#bytesRead === 0;
    let bytesRead: number;
    try {
      ({ bytesRead } = await this.#handle.read(buffer, 0, chunkBytes, null));
    } catch (error) {
      throw unreadable(this.#file, error);
    }
    this.#bytesRead += bytesRead;
    const chunk = buffer.subarray(0, bytesRead);
    this.#ended = bytesRead === 0;
    if (isFirst && chunk[0] === 0x1f && chunk[1] === 0x8b) this.#gunzip = this.#startGunzip();
    if (this.#gunzip !== null) await this.#decompress(this.#gunzip, chunk);
    else if (bytesRead > 0) this.#pieces.push(chunk);
  }

  #startGunzip(): Gunzip {
    const gunzip = createGunzip({ chunkSize: pieceBytes });
    gunzip.on('data', (piece: Uint8Array) => this.#pieces.push(piece));
    gunzip.on('error', (cause) => {
      const early = codeOf(cause) === 'Z_BUF_ERROR';
      const was = early
        ? `cut short after ${this.#bytesRead} bytes`
        : `damaged before byte ${this.#bytesRead}`;
      this.#failure ??= new OrderflowError('OF_REPLAY_GZIP', { file: this.#file, was }, { cause });
    });
    return gunzip;
  }

  /** Feeds a chunk, the end of the data when it is empty; resolves when everything it yields lies in the pieces. */
  async #decompress(gunzip: Gunzip, chunk: Uint8Array): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    gunzip.once('close', resolve);
    if (chunk.length > 0) gunzip.write(chunk, (error) => (error ? undefined : resolve()));
    else gunzip.end().once('end', resolve);
    await promise;
    gunzip.off('close', resolve);
  }
}
