import { type Instrument, OrderflowError } from '#engine';
import { FieldReader, maxLineBytes } from './field-reader.ts';
import { findFormat } from './formats.ts';
import { printable, shortHeader } from './message-text.ts';
import { blockRows, type RowBlock } from './row-block.ts';
import type { RowFormat } from './row-format.ts';

const newline = 10;
const carriageReturn = 13;
const nothing = new Uint8Array(0);

/**
 * Turns the bytes of one file into blocks of rows, whatever pieces they come in.
 *
 * A row that cannot be read ends the block before it; the reason waits in `failure` until the rows before it are used.
 */
export class CsvRows {
  /** Why the rows end before the file does; null while they do not. */
  failure: OrderflowError | null = null;
  #format: RowFormat | null = null;
  #reader: FieldReader | null = null;
  readonly #file: string;
  readonly #instrument: Instrument;
  #bytes: Uint8Array = nothing;
  /** Begin of what is not read yet, and the end of its whole lines. */
  #at = 0;
  #limit = 0;
  #ended = false;
  #rows = 0;
  #blankLine = 0;

  constructor(file: string, instrument: Instrument) {
    this.#file = file;
    this.#instrument = instrument;
  }

  /** Hands over the next bytes of the file; they must not change until the next call. */
  push(chunk: Uint8Array): void {
    const rest = this.#bytes.length - this.#at;
    if (rest === 0) {
      this.#bytes = chunk;
    } else {
      const joined = new Uint8Array(rest + chunk.length);
      joined.set(this.#bytes.subarray(this.#at));
      joined.set(chunk, rest);
      this.#bytes = joined;
    }
    this.#at = 0;
    this.#limit = this.#bytes.lastIndexOf(newline) + 1;
    if (this.#limit === 0 && this.#bytes.length > maxLineBytes) this.#failLine();
  }

  /** Says that no bytes follow; a last line without a line feed counts. */
  end(): void {
    this.#ended = true;
    const last = this.#bytes[this.#bytes.length - 1];
    if (this.#at < this.#bytes.length && last !== newline) this.push(Uint8Array.of(newline));
  }

  /** Says that the bytes end here against expectation; a last line without a line feed is dropped. */
  fail(reason: OrderflowError): void {
    this.#ended = true;
    this.#bytes = this.#bytes.subarray(0, this.#limit);
    this.failure ??= reason;
  }

  /** Begins a block: its rows follow the ones read so far. */
  begin(block: RowBlock): void {
    block.count = 0;
    block.firstRow = this.#rows + 1;
  }

  /** Adds rows to a block; returns whether it is complete: full, or no row can follow. */
  parse(block: RowBlock): boolean {
    try {
      this.#parseRows(block);
    } catch (error) {
      if (!(error instanceof OrderflowError)) throw error;
      this.failure = error;
      this.#ended = true;
      this.#bytes = nothing;
      this.#at = 0;
      this.#limit = 0;
    }
    return this.#ended || block.count === blockRows;
  }

  /** Returns the format; known when a block is complete. */
  get format(): RowFormat {
    if (this.#format !== null) return this.#format;
    throw this.failure ?? this.#empty('0 bytes');
  }

  #parseRows(block: RowBlock): void {
    if (this.#reader === null) this.#parseHeader();
    const reader = this.#reader;
    const format = this.#format;
    if (reader === null || format === null) return;
    reader.bytes = this.#bytes;
    reader.at = this.#at;
    while (block.count < blockRows && reader.at < this.#limit) {
      reader.beginRow(this.#rows + 2);
      if (reader.skipBlankLine()) {
        this.#blankLine = reader.line;
        continue;
      }
      if (this.#blankLine > 0) throw this.#blankInside(format);
      format.parse(reader, block, block.count);
      block.count += 1;
      this.#rows += 1;
    }
    this.#at = reader.at;
    if (this.#ended && this.#rows === 0 && this.failure === null)
      throw this.#empty('a header without rows');
  }

  #parseHeader(): void {
    if (this.#limit === 0) {
      if (this.#ended && this.failure === null) throw this.#empty('0 bytes');
      return;
    }
    const bytes = this.#bytes;
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    const start = hasMark ? 3 : 0;
    const end = bytes.indexOf(newline);
    const line = bytes.subarray(start, bytes[end - 1] === carriageReturn ? end - 1 : end);
    const format = findFormat(this.#file, printable(line, maxLineBytes));
    this.#at = end + 1;
    this.#format = format;
    this.#reader = new FieldReader(this.#instrument, this.#file, format.header);
  }

  #empty(was: string): OrderflowError {
    return new OrderflowError('OF_REPLAY_FILE_EMPTY', { file: this.#file, was });
  }

  #blankInside(format: RowFormat): OrderflowError {
    return new OrderflowError('OF_REPLAY_COLUMNS', {
      place: `${this.#file}:${this.#blankLine}`,
      expected: format.header.split(',').length,
      header: shortHeader(format.header),
      was: 'none (a blank line before further rows)',
    });
  }

  #failLine(): void {
    const shown = printable(this.#bytes, 60);
    this.fail(
      this.#format === null
        ? new OrderflowError('OF_REPLAY_HEADER', {
            file: this.#file,
            known: 'a line of text',
            was: shown,
          })
        : new OrderflowError('OF_REPLAY_COLUMNS', {
            place: `${this.#file}:${this.#rows + 2}`,
            expected: this.#format.header.split(',').length,
            header: shortHeader(this.#format.header),
            was: `a line of more than ${maxLineBytes} bytes that begins with '${shown}'`,
          }),
    );
  }
}
