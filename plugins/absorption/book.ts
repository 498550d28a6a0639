import { microsPerSecond, type Out, type Slots } from '#engine';
import type { Config, Senses } from './config.ts';
import { slot } from './window.ts';

/** Levels of each side that are kept. */
const levels = 10;
/** The window of what was shown is kept in so many parts, for each side. */
const parts = 6;
/** Ladders of what was shown begin here: the parts of the bids, then those of the asks. */
const firstLadder = 5;
/** Names of the ladders. */
export const shownLadders: readonly string[] = ['bid', 'ask'].flatMap((side) =>
  Array.from({ length: parts }, (_, part) => `${side}Shown${part}`),
);

/** Where the numbers of the array `book` lie. */
const at = {
  hasBook: 0,
  groupTs: 1,
  isDirty: 2,
  partEnd: 3,
  part: 4,
  lastTs: 5,
  bids: 6,
  asks: 26,
};
/** Numbers of the array `book`: those above and price and size of each level. */
export const bookRoom = at.asks + 2 * levels;
/** A book that did not change for so long while trades went on is not trusted. */
const staleUs = 60 * microsPerSecond;

/** Returns whether there is a book to judge by. */
export function hasBook({ a }: Slots, ts: number): boolean {
  const book = a['book']!;
  return book[at.hasBook] === 1 && ts - book[at.lastTs]! < staleUs;
}

const sideAt = (way: number): number => (way < 0 ? at.bids : at.asks);

/** Returns the size shown at a price on the side that an attack meets: bids for sells. */
function shownNow(book: Float64Array, price: number, way: number): number {
  const first = sideAt(way);
  for (let i = first; i < first + 2 * levels; i += 2) if (book[i] === price) return book[i + 1]!;
  return 0;
}

/** Returns the largest size shown at a price in the window, on the side that an attack meets. */
export function largestShown({ l }: Slots, price: number, way: number): number {
  const first = firstLadder + (way < 0 ? 0 : parts);
  let largest = 0;
  for (let part = 0; part < parts; part += 1)
    largest = Math.max(largest, l[first + part]!.at(price));
  return largest;
}

/** Begins a new part of the window with what is shown now; older parts go. */
function nextPart({ f, a, l }: Slots, ts: number): void {
  const book = a['book']!;
  const length = f[slot.windowUs]! / parts;
  const isGap = ts - book[at.partEnd]! >= f[slot.windowUs]!;
  book[at.partEnd] = ts - (ts % length) + length;
  book[at.part] = (book[at.part]! + 1) % parts;
  for (let part = 0; part < parts; part += 1) {
    if (!isGap && part !== book[at.part]) continue;
    l[firstLadder + part]!.clear();
    l[firstLadder + parts + part]!.clear();
  }
  for (let i = 0; i < 2 * levels; i += 2) {
    show(l[firstLadder + book[at.part]!]!, book[at.bids + i]!, book[at.bids + i + 1]!);
    show(l[firstLadder + parts + book[at.part]!]!, book[at.asks + i]!, book[at.asks + i + 1]!);
  }
}

function show(ladder: Slots['l'][number], price: number, size: number): void {
  if (size > ladder.at(price)) ladder.set(price, size);
}

/** Takes a change of the book; `side` is 1 for the bid, level -1 a reset. */
export function takeDepth(
  s: Slots,
  c: Config,
  ts: number,
  side: number,
  level: number,
  price: number,
  size: number,
  out: Out<Senses>,
): void {
  const { a, l } = s;
  const book = a['book']!;
  settleBook(s, c, ts, out);
  book[at.groupTs] = ts;
  book[at.lastTs] = ts;
  if (level < 0) {
    book.fill(0, at.bids);
    book[at.hasBook] = 0;
    return;
  }
  if (level >= levels) return;
  if (ts >= book[at.partEnd]!) nextPart(s, ts);
  book[at.hasBook] = 1;
  book[at.isDirty] = 1;
  const i = (side > 0 ? at.bids : at.asks) + 2 * level;
  book[i] = price;
  book[i + 1] = size;
  show(l[firstLadder + (side > 0 ? 0 : parts) + book[at.part]!]!, price, size);
}

/** Ends the changes of one time: which attacked prices dropped below half of what was shown, and which were refilled? */
export function settleBook(s: Slots, c: Config, ts: number, out: Out<Senses>): void {
  const { f, a } = s;
  const book = a['book']!;
  if (book[at.isDirty] === 0 || book[at.groupTs] === ts) return;
  book[at.isDirty] = 0;
  for (let i = 0; i < f[slot.open]!; i += 1) {
    const shown = a['episodeShown']![i]!;
    if (shown === 0) continue;
    const now = shownNow(book, a['episodePrice']![i]!, a['episodeWay']![i]!);
    const isLow = now < c.reloadShare * shown;
    if (!isLow && a['episodeDropped']![i] === 1) {
      a['episodeReloads']![i]! += 1;
      out('reloaded', { episode: a['episode']![i]!, reloads: a['episodeReloads']![i]! });
    }
    a['episodeDropped']![i] = isLow ? 1 : 0;
  }
}

/** Forgets what was shown; the levels stay, for a source tells only what changes. */
export function clearShown({ a, l }: Slots): void {
  a['book']![at.partEnd] = 0;
  for (let i = 0; i < 2 * parts; i += 1) l[firstLadder + i]?.clear();
}
