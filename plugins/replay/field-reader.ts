import { type Instrument, OrderflowError } from '#engine';
import { printable, shortHeader } from './message-text.ts';

const newline = 10;
const carriageReturn = 13;
const comma = 44;
const minus = 45;
const dot = 46;
const zero = 48;
/** Most digits of a price: times the denominator of a tick they still fit a double exactly. */
const exactDigits = 13;
const stampDigits = 19;
const maxSize = 2_147_483_647;
const decimal = /^-?\d+(\.\d+)?$/;
/** Longest line that is still a row. */
export const maxLineBytes = 4_096;

/** Where a number of a quote is absent; no price has this value. */
export const absent = -2_147_483_648;

/**
 * Reads the fields of one line after the other from bytes, digit by digit: neither strings nor BigInt per row.
 *
 * The bytes must end with a line feed, which stops every loop below.
 */
export class FieldReader {
  /** Bytes of whole lines, set by the owner. */
  bytes: Uint8Array = new Uint8Array(0);
  /** The next byte to read. */
  at = 0;
  /** Where the row in hand begins and its line in the file, for messages. */
  rowAt = 0;
  line = 1;
  readonly #instrument: Instrument;
  readonly #file: string;
  readonly #columns: readonly string[];
  readonly #den: number;
  /** The least price in ticks that the instrument can have. */
  readonly #leastTicks: number;
  /** Numerator of the tick times the power of ten of so many decimals. */
  readonly #divisors: Float64Array;

  constructor(instrument: Instrument, file: string, header: string) {
    this.#instrument = instrument;
    this.#file = file;
    this.#columns = header.split(',');
    this.#den = instrument.tickSize.den;
    this.#leastTicks = instrument.pricesBelowZero === true ? -maxSize : 1;
    this.#divisors = new Float64Array(exactDigits + 1).fill(instrument.tickSize.num);
    for (let n = 1; n <= exactDigits; n += 1) this.#divisors[n] = this.#divisors[n - 1]! * 10;
  }

  /** Returns whether the line at hand has no character, and steps over it. */
  skipBlankLine(): boolean {
    const end = this.bytes[this.at] === carriageReturn ? this.at + 1 : this.at;
    if (this.bytes[end] !== newline) return false;
    this.at = end + 1;
    return true;
  }

  /** Marks the begin of a row. */
  beginRow(line: number): void {
    this.rowAt = this.at;
    this.line = line;
  }

  /** Reads epoch nanoseconds and returns whole microseconds; the digits below are cut. */
  stamp(): number {
    const { bytes, at } = this;
    let high = 0;
    let low = 0;
    for (let i = at; i < at + 8; i += 1) high = high * 10 + this.#digit(bytes[i]!);
    for (let i = at + 8; i < at + 16; i += 1) low = low * 10 + this.#digit(bytes[i]!);
    for (let i = at + 16; i < at + stampDigits; i += 1) this.#digit(bytes[i]!);
    if (bytes[at] === zero)
      throw this.refuse(0, `epoch nanoseconds of ${stampDigits} digits (2001 to 2286)`);
    this.at = at + stampDigits;
    this.comma(0);
    return high * 100_000_000 + low;
  }

