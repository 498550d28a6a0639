import { expect, it } from 'vitest';
import {
  describeWithData,
  driveNode,
  feedBooks,
  type SharedBook,
  type SharedTrade,
  sharedBooks,
  sharedTrades,
} from '#engine/testing.ts';
import { plugin } from './plugin.ts';

const tradeFile = 'trades/EShour_20231225T2300Z_ESH4_databento-mbo.csv.gz';
const bookFile = 'depth/ES_20231225T2300Z_ESH4_mbp10.csv.gz';
const frameUs = 100_000;

type Side = ReadonlyMap<number, number>;
interface Frame {
  readonly end: number;
  /** The last book before its end. */
  readonly book: SharedBook;
  readonly flow: number;
  /** The same over ten levels. */
  readonly deep: number;
  readonly net: { bidStack: number; bidPull: number; askStack: number; askPull: number };
}

/** Of books of one microsecond the last one stands. */
function settled(books: readonly SharedBook[]): SharedBook[] {
  return books.filter((book, i) => book.ts !== books[i + 1]?.ts);
}

/** e of Cont, Kukanov and Stoikov as they write it, over both sides at once; of a level behind the best one the same. */
function flowOf(a: SharedBook, b: SharedBook, level = 0): number {
  const [[pb0, qb0], [pa0, qa0]] = [a.bids[level]!, a.asks[level]!];
  const [[pb, qb], [pa, qa]] = [b.bids[level]!, b.asks[level]!];
  return (
    Number(pb >= pb0) * qb -
    Number(pb <= pb0) * qb0 -
    Number(pa <= pa0) * qa +
    Number(pa >= pa0) * qa0
  );
}

const mapOf = (levels: SharedBook['bids']): Side => new Map(levels);

/** Changes of one side between two books, tick by tick over the prices that both show. */
function netOf(
  before: Side,
  after: Side,
  traded: Side,
  way: number,
): readonly [stack: number, pull: number] {
  const worst = (side: Side): number =>
    way > 0 ? Math.min(...side.keys()) : Math.max(...side.keys());
  const isShown = (price: number): boolean =>
    [before, after].every((side) => (price - worst(side)) * way >= 0);
  let [stack, pull] = [0, 0];
  for (const price of new Set([...before.keys(), ...after.keys(), ...traded.keys()])) {
    if (!isShown(price)) continue;
    const net = (after.get(price) ?? 0) - (before.get(price) ?? 0) + (traded.get(price) ?? 0);
    if (net > 0) stack += net;
    else pull -= net;
  }
  return [stack, pull];
}

