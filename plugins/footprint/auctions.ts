import { formatTradeDate, isSwing, type Payload, type Slots, type Told } from '#engine';
import type { Config, Outputs, Senses } from './config.ts';
import { slot } from './slots.ts';

type Auction = Payload<Outputs['auction']>;
type Tell = Told<Senses, Outputs>;

/** Ends of auctions kept until price comes back; the oldest go first. */
const auctionRoom = 32;
const ofs = ['swing', 'session'] as const;
const sessions = ['overnight', 'rth'] as const;
const ways = [1, -1] as const;

/** Returns the arrays of the rings that swings are found in, and of the ends that are kept. */
export function auctionRooms(c: Pick<Config, 'swingBars'>): Record<string, number> {
  const bars = 2 * c.swingBars + 1;
  const ring = { swingHigh: bars, swingLow: bars, swingEnd: bars };
  const rows = { highBid: bars, highAsk: bars, lowBid: bars, lowAsk: bars };
  const names = ['Price', 'Way', 'Of', 'Since', 'Date', 'Bid', 'Ask'];
  return { ...ring, ...rows, ...Object.fromEntries(names.map((n) => [`open${n}`, auctionRoom])) };
}

/** The row at an end of a bar or of a session. */
interface End {
  readonly way: number;
  readonly of: number;
  readonly price: number;
  readonly bid: number;
  readonly ask: number;
  /** When it was made: the end of its bar. */
  readonly since: number;
}

function auctionOf(f: Float64Array, end: End, status: Auction['status'], date: number): Auction {
  return {
    status,
    of: ofs[end.of]!,
    end: end.way > 0 ? 'high' : 'low',
    price: end.price,
    bid: end.bid,
    ask: end.ask,
    since: end.since,
    tradeDate: formatTradeDate(date || f[slot.date]!),
  };
}

/** Tells an end where both sides traded, and keeps it until price is back. */
function keep({ f, a }: Slots, end: End, out: Tell): void {
  if (end.bid === 0 || end.ask === 0) return;
  if (f[slot.openEnds] === auctionRoom) drop({ f, a }, 0);
  const at = f[slot.openEnds]!;
  f[slot.openEnds] = at + 1;
  a['openPrice']![at] = end.price;
  a['openWay']![at] = end.way;
  a['openOf']![at] = end.of;
  a['openSince']![at] = end.since;
  a['openDate']![at] = f[slot.date]!;
  a['openBid']![at] = end.bid;
  a['openAsk']![at] = end.ask;
  out('auction', auctionOf(f, end, 'unfinished', 0));
}

function drop({ f, a }: Pick<Slots, 'f' | 'a'>, at: number): void {
  f[slot.openEnds]! -= 1;
  for (const name of ['Price', 'Way', 'Of', 'Since', 'Date', 'Bid', 'Ask'])
    a[`open${name}`]!.copyWithin(at, at + 1);
}

/** Tells the ends that the bar traded at or beyond, and forgets them. */
function repair({ f, a }: Slots, out: Tell): void {
  for (let i = 0; i < f[slot.openEnds]!; ) {
    const way = a['openWay']![i]!;
    const price = a['openPrice']![i]!;
    if ((f[way > 0 ? slot.high : slot.low]! - price) * way < 0) {
      i += 1;
      continue;
    }
    const [of, bid, ask] = [a['openOf']![i]!, a['openBid']![i]!, a['openAsk']![i]!];
    const end = { way, of, price, bid, ask, since: a['openSince']![i]! };
    out('auction', auctionOf(f, end, 'repaired', a['openDate']![i]!));
    drop({ f, a }, i);
  }
}

/** Adds the row at an end of the bar to the row at that end of the session, or begins it where the bar went further. */
function addToSession({ f }: Slots, way: number, end: number, bid: number, ask: number): void {
  const at = way > 0 ? slot.sessionHigh : slot.sessionLow;
  const price = f[way > 0 ? slot.high : slot.low]!;
  const further = (price - f[at]!) * way;
  if (further < 0) return;
  f[at] = price;
  f[at + 1] = bid + (further === 0 ? f[at + 1]! : 0);
  f[at + 2] = ask + (further === 0 ? f[at + 2]! : 0);
  f[at + 3] = end;
}

/** Takes the bar that ends: what it repairs, which swing it confirms, and the ends of its session. */
export function endBarOfAuction(s: Slots, c: Config, end: number, out: Tell): void {
  const { f, a, l } = s;
  repair(s, out);
  const bars = f[slot.swings]!;
  const at = bars % a['swingEnd']!.length;
  f[slot.swings] = bars + 1;
  a['swingEnd']![at] = end;
  for (const way of ways) {
    const side = way > 0 ? 'high' : 'low';
    const price = f[way > 0 ? slot.high : slot.low]!;
    const [bid, ask] = [l[0]!.at(price), l[2]!.at(price)];
    const ring = a[way > 0 ? 'swingHigh' : 'swingLow']!;
    ring[at] = price;
    a[`${side}Bid`]![at] = bid;
    a[`${side}Ask`]![at] = ask;
    addToSession(s, way, end, bid, ask);
    if (!isSwing(ring, bars + 1, c.swingBars, way)) continue;
    const of = (bars - c.swingBars) % ring.length;
    const row = { bid: a[`${side}Bid`]![of]!, ask: a[`${side}Ask`]![of]! };
    keep(s, { way, of: 0, price: ring[of]!, ...row, since: a['swingEnd']![of]! }, out);
  }
}

function clearSession(f: Float64Array): void {
  f.fill(0, slot.sessionHigh, slot.openEnds);
  f[slot.sessionHigh] = Number.NEGATIVE_INFINITY;
  f[slot.sessionLow] = Number.POSITIVE_INFINITY;
}

/**
 * Moves on to another part of the trade day: the ends of the night, or of regular hours, are known then. A halt ends
 * no session.
 */
export function moveSession(s: Slots, segment: number, halt: number, out: Tell): void {
  const { f } = s;
  if (segment === halt || segment === f[slot.session]) return;
  if (f[slot.session]! >= 0 && f[slot.session]! < sessions.length) {
    for (const way of ways) {
      const at = way > 0 ? slot.sessionHigh : slot.sessionLow;
      if (f[at + 3] === 0) continue;
      const [price, bid, ask, since] = f.subarray(at, at + 4) as unknown as number[];
      keep(s, { way, of: 1, price: price!, bid: bid!, ask: ask!, since: since! }, out);
    }
  }
  f[slot.session] = segment;
  clearSession(f);
}

/** Begins with nothing known. */
export function clearAuctions({ f }: Slots): void {
  f[slot.session] = -1;
  clearSession(f);
}

/** Begins the swings of another trade day. */
export function clearSwings({ f }: Slots): void {
  f[slot.swings] = 0;
}
