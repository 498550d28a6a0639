import {
  decodeMarketBatch,
  MarketBatchBuilder,
  marketSchema,
  marketTopic,
  maxBatchRows,
  rowKind,
} from '../contracts/market-batch.ts';
import type { NewRecord, StoredRecord } from '../runtime/ports.ts';
import { type Chance, chanceFrom } from '../study/chance.ts';
import { type DriveOptions, driveNode, type NodeRun } from './node-run.ts';

/** One row of market data. */
interface MarketRow {
  readonly ts: number;
  readonly kind: number;
  readonly side: number;
  readonly flags: number;
  readonly numbers: readonly [a: number, b: number, c: number, d: number];
  /** Of a bar: volume, bid volume, ask volume, vwap. */
  readonly bar: readonly number[];
}

/** One input: a row of the market, or a record on an in-port; null where noise left one out. */
type Item = { readonly row: MarketRow } | { readonly record: StoredRecord } | null;

const mostCuts = 6;
const mostGroupRows = 24;
const someTick = 20_000;

function rowsOf(bytes: Uint8Array): Item[] {
  const { count, ts, kind, side, flags, a, b, c, d, bars } = decodeMarketBatch(bytes);
  let bar = 0;
  return Array.from({ length: count }, (_, i) => {
    const isBar = kind[i] === rowKind.bar;
    if (isBar) bar += 1;
    return {
      row: {
        ts: ts[i]!,
        kind: kind[i]!,
        side: side[i]!,
        flags: flags[i]!,
        numbers: [a[i]!, b[i]!, c[i]!, d[i]!],
        bar: isBar ? [...bars.subarray(bar * 4 - 4, bar * 4)] : [],
      },
    };
  });
}

function itemsOf(inputs: readonly StoredRecord[]): Item[] {
  return inputs.flatMap((record) =>
    typeof record.value === 'string' ? [{ record }] : rowsOf(record.value),
  );
}

function tsOf(item: Item): number {
  return item === null ? Number.NaN : 'row' in item ? item.row.ts : item.record.ts;
}

function addRow(builder: MarketBatchBuilder, { ts, kind, side, flags, numbers, bar }: MarketRow) {
  const [a, b, c, d] = numbers;
  if (kind === rowKind.trade) builder.trade(ts, a, b, side, flags);
  else if (kind === rowKind.quote) builder.quote(ts, a, b, c, d);
  else if (kind === rowKind.depth) builder.depth(ts, side, c, a, b);
  else if (kind === rowKind.bar) {
    const [volume = Number.NaN, bid = Number.NaN, ask = Number.NaN, vwap = Number.NaN] = bar;
    builder.bar(ts, a, b, c, d, volume, bid, ask, vwap);
  } else builder.heartbeat(ts);
}

/** Sizes of the batches that rows are packed into: from one row to a few dozen, the same for the same seed. */
function groupsOf(count: number, chance: Chance): boolean[] {
  const ends: boolean[] = [];
  while (ends.length < count) {
    const size = 1 + Math.floor(chance() * mostGroupRows);
    for (let i = 1; i <= size && i <= maxBatchRows; i += 1) ends.push(i === size);
  }
  return ends;
}

/** Packs items into records again: rows into batches that end where `ends` says, so that a cut may fall inside one. */
function pack(items: readonly Item[], ends: readonly boolean[], run: NodeRun): StoredRecord[] {
  const { symbol, number } = run.instrument;
  const builder = new MarketBatchBuilder(symbol);
  const records: StoredRecord[] = [];
  let [market, other] = [0, 0];
  const flush = (): void => {
    if (builder.count === 0) return;
    const ts = builder.lastTs;
    const place = { topic: marketTopic, key: symbol, ts, schema: marketSchema, partition: number };
    records.push({ ...place, value: builder.finish(), offset: market });
    market += 1;
  };
  items.forEach((item, i) => {
    if (item && 'row' in item) addRow(builder, item.row);
    else flush();
    if (item && 'record' in item) {
      records.push({ ...item.record, offset: other });
      other += 1;
    }
    if (ends[i]) flush();
  });
  flush();
  return records;
}

function lastPrice(items: readonly Item[], cut: number): number {
  for (let i = cut; i >= 0; i -= 1) {
    const item = items[i];
    if (!item || !('row' in item)) continue;
    const { kind, numbers } = item.row;
    if (kind === rowKind.trade || kind === rowKind.quote) return numbers[0];
    if (kind === rowKind.bar) return numbers[3];
  }
  return someTick;
}

