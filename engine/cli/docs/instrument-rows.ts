import { instruments } from '../../market/instrument.ts';
import { markdownTable } from './markdown-table.ts';

/** Writes what a reader of records has to know of each instrument that ships. */
export function instrumentRows(): string {
  return markdownTable(
    ['key', 'partition', 'a tick in points', 'a tick in cents'],
    instruments.map(({ symbol, number, tickSize: { num, den }, tickValueCents }) => [
      symbol,
      String(number),
      `${num}/${den}`,
      String(tickValueCents),
    ]),
  );
}