  #digit(byte: number): number {
    const digit = byte - zero;
    if (digit < 0 || digit > 9)
      throw this.refuse(0, `epoch nanoseconds of ${stampDigits} digits (2001 to 2286)`);
    return digit;
  }

  /** Returns whether the field at hand is empty. */
  isEmpty(): boolean {
    const byte = this.bytes[this.at]!;
    return byte === comma || byte === newline || byte === carriageReturn;
  }

  /** Reads a decimal price and returns whole ticks. */
  price(column: number): number {
    const { bytes } = this;
    let at = this.at;
    const negative = bytes[at] === minus;
    if (negative) at += 1;
    const first = at;
    let digits = 0;
    let byte = bytes[at]!;
    while (byte >= zero && byte <= 57) {
      digits = digits * 10 + (byte - zero);
      byte = bytes[++at]!;
    }
    let decimals = 0;
    if (byte === dot && at > first) {
      const point = at;
      byte = bytes[++at]!;
      while (byte >= zero && byte <= 57) {
        digits = digits * 10 + (byte - zero);
        byte = bytes[++at]!;
      }
      decimals = at - point - 1;
      if (decimals === 0) throw this.refuse(column, 'digits after the decimal point');
    }
    if (at === first || at - first > exactDigits) {
      throw this.refuse(column, `a decimal price of at most ${exactDigits - 1} digits`);
    }
    this.at = at;
    return this.#ticks(
      column,
      (negative ? -digits : digits) * this.#den,
      this.#divisors[decimals]!,
    );
  }

  #ticks(column: number, dividend: number, divisor: number): number {
    const ticks = dividend / divisor;
    if ((ticks | 0) === ticks && ticks >= this.#leastTicks) return ticks | 0;
    // Refuse anything that is not a number at all first: `1640.2x` is not merely off the grid.
    const text = this.text(column);
    if (!decimal.test(text)) throw this.refuse(column, 'a decimal price');
    if (Number.isInteger(ticks))
      throw this.refuse(
        column,
        ticks < this.#leastTicks && this.#leastTicks > 0
          ? `a price above zero (${this.#instrument.symbol} has no other; see pricesBelowZero of its instrument row)`
          : `a price within ${maxSize} ticks of zero`,
      );
    const { num, den } = this.#instrument.tickSize;
    throw new OrderflowError('OF_PRICE_OFF_GRID', {
      place: this.place(),
      instrument: this.#instrument.symbol,
      tick: num / den,
      price: text,
    });
  }

  /** Reads a whole number from `least` to 2,147,483,647. */
  whole(column: number, least: number): number {
    const { bytes } = this;
    const first = this.at;
    let at = first;
    let value = 0;
    let byte = bytes[at]!;
    while (byte >= zero && byte <= 57) {
      value = value * 10 + (byte - zero);
      byte = bytes[++at]!;
    }
    if (at === first || value < least || value > maxSize) {
      throw this.refuse(column, `a whole number of contracts from ${least} to ${maxSize}`);
    }
    this.at = at;
    return value;
  }

  /** Reads a decimal number that need not lie on the tick grid and returns it in ticks with a fraction. */
  fineTicks(column: number): number {
    const text = this.text(column);
    if (!decimal.test(text)) throw this.refuse(column, 'a decimal number or nothing');
    this.at += text.length;
    return (Number(text) * this.#den) / this.#instrument.tickSize.num;
  }

  /** Reads one letter. */
  letter(): number {
    const byte = this.bytes[this.at]!;
    if (!this.isEmpty()) this.at += 1;
    return byte;
  }

  /** Steps over a field that is not used. */
  skip(): void {
    while (!this.isEmpty()) this.at += 1;
  }

  /** Steps over the comma after a column. */
  comma(column: number): void {
    if (this.bytes[this.at] !== comma) throw this.refuse(column, 'nothing more in the field');
    this.at += 1;
  }

  /** Steps over the end of the line after the last column. */
  endOfRow(column: number): void {
    if (this.bytes[this.at] === carriageReturn) this.at += 1;
    if (this.bytes[this.at] !== newline) throw this.refuse(column, 'nothing more in the field');
    this.at += 1;
  }

  /** Returns the error for a field of the row in hand: first whether the row has all its columns, then the field. */
  refuse(column: number, expected: string): OrderflowError {
    const count = this.#row().split(',').length;
    if (count !== this.#columns.length) {
      return new OrderflowError('OF_REPLAY_COLUMNS', {
        place: this.place(),
        expected: this.#columns.length,
        header: shortHeader(this.#columns.join(',')),
        was: count,
      });
    }
    return new OrderflowError('OF_REPLAY_FIELD', {
      place: this.place(),
      field: this.#columns[column]!,
      expected,
      was: this.text(column),
    });
  }

  /** Returns the error for a row whose fields contradict one another. */
  contradiction(rule: string, was: string): OrderflowError {
    return new OrderflowError('OF_REPLAY_ROW', { place: this.place(), rule, was });
  }

  /** Returns `file:line` of the row in hand. */
  place(): string {
    return `${this.#file}:${this.line}`;
  }

  /** Returns the text of a column of the row in hand, for messages; control characters as `?`. */
  text(column: number): string {
    return this.#row().split(',')[column] ?? '';
  }

  #row(): string {
    const end = this.bytes.indexOf(newline, this.rowAt);
    return printable(this.bytes.subarray(this.rowAt, end), maxLineBytes).trimEnd();
  }
}
