import { type MarketBatchBuilder, OrderflowError } from '#engine';
import type { FieldReader } from './field-reader.ts';
import type { RowBlock } from './row-block.ts';
import type { RowFormat, RowWriter } from './row-format.ts';

const microsPerSecond = 1_000_000;
/** A vwap may miss the range by this part of a tick: decimals of the file are rounded. */
const roundingTicks = 1e-6;

function parse(reader: FieldReader, block: RowBlock, i: number): void {
  block.stamp[i] = reader.stamp();
  const columns = [block.a, block.b, block.c, block.d];
  for (let column = 1; column <= 4; column += 1) {
    columns[column - 1]![i] = reader.price(column);
    reader.comma(column);
  }
  const [volumes, bidVolumes, askVolumes, vwaps] = block.numbers;
  volumes[i] = reader.whole(5, 0);
  reader.comma(5);
  bidVolumes[i] = reader.isEmpty() ? Number.NaN : reader.whole(6, 0);
  reader.comma(6);
  askVolumes[i] = reader.isEmpty() ? Number.NaN : reader.whole(7, 0);
  reader.comma(7);
  reader.skip();
  reader.comma(8);
  reader.skip();
  reader.comma(9);
  vwaps[i] = reader.isEmpty() ? Number.NaN : reader.fineTicks(10);
  reader.endOfRow(10);
  checkBar(reader, block, i);
}

/** Refuses a bar whose numbers cannot all be true. */
function checkBar(reader: FieldReader, block: RowBlock, i: number): void {
  const [volumes, bidVolumes, askVolumes, vwaps] = block.numbers;
  const high = block.b[i]!;
  const low = block.c[i]!;
  if (high < low) throw outsideRange(reader, 'high of at least low', 4);
  if (block.a[i]! < low || block.a[i]! > high)
    throw outsideRange(reader, 'open from low to high', 1);
  if (block.d[i]! < low || block.d[i]! > high)
    throw outsideRange(reader, 'close from low to high', 4);
  // Comparisons with NaN are false: what the file does not know contradicts nothing.
  if (vwaps[i]! < low - roundingTicks || vwaps[i]! > high + roundingTicks) {
    throw outsideRange(reader, 'vwap from low to high', 10);
  }
  if (bidVolumes[i]! + askVolumes[i]! > volumes[i]!) {
    const was = `${bidVolumes[i]} + ${askVolumes[i]} in ${volumes[i]}`;
    throw reader.contradiction('bid_vol + ask_vol of at most volume', was);
  }
}

function outsideRange(reader: FieldReader, rule: string, column: number): OrderflowError {
  const range = `high '${reader.text(2)}', low '${reader.text(3)}'`;
  return reader.contradiction(rule, `'${reader.text(column)}' with ${range}`);
}

/** Returns the smallest positive distance of neighbouring time stamps in microseconds; Infinity when there is none. */
function smallestStep(block: RowBlock): number {
  let least = Infinity;
  for (let i = 1; i < block.count; i += 1) {
    const step = block.stamp[i]! - block.stamp[i - 1]!;
    if (step > 0 && step < least) least = step;
  }
  return least;
}

function lengthOf(first: RowBlock, file: string, barSeconds: number | null): number {
  const length = barSeconds === null ? smallestStep(first) : barSeconds * microsPerSecond;
  if (length !== Infinity) return length;
  throw new OrderflowError('OF_REPLAY_BAR_LENGTH', {
    place: file,
    expected: 'two different time stamps to tell it from',
    was: `one among the first ${first.count} rows`,
  });
}

/** Writes each bar at its end: nobody knows it before. */
class BarWriter implements RowWriter {
  readonly knownAfter: number;
  readonly #file: string;
  #previous = 0;

  constructor(length: number, file: string) {
    this.knownAfter = length;
    this.#file = file;
  }

  rowsOf(): number {
    return 1;
  }

  write(builder: MarketBatchBuilder | null, block: RowBlock, i: number): void {
    const stamp = block.stamp[i]!;
    const step = stamp - this.#previous;
    if (step === 0) throw this.#twice(block.firstRow + i + 1);
    if (step > 0 && step < this.knownAfter) throw this.#tooClose(block.firstRow + i + 1, step);
    this.#previous = stamp;
    const [volumes, bidVolumes, askVolumes, vwaps] = block.numbers;
    builder?.bar(
      stamp + this.knownAfter,
      block.a[i]!,
      block.b[i]!,
      block.c[i]!,
      block.d[i]!,
      volumes[i]!,
      bidVolumes[i]!,
      askVolumes[i]!,
      vwaps[i]!,
    );
  }

  #twice(line: number): OrderflowError {
    return new OrderflowError('OF_REPLAY_ROW', {
      place: `${this.#file}:${line}`,
      rule: 'one bar for each start',
      was: 'the start of the bar before',
    });
  }

  #tooClose(line: number, step: number): OrderflowError {
    return new OrderflowError('OF_REPLAY_BAR_LENGTH', {
      place: `${this.#file}:${line}`,
      expected: `${this.knownAfter / microsPerSecond} s, as the rows before it`,
      was: `${step / microsPerSecond} s, the distance to the bar before`,
    });
  }
}

/** Bars with volume, and where known volume by aggressor and vwap; the stamp is the bar's start. */
export const barFormat: RowFormat = {
  header: 'ts_ns,open,high,low,close,volume,bid_vol,ask_vol,delta,trades,vwap',
  parse,
  writer: (first, file, barSeconds) => new BarWriter(lengthOf(first, file, barSeconds), file),
};
