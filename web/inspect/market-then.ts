import type { JournalRecord } from '#engine/contracts/journal.ts';
import { decodeMarketBatch, marketTopic, rowKind } from '#engine/contracts/market-batch.ts';
import { TopicReader } from '#engine/inspect/topic-reader.ts';
import type { Instrument } from '#engine/market/instrument.ts';
import { priceDecimals, toDecimal } from '#engine/market/price.ts';
import { tradeFlags } from '#engine/plugin/sensor.ts';
import type { Log, StoredRecord } from '#engine/runtime/ports.ts';
import type { Task } from '#engine/runtime/task.ts';
import type { PriceThen } from '../live/inspect.ts';

const perPage = 16;
/** How many batches before a moment are looked through for a trade. */
const mostBatches = 2_048;

/** A place in the market's topic, its row included. */
interface Place {
  readonly offset: number;
  readonly row: number;
}

const wholeBatch = Number.POSITIVE_INFINITY;

/** Where the market stood: at the row a macrostep came from, else at the last row before its time. */
async function placeOf(reader: TopicReader, record: JournalRecord): Promise<Place> {
  const { topic, o, i } = record.in;
  if (topic === marketTopic) return { offset: o, row: i };
  // The batch that is the first to end later may begin before.
  return { offset: await reader.offsetAt(record.ts + 1), row: wholeBatch };
}

/** A trade of a batch. */
interface FoundTrade {
  readonly ticks: number;
  readonly ts: number;
}

/** The last trade of a batch that counts as the last price, up to a row and a time. */
function lastTrade({ value }: StoredRecord, until: number, ts: number): FoundTrade | null {
  if (typeof value === 'string') return null;
  const batch = decodeMarketBatch(value);
  for (let i = Math.min(until, batch.count - 1); i >= 0; i -= 1) {
    const isTrade = batch.kind[i] === rowKind.trade;
    // An auction's print is no price one could have had; the price of now leaves it out, too.
    if (!isTrade || ((batch.flags[i] ?? 0) & tradeFlags.auction) !== 0) continue;
    const at = batch.ts[i] ?? 0;
    if (at <= ts) return { ticks: batch.a[i] ?? 0, ts: at };
  }
  return null;
}

function lastPrice(instrument: Instrument, trade: FoundTrade): PriceThen {
  const decimals = priceDecimals(instrument);
  return { price: toDecimal(instrument, trade.ticks), decimals, ts: trade.ts };
}

/** Reads the last trade at or before a macrostep from the market's topic. */
export async function priceThen(log: Log, task: Task, record: JournalRecord): Promise<PriceThen> {
  const { instrument } = task;
  const reader = new TopicReader(log, marketTopic, instrument.number);
  const place = await placeOf(reader, record);
  const least = Math.max(0, place.offset + 1 - mostBatches);
  let oldest = place.offset + 1;
  for (let end = oldest; end > least; end = Math.max(least, end - perPage)) {
    const from = Math.max(least, end - perPage);
    const page = await reader.page(from, end - from);
    const batches = page.filter(({ offset }) => offset < end);
    for (const batch of batches.toReversed()) {
      const until = batch.offset === place.offset ? place.row : wholeBatch;
      const trade = lastTrade(batch, until, record.ts);
      if (trade) return lastPrice(instrument, trade);
      oldest = batch.offset;
    }
    // A topic that was trimmed gives what is younger, or nothing.
    if (batches.length === 0) break;
  }
  return { missing: whyNone(place, oldest, least) };
}

function whyNone({ offset, row }: Place, oldest: number, least: number): string {
  const isEmpty = oldest > offset;
  if (oldest === 0 || (isEmpty && row === wholeBatch)) return 'no trade yet';
  return least > 0 && oldest <= least
    ? `no trade in the ${mostBatches} batches before it`
    : 'the log no longer holds the market of then';
}
