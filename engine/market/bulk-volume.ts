import { normalCdf } from './normal.ts';

/**
 * Returns the part of a bar's volume that is taken for buying where no trades are known.
 *
 * For display only: it is a guess from the price change, and never enters a delta.
 *
 * @param change - Price change of the bar over the standard deviation of such changes.
 * @source Easley, Lopez de Prado and O'Hara (2012), bulk volume classification.
 */
export function bulkBuyVolume(volume: number, change: number): number {
  return volume * normalCdf(change);
}
