import { OrderflowError } from '#engine';
import { barFormat } from './bar-rows.ts';
import { bookFormat } from './book-rows.ts';
import { footprintFormat } from './footprint-rows.ts';
import { shortHeader } from './message-text.ts';
import type { RowFormat } from './row-format.ts';
import { tradeFormat } from './trade-rows.ts';

const formats: readonly RowFormat[] = [tradeFormat, barFormat, footprintFormat, bookFormat];
/** Longest part of an unknown header that a message shows. */
const shownCharacters = 120;

/**
 * Returns the format of a header line.
 *
 * @throws {OF_REPLAY_HEADER} when no format has it.
 */
export function findFormat(file: string, header: string): RowFormat {
  const found = formats.find((format) => format.header === header);
  if (found !== undefined) return found;
  throw new OrderflowError('OF_REPLAY_HEADER', {
    file,
    known: formats.map((format) => `'${shortHeader(format.header)}'`).join(' or '),
    was: header.slice(0, shownCharacters),
  });
}
