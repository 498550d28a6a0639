import { OrderflowError } from '../errors.ts';
import { type CalendarId, calendarIds } from './calendar-data.ts';
import { type Instrument, instruments } from './instrument-table.ts';

type Row = Readonly<Record<string, unknown>>;

const fields: readonly string[] = [
  'symbol',
  'number',
  'description',
  'tickSize',
  'multiplierUsd',
  'tickValueCents',
  'currency',
  'kind',
  'calendar',
  'root',
  'months',
  'pricesBelowZero',
  'absorptionFloorContracts',
];

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  if (value === undefined) return 'absent';
  try {
    return JSON.stringify(value);
  } catch {
    return 'something that holds itself';
  }
}

class Check {
  private readonly row: Row;
  private readonly symbol: string;

  constructor(row: Row) {
    this.row = row;
    this.symbol = typeof row['symbol'] === 'string' ? row['symbol'] : '?';
  }

  refuse(field: string, expected: string, was: unknown = this.row[field]): OrderflowError {
    return new OrderflowError('OF_INSTRUMENT_INVALID', {
      instrument: this.symbol,
      field,
      expected,
      was: show(was),
    });
  }

  text(field: string, pattern: RegExp, expected: string): string {
    const value = this.row[field];
    if (typeof value !== 'string' || !pattern.test(value)) throw this.refuse(field, expected);
    return value;
  }

  oneOf<const T extends string>(field: string, choices: readonly T[]): T {
    const found = choices.find((choice) => choice === this.row[field]);
    if (found === undefined) throw this.refuse(field, `one of ${choices.join(', ')}`);
    return found;
  }

  number(field: string, accepts: (n: number) => boolean, expected: string): number {
    const value = this.row[field];
    if (typeof value !== 'number' || !Number.isFinite(value) || !accepts(value)) {
      throw this.refuse(field, expected);
    }
    return value;
  }
}

function tickSizeOf(check: Check, raw: unknown): { num: number; den: number } {
  const expected =
    '{ num, den } of whole numbers > 0 whose quotient is a finite decimal, like { num: 1, den: 4 }';
  const num = isRow(raw) ? raw['num'] : undefined;
  const den = isRow(raw) ? raw['den'] : undefined;
  if (!isPositiveInteger(num) || !isPositiveInteger(den) || (num * 1e9) % den !== 0) {
    throw check.refuse('tickSize', expected);
  }
  return { num, den };
}

function isPositiveInteger(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function monthsOf(check: Check, row: Row, kind: 'future' | 'etf'): string | null {
  if (kind === 'etf') {
    if (row['months'] === undefined || row['months'] === null) return null;
    throw check.refuse('months', 'none for an etf');
  }
  const months = check.text('months', /^[FGHJKMNQUVXZ]+$/, 'month letters in order, like "HMUZ"');
  for (let i = 1; i < months.length; i += 1) {
    if (months[i - 1]! >= months[i]!) {
      throw check.refuse('months', 'month letters in order, each once, like "HMUZ"');
    }
  }
  return months;
}

function numberOf(check: Check, symbol: string): number {
  const number = check.number(
    'number',
    (n) => Number.isInteger(n) && n >= 0 && n < 1_024,
    'a whole number from 0 to 1023, the partition of its data',
  );
  const owner = instruments.find((known) => known.number === number && known.symbol !== symbol);
  if (owner !== undefined) {
    throw check.refuse('number', `a number of its own (${owner.symbol} has ${number})`);
  }
  return number;
}

/**
 * Checks a row that a user wrote and returns it as an instrument.
 *
 * @param raw - A mapping with the fields of {@link Instrument}; `currency` defaults to USD, `root` to the symbol.
 * @throws {OF_INSTRUMENT_INVALID} when a field is absent, unknown or of the wrong kind; the message says which.
 */
export function defineInstrument(raw: unknown): Instrument {
  const row: Row = isRow(raw) ? raw : {};
  const check = new Check(row);
  if (!isRow(raw)) throw check.refuse('row', 'a mapping of fields', raw);
  const unknown = Object.keys(row).find((key) => !fields.includes(key));
  if (unknown !== undefined)
    throw check.refuse(unknown, `no such field; known: ${fields.join(', ')}`);
  const symbol = check.text(
    'symbol',
    /^[A-Z0-9][A-Z0-9._-]{0,15}$/,
    'a name of capitals and digits like "ES"',
  );
  const tickSize = tickSizeOf(check, row['tickSize']);
  const multiplierUsd = check.number('multiplierUsd', (n) => n > 0, 'dollars per point > 0');
  const cents = (multiplierUsd * 100 * tickSize.num) / tickSize.den;
  const tickValueCents = check.number(
    'tickValueCents',
    (n) => Math.abs(n - cents) < 1e-9,
    `${cents} (tick size times multiplier, in cents)`,
  );
  const kind = check.oneOf('kind', ['future', 'etf']);
  const instrument: Instrument = {
    symbol,
    number: numberOf(check, symbol),
    description: check.text('description', /\S/, 'a text'),
    tickSize,
    multiplierUsd,
    tickValueCents,
    currency: row['currency'] === undefined ? 'USD' : check.oneOf('currency', ['USD']),
    kind,
    calendar: check.oneOf<CalendarId>('calendar', calendarIds),
    root:
      row['root'] === undefined ? symbol : check.text('root', /^[A-Z0-9]+$/, 'capitals and digits'),
    months: monthsOf(check, row, kind),
  };
  return { ...instrument, ...optionalFields(check, row) };
}

function optionalFields(
  check: Check,
  row: Row,
): Pick<Instrument, 'pricesBelowZero' | 'absorptionFloorContracts'> {
  const below = row['pricesBelowZero'];
  if (below !== undefined && typeof below !== 'boolean')
    throw check.refuse('pricesBelowZero', 'true or false');
  const floor =
    row['absorptionFloorContracts'] === undefined
      ? undefined
      : check.number('absorptionFloorContracts', (n) => n > 0, 'contracts > 0');
  return {
    ...(below === undefined ? {} : { pricesBelowZero: below }),
    ...(floor === undefined ? {} : { absorptionFloorContracts: floor }),
  };
}
