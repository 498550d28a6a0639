import { formatTradeDate, microsPerSecond, type Out, type Slots } from '#engine';
import type { Config, Senses } from './config.ts';
import { sizeRoom, slot } from './slots.ts';
import { sizeQuantile } from './tape.ts';

const bases = ['none', 'intraday', 'sessions'] as const;
/** Nothing is this large: before there is a quantile no order is called large. */
const never = Number.MAX_SAFE_INTEGER;

/** Ends the order at hand and begins the next one with a print. */
export function nextOrder(
  s: Slots,
  c: Config,
  ts: number,
  price: number,
  size: number,
  side: number,
  out: Out<Senses>,
): void {
  const { f } = s;
  if (f[slot.lotSide] !== 0) endOrder(s, c, out);
  f[slot.lotSide] = side;
  f[slot.lotTs] = ts;
  f[slot.lotFrom] = price;
  f[slot.lotPrice] = price;
  f[slot.lotSize] = size;
  f[slot.lotPrints] = 1;
}

function endOrder(s: Slots, c: Config, out: Out<Senses>): void {
  const { f, a } = s;
  const size = f[slot.lotSize]!;
  a['orderCounts']![size < sizeRoom ? size : sizeRoom - 1]! += 1;
  f[slot.orders]! += 1;
  f[slot.toQuantile]! -= 1;
  if (f[slot.toQuantile]! <= 0 && f[slot.lotBasis] !== 2) fromThisSession(s, c);
  if (size > f[slot.lotPeak]!) {
    f[slot.lotPeak] = size;
    f[slot.lotPeakNeeded] = f[slot.lotNeeded] === never ? c.lotMin : f[slot.lotNeeded]!;
  }
  if (size >= f[slot.lotNeeded]! && isNews(f, c)) tellLot(f, out);
}

/** Whether nothing as large of its side was told a short while ago. */
function isNews(f: Float64Array, c: Config): boolean {
  const told = f[slot.lotSide]! > 0 ? slot.buyTold : slot.sellTold;
  const isOver = f[slot.lotTs]! - f[told + 1]! >= c.lotCooldownSeconds * microsPerSecond;
  if (!isOver && f[slot.lotSize]! <= f[told]!) return false;
  f[told] = f[slot.lotSize]!;
  f[told + 1] = f[slot.lotTs]!;
  return true;
}

function tellLot(f: Float64Array, out: Out<Senses>): void {
  out('largeLot', {
    side: f[slot.lotSide]! > 0 ? 'buy' : 'sell',
    size: f[slot.lotSize]!,
    needed: f[slot.lotNeeded]!,
    prints: f[slot.lotPrints]!,
    from: f[slot.lotFrom]!,
    price: f[slot.lotPrice]!,
    at: f[slot.lotTs]!,
    basis: bases[f[slot.lotBasis]!] === 'sessions' ? 'sessions' : 'intraday',
    tradeDate: formatTradeDate(f[slot.date]!),
  });
}

function fromThisSession({ f, a }: Slots, c: Config): void {
  f[slot.toQuantile] = c.lotMinOrders;
  f[slot.lotBasis] = 1;
  const quantile = sizeQuantile(a['orderCounts']!, f[slot.orders]!, c.lotQuantile);
  f[slot.lotNeeded] = Math.max(c.lotMin, quantile);
}

/** Ends a session: its orders become part of the quantile when it may stand for others. */
export function endLotDay(s: Slots, c: Config, isMember: boolean, out: Out<Senses>): void {
  const { f, a } = s;
  if (f[slot.lotSide] !== 0) endOrder(s, c, out);
  f[slot.lotSide] = 0;
  const earlier = a['earlierCounts']!;
  if (isMember) {
    earlier.set(a['orderCounts']!, (f[slot.lotDays]! % c.lotSessions) * sizeRoom);
    f[slot.lotDays]! += 1;
  }
  a['orderCounts']!.fill(0);
  f[slot.orders] = 0;
  f[slot.toQuantile] = c.lotMinOrders;
  f[slot.lotBasis] = 0;
  f[slot.lotNeeded] = never;
  if (f[slot.lotDays]! < c.lotSessions) return;
  const counts = new Float64Array(sizeRoom);
  let total = 0;
  for (const [i, orders] of earlier.entries()) {
    counts[i % sizeRoom]! += orders;
    total += orders;
  }
  f[slot.lotBasis] = 2;
  f[slot.lotNeeded] = Math.max(c.lotMin, sizeQuantile(counts, total, c.lotQuantile));
}