/** Cuts the hour into frames of 100 ms, the slow way. */
function framesOf(trades: readonly SharedTrade[], books: readonly SharedBook[]): Frame[] {
  const frames: Frame[] = [];
  let [at, tradeAt] = [0, trades.findIndex((t) => t.ts > books[0]!.ts)];
  let end = Math.floor(books[0]!.ts / frameUs) * frameUs + frameUs;
  let before: SharedBook | null = null;
  let lastBest: SharedBook | null = null;
  for (; at < books.length; end += frameUs) {
    let flow = 0;
    let deep = 0;
    let book = frames.at(-1)?.book ?? books[0]!;
    for (; at < books.length && books[at]!.ts < end; at += 1) {
      book = books[at]!;
      if (lastBest !== null) {
        flow += flowOf(lastBest, book);
        for (let level = 0; level < 10; level += 1) deep += flowOf(lastBest, book, level);
      }
      lastBest = book;
    }
    const traded = { bid: new Map<number, number>(), ask: new Map<number, number>() };
    for (; tradeAt < trades.length && trades[tradeAt]!.ts < end; tradeAt += 1) {
      const { price, size, side } = trades[tradeAt]!;
      const from = side < 0 ? traded.bid : traded.ask;
      from.set(price, (from.get(price) ?? 0) + size);
    }
    const of = (own: 'bids' | 'asks', way: number): readonly [number, number] =>
      before === null
        ? [0, 0]
        : netOf(
            mapOf(before[own]),
            mapOf(book[own]),
            own === 'bids' ? traded.bid : traded.ask,
            way,
          );
    const [bidStack, bidPull] = of('bids', 1);
    const [askStack, askPull] = of('asks', -1);
    frames.push({ end, book, flow, deep, net: { bidStack, bidPull, askStack, askPull } });
    before = book;
  }
  return frames;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describeWithData('a real hour', [tradeFile, bookFile], () => {
  const trades = sharedTrades(tradeFile);
  const books = sharedBooks(bookFile);
  const run = driveNode(plugin, { tradeDate: '2023-12-26' });
  feedBooks(run, trades, books);
  const rows = run.emits.filter((e) => e.port === 'book').slice(1);
  const frames = framesOf(trades, settled(books));
  const stamps = [...trades, ...books].map(({ ts }) => ts).sort((a, b) => a - b);
  const frameBefore = new Map(frames.map((frame, i) => [frame.end, i]));

  it('gives every 5 s the numbers of an independent reckoning', () => {
    expect(run.errors).toEqual([]);
    expect(rows.length).toBeGreaterThan(700);
    let compared = 0;
    for (const { ts, payload } of rows) {
      const i = frameBefore.get(ts);
      if (i === undefined) continue;
      // The table is written at its time before the record that ends the frame: it knows the frames before.
      const known = frames.slice(0, i + 1);
      const { book } = known.at(-1)!;
      const [bids, asks] = [book.bids, book.asks].map((side) => side.map(([, size]) => size)) as [
        number[],
        number[],
      ];
      const imbalance = (levels: number): number => {
        const [bid, ask] = [sum(bids.slice(0, levels)), sum(asks.slice(0, levels))];
        return (bid - ask) / (bid + ask);
      };
      expect(payload['imbalance1']).toBeCloseTo(imbalance(1), 12);
      expect(payload['imbalance3']).toBeCloseTo(imbalance(3), 12);
      expect(payload['imbalance5']).toBeCloseTo(imbalance(5), 12);
      expect(payload['imbalance10']).toBeCloseTo(imbalance(10), 12);
      expect([payload['bid'], payload['ask']]).toEqual([
        book.bids[0]![0] / 4,
        book.asks[0]![0] / 4,
      ]);
      const mid =
        (book.bids[0]![0] * asks[0]! + book.asks[0]![0] * bids[0]!) / (bids[0]! + asks[0]!);
      expect(payload['weightedMid']).toBeCloseTo(mid / 4, 9);
      // A frame is ended by the first record after it, so the table knows those up to the last record.
      const seen = stamps[stamps.findLastIndex((stamp) => stamp < ts)]!;
      const ended = known.filter((frame) => frame.end <= seen);
      if (known.length > 610) {
        for (const [name, count] of [
          ['ofi1', 10],
          ['ofi10', 100],
          ['ofi60', 600],
        ] as const) {
          const own = ended.slice(-count);
          const best = sum(own.map((f) => f.book.bids[0]![1] + f.book.asks[0]![1]));
          const normal = sum(own.map((f) => f.flow)) / (best / (2 * own.length));
          expect(payload[name], `${name} at ${ts}`).toBeCloseTo(normal, 9);
          const deep = sum(own.map((f) => f.deep)) / (best / (2 * own.length));
          expect(payload[name.replace('ofi', 'ofiDeep')], `deep ${ts}`).toBeCloseTo(deep, 9);
        }
        const bullBear = sum(
          ended.slice(-100).map(({ net: n }) => n.bidStack + n.askPull - (n.askStack + n.bidPull)),
        );
        expect(payload['bullBear'], `bullBear at ${ts}`).toBe(bullBear);
        const mean5 =
          sum(
            ended.slice(-100).map(({ book: b }) => {
              const [bid, ask] = [b.bids, b.asks].map((side) =>
                sum(side.slice(0, 5).map(([, size]) => size)),
              ) as [number, number];
              return (bid - ask) / (bid + ask);
            }),
          ) / 100;
        expect(payload['mean5'], `mean5 at ${ts}`).toBeCloseTo(mean5, 9);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(500);
  });

  it('is sparse: fewer than 120 events', () => {
    const events = run.emits.filter((e) => e.port !== 'book');
    expect(events.length).toBeGreaterThan(20);
    expect(events.length).toBeLessThan(120);
  });

  it('gives the same without its trades, but for what was traded', () => {
    const alone = driveNode(plugin, { tradeDate: '2023-12-26' });
    feedBooks(alone, [], books);
    const leans = (of: typeof run): unknown[] =>
      of.emits.filter((e) => e.port === 'lean').map((e) => e.payload['lean']);
    expect(leans(alone)).toEqual(leans(run));
    const isConsumed = (of: typeof run): boolean =>
      of.emits.some((e) => e.payload['status'] === 'consumed');
    expect([isConsumed(run), isConsumed(alone)]).toEqual([true, false]);
  });
});