/** Replaces a row by noise of its kind and time around a price. */
function noiseRow(row: MarketRow, around: number, chance: Chance): MarketRow {
  const whole = (low: number, high: number): number =>
    low + Math.floor(chance() * (high - low + 1));
  const size = whole(1, 2_000);
  const price = around + whole(-60, 60);
  switch (row.kind) {
    case rowKind.trade:
      return {
        ...row,
        side: row.side === 0 ? 0 : whole(0, 1) * 2 - 1,
        numbers: [price, size, 0, 0],
      };
    case rowKind.quote:
      return { ...row, numbers: [price, size, price + whole(1, 4), whole(1, 2_000)] };
    case rowKind.depth:
      return { ...row, numbers: [price, whole(0, 500), row.numbers[2], 0] };
    case rowKind.bar: {
      const close = around + whole(-60, 60);
      const [high, low] = [
        Math.max(price, close) + whole(0, 9),
        Math.min(price, close) - whole(0, 9),
      ];
      const volume = whole(1, 20_000);
      const bid = whole(0, volume);
      const known = [volume, bid, volume - bid, (price + close) / 2];
      const bar = row.bar.map((was, i) => (Number.isNaN(was) ? was : (known[i] ?? was)));
      return { ...row, numbers: [price, high, low, close], bar };
    }
    default:
      return row;
  }
}

function alter(value: unknown, chance: Chance): unknown {
  if (typeof value === 'number') return Math.round(value + (chance() - 0.5) * 80);
  if (typeof value === 'boolean') return chance() < 0.5;
  if (Array.isArray(value)) return value.map((one) => alter(one, chance));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, alter(one, chance)]));
}

/** Leaves a record out, or alters its numbers and flags; its time stays. */
function noiseRecord(record: StoredRecord, chance: Chance): Item {
  if (chance() < 0.5) return null;
  const payload = alter(JSON.parse(String(record.value)), chance) as object;
  return { record: { ...record, value: JSON.stringify({ ...payload, ts: record.ts }) } };
}

function withNoise(items: readonly Item[], cut: number, chance: Chance): Item[] {
  const around = lastPrice(items, cut);
  return items.map((item, i) => {
    if (i <= cut || item === null) return item;
    return 'row' in item
      ? { row: noiseRow(item.row, around, chance) }
      : noiseRecord(item.record, chance);
  });
}

/** Returns places after which time moves on: what follows at the same instant may still be told at it. */
function cutsOf(items: readonly Item[], chance: Chance): { at: number; ts: number }[] {
  let now = Number.NEGATIVE_INFINITY;
  const all = items.flatMap((item, at) => {
    now = Math.max(now, tsOf(item));
    return at + 1 < items.length && tsOf(items[at + 1]!) > now ? [{ at, ts: now }] : [];
  });
  if (all.length <= mostCuts) return all;
  return Array.from({ length: mostCuts }, () => all[Math.floor(chance() * all.length)]!);
}

/** Which record a journal entry came with: of a deadline, the first one past it, so another when others follow. */
const cameWith = /,"in":\{[^}]*\}/;

function told(run: NodeRun, ts: number): string[] {
  return run.outputs
    .filter((record: NewRecord) => record.ts <= ts)
    .map(({ topic, ts: at, seq, value }) => {
      return `${topic} ${at} ${seq ?? ''} ${String(value).replace(cameWith, '')}`;
    });
}

/** Returns the seed of this run's cuts: the variable `LOOK_AHEAD_SEED`, or always the same, so that a build can be repeated. */
export function lookAheadSeed(): number {
  return Number(process.env['LOOK_AHEAD_SEED'] ?? 1);
}

/** What a run had told up to a cut, and what it told when other things followed. */
export interface LookAhead {
  /** What a reader looks for when it fails: the record after which everything was noise. */
  readonly after: string;
  readonly expected: readonly string[];
  readonly was: readonly string[];
}

function feedAll(plugin: object, options: DriveOptions, records: readonly StoredRecord[]): NodeRun {
  const run = driveNode(plugin, options);
  for (const record of records) run.feed(record);
  return run;
}

/**
 * Runs a case's inputs, packed into batches of several rows, and again with everything after a random place replaced by
 * noise: rows of the same batch too, and records on in-ports. Nothing up to the cut may differ. The noise runs twice: what
 * a plugin kept of an earlier run would else agree with itself. Places, noise and batches follow from `seed`.
 */
export function lookAheads(
  plugin: object,
  options: DriveOptions,
  whole: NodeRun,
  seed: number,
): LookAhead[] {
  const chance = chanceFrom(seed);
  const items = itemsOf(whole.inputs);
  const ends = groupsOf(items.length, chance);
  const packed = feedAll(plugin, options, pack(items, ends, whole));
  return cutsOf(items, chance).map(({ at, ts }) => {
    const noise = pack(withNoise(items, at, chance), ends, whole);
    feedAll(plugin, options, noise);
    const again = feedAll(plugin, options, noise);
    return {
      after: `LOOK_AHEAD_SEED=${seed}: noise after input ${at + 1} of ${items.length}, at ${ts}`,
      expected: told(packed, ts),
      was: told(again, ts),
    };
  });
}
