import { formatTradeDate, microsPerSecond, type Out, type Slots } from '#engine';
import type { Config, Senses } from './config.ts';
import { levelRoom, slot } from './slots.ts';

/** Takes a row of the level table: a level that moved, came or went. */
export function keepLevel(s: Slots, c: Config, place: number, price: number): void {
  const prices = s.a['levelPrice']!;
  if (prices[place] === price) return;
  prices[place] = price;
  s.f[slot.looked] = Number.NaN;
  s.a['levelSide']![place] = 0;
  setBounds(s, c);
}

/** Finds the prices from which on a trade goes through a level, or says for the first time on which side price is. */
export function setBounds({ f, a }: Slots, c: Config): void {
  f[slot.runHigh] = Number.POSITIVE_INFINITY;
  f[slot.runLow] = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < levelRoom; i += 1) {
    const level = a['levelPrice']![i]!;
    if (level !== level) continue;
    const side = a['levelSide']![i]!;
    if (side === 0) f[slot.runHigh] = Number.NEGATIVE_INFINITY;
    else if (side < 0) f[slot.runHigh] = Math.min(f[slot.runHigh]!, level + c.runTicks);
    else f[slot.runLow] = Math.max(f[slot.runLow]!, level - c.runTicks);
  }
}

/** Looks at a trade that may go through a level, or belongs to a run under watch. */
export function lookAtLevels(
  s: Slots,
  c: Config,
  ts: number,
  price: number,
  out: Out<Senses>,
): void {
  const { f } = s;
  if (f[slot.watch] === 1) watchRun(s, c, ts, price, out);
  // Once looked at, a price goes through nothing more until another one traded or a level changed.
  if (price === f[slot.looked]) return;
  f[slot.looked] = price;
  if (price >= f[slot.runHigh]! || price <= f[slot.runLow]!) crossLevels(s, c, ts, price);
}

function crossLevels(s: Slots, c: Config, ts: number, price: number): void {
  const { a } = s;
  const [prices, sides] = [a['levelPrice']!, a['levelSide']!];
  for (let i = 0; i < levelRoom; i += 1) {
    const beyond = price - prices[i]!;
    // A slot without a level holds NaN, of which nothing is true.
    if (sides[i] === 0 && beyond !== 0 && beyond === beyond) sides[i] = beyond > 0 ? 1 : -1;
    else if (beyond * sides[i]! <= -c.runTicks) {
      sides[i] = 0 - sides[i]!;
      noteCross(s, ts, i, price);
    }
  }
  setBounds(s, c);
}

/** Notes the level traded through, unless a run in the same direction is under watch already. */
function noteCross({ f, a }: Slots, ts: number, place: number, price: number): void {
  const way = a['levelSide']![place]!;
  if (f[slot.watch] === 1 && (f[slot.isRun] === 1 || f[slot.runWay] === way)) return;
  f[slot.watch] = 1;
  f[slot.isRun] = 0;
  f[slot.runSlot] = place;
  f[slot.runWay] = way;
  f[slot.runLevel] = a['levelPrice']![place]!;
  f[slot.runTs] = ts;
  f[slot.runExtreme] = price;
}

function watchRun({ f }: Slots, c: Config, ts: number, price: number, out: Out<Senses>): void {
  const way = f[slot.runWay]!;
  if ((price - f[slot.runExtreme]!) * way > 0) f[slot.runExtreme] = price;
  if (f[slot.isRun] === 0) return;
  if (ts - f[slot.runTs]! >= c.reclaimSeconds * microsPerSecond) {
    f[slot.watch] = 0;
    return;
  }
  if ((price - f[slot.runLevel]!) * way > 0) return;
  f[slot.watch] = 0;
  out('reclaimed', { at: price, extreme: f[slot.runExtreme]! });
}

/**
 * At the end of a second: was the level traded through fast and one-sided enough?
 *
 * @param now - Time of the record that ended the second: the reclaim is counted from then on.
 */
export function judgeRun({ f }: Slots, c: Config, ts: number, now: number, out: Out<Senses>): void {
  if (f[slot.watch] === 0 || f[slot.isRun] === 1) return;
  const way = f[slot.runWay]!;
  const z = f[slot.z]!;
  const volume = f[slot.all10]!;
  const share = volume === 0 ? 0 : f[way > 0 ? slot.buys10 : slot.sells10]! / volume;
  if (z > f[slot.runPeak]!) f[slot.runPeak] = z;
  if (z >= c.runZ && share >= c.runShare) {
    f[slot.isRun] = 1;
    f[slot.runTs] = now;
    out('run', {
      direction: way > 0 ? 'up' : 'down',
      level: f[slot.runLevel]!,
      z,
      share,
      startedAt: ts,
      slot: f[slot.runSlot]!,
      tradeDate: formatTradeDate(f[slot.date]!),
    });
  } else if (ts - f[slot.runTs]! >= c.runSeconds * microsPerSecond) f[slot.watch] = 0;
}
