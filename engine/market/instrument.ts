import { OrderflowError } from '../errors.ts';
import { type Instrument, instruments } from './instrument-table.ts';

export type { CalendarId } from './calendar-data.ts';
export { defineInstrument } from './instrument-row.ts';
export { type Instrument, instruments };

/**
 * Returns the instrument of a symbol; rows of `extra` come before those that ship.
 *
 * @throws {OF_INSTRUMENT_UNKNOWN} when no table has the symbol; the message names the nearest one.
 */
export function findInstrument(symbol: string, extra: readonly Instrument[] = []): Instrument {
  const known = [...extra, ...instruments];
  const found = known.find((instrument) => instrument.symbol === symbol);
  if (found !== undefined) return found;
  let nearest = '';
  let least = Infinity;
  for (const candidate of known) {
    const distance = editDistance(symbol.toUpperCase(), candidate.symbol.toUpperCase());
    if (distance < least) {
      least = distance;
      nearest = candidate.symbol;
    }
  }
  throw new OrderflowError('OF_INSTRUMENT_UNKNOWN', { instrument: symbol, nearest });
}

/** Returns how many letters must be added, dropped or changed to turn one word into the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + change));
    }
    row = next;
  }
  return row[b.length]!;
}
