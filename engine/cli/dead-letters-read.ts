import type { DeadLetter } from '../contracts/journal.ts';
import { decodeMarketBatch, marketTopic, rowKind } from '../contracts/market-batch.ts';
import { isOrderflowError, OrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import { toDecimal } from '../market/price.ts';
import { flowTopics } from '../runtime/output.ts';
import type { Log, StoredRecord } from '../runtime/ports.ts';
import { readWhole } from './topics-log.ts';

/** A dead letter with its name. */
export interface NamedLetter {
  /** Instrument and offset in the topic of dead letters: `ES@0`. */
  readonly name: string;
  readonly instrument: Instrument;
  readonly letter: DeadLetter;
}

const mostNamed = 8;

/** Returns the dead letters of a flow, by instrument and oldest first. */
export async function readLetters(log: Log, graph: FlowGraph): Promise<readonly NamedLetter[]> {
  const topic = flowTopics(graph.name).deadLetters;
  const found = await Promise.all(
    graph.instruments.map(async (instrument) => {
      const records = await readWhole(log, topic, instrument.number);
      return records.map(({ offset, value }) => ({
        name: `${instrument.symbol}@${offset}`,
        instrument,
        letter: JSON.parse(String(value)) as DeadLetter,
      }));
    }),
  );
  return found.flat();
}

/**
 * Returns the letter of a name; without a name the newest.
 *
 * @throws {OF_LETTER_UNKNOWN} when there is no such letter.
 */
export function findLetter(
  letters: readonly NamedLetter[],
  name: string | null,
  flow: string,
): NamedLetter {
  const found =
    name === null
      ? letters.toSorted((a, b) => b.letter.ts - a.letter.ts)[0]
      : letters.find((letter) => letter.name === name);
  if (found) return found;
  const names = letters.slice(0, mostNamed).map((letter) => letter.name);
  const known = names.length === 0 ? 'none at all' : names.join(', ');
  throw new OrderflowError('OF_LETTER_UNKNOWN', { letter: name ?? 'the newest', flow, known });
}

/**
 * Returns what stands at the letter's place in the input, prices as decimals; null when it was trimmed. What came from
 * outside may be no JSON, which is then why there is a letter: it is returned as it is.
 */
export async function readInput(log: Log, { letter, instrument }: NamedLetter): Promise<unknown> {
  const { topic, p, o, i } = letter.input;
  try {
    const [record] = await log.read(topic, p, o, 1);
    if (!record || record.offset !== o) return null;
    if (topic !== marketTopic) return valueOf(record);
    return rowOf(record.value, i, instrument);
  } catch (error) {
    if (isOrderflowError(error, 'OF_LOG_TRIMMED')) return null;
    throw error;
  }
}

/** Returns a record's value as JSON says it; the text where it is no JSON, and bytes in hexadecimal digits. */
export function valueOf({ value }: StoredRecord): unknown {
  if (typeof value !== 'string') return Buffer.from(value).toString('hex');
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function rowOf(
  value: Uint8Array | string,
  row: number,
  instrument: Instrument,
): Readonly<Record<string, unknown>> {
  const batch = decodeMarketBatch(value as Uint8Array);
  const [a = 0, b = 0, c = 0, d = 0] = [batch.a[row], batch.b[row], batch.c[row], batch.d[row]];
  const price = (ticks: number): number => toDecimal(instrument, ticks);
  const side = batch.side[row];
  const place = { ts: batch.ts[row] };
  switch (batch.kind[row]) {
    case rowKind.trade:
      return { kind: 'trade', ...place, price: price(a), size: b, side };
    case rowKind.quote:
      return { kind: 'quote', ...place, bid: price(a), bidSize: b, ask: price(c), askSize: d };
    case rowKind.depth:
      return { kind: 'depth', ...place, price: price(a), size: b, level: c, side };
    case rowKind.bar:
      return {
        kind: 'bar',
        ...place,
        open: price(a),
        high: price(b),
        low: price(c),
        close: price(d),
      };
    default:
      return { kind: 'heartbeat', ...place };
  }
}
