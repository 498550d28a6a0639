import { createReadStream, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createGunzip } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { findInstrument } from './instrument.ts';
import { expiryOf, frontContract, thirdFriday } from './roll.ts';
import { nextSession, type SessionDay, sessionAt, sessionDay } from './session.ts';
import { formatUtc, microsPerMinute, nanosToMicros, type TradeDate } from './time.ts';

const data = resolve(
  import.meta.dirname,
  '../..',
  process.env['ORDERFLOW_DATA'] ?? '../shared/data',
);
const folder = resolve(data, 'minute');
const present = existsSync(folder);
if (!present) console.warn(`skipped: calendar against real ES bars, no folder ${folder}`);

interface Seen {
  readonly day: SessionDay;
  first: number;
  last: number;
  /** First and last bar of the regular session, and how many there were. */
  rthFirst: number;
  rthLast: number;
  rthBars: number;
}

/** Reads the bar starts of a file, one pass, without keeping its text. */
async function barStarts(file: string, take: (ts: number) => void): Promise<void> {
  let rest = '';
  let header = true;
  for await (const chunk of createReadStream(resolve(folder, file)).pipe(createGunzip())) {
    rest += (chunk as Buffer).toString('latin1');
    let from = 0;
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', from)) {
      if (!header) take(nanosToMicros(rest.slice(from, rest.indexOf(',', from))));
      header = false;
      from = end + 1;
    }
    rest = rest.slice(from);
  }
}

/** Groups the bars of a file by trading day; a bar that starts at the very close holds the last prints of its day. */
async function daysOf(file: string): Promise<Seen[]> {
  const days: Seen[] = [];
  let current: Seen | undefined;
  await barStarts(file, (ts) => {
    if (current !== undefined && ts === current.day.close) return;
    if (current === undefined || ts >= current.day.close) {
      const day = sessionAt('cme-equity', ts);
      current = { day, first: ts, last: ts, rthFirst: 0, rthLast: 0, rthBars: 0 };
      days.push(current);
    }
    current.last = ts;
    const { rthOpen, rthEnd } = current.day;
    if (rthOpen === null || rthEnd === null || ts < rthOpen || ts >= rthEnd) return;
    if (current.rthBars === 0) current.rthFirst = ts;
    current.rthLast = ts;
    current.rthBars += 1;
  });
  return days;
}

function isExpiry(date: TradeDate): boolean {
  const month = Math.floor(date / 100) % 100;
  return month % 3 === 0 && thirdFriday(Math.floor(date / 10_000), month) === date;
}

/** Regular-session bars a day should have; bars wholly inside a stop of trading, give or take two minutes, may lack. */
function expectedBars(day: SessionDay, length: number): { least: number; most: number } {
  const most = (day.rthEnd! - day.rthOpen!) / length;
  const inHalts = day.halts
    .filter((halt) => halt.from < day.rthEnd!)
    .reduce((sum, halt) => sum + Math.ceil((halt.to - halt.from) / length), 0);
  return { least: most - inHalts, most };
}

/** Says what of a day of five-minute bars contradicts the calendar. */
function contradictions({ day, first, last, rthFirst, rthLast, rthBars }: Seen): string[] {
  const length = 5 * microsPerMinute;
  const expiry = isExpiry(day.tradeDate);
  const found: string[] = [];
  if (first < day.open) found.push('begins before the open');
  if (expiry && rthBars > 0) found.push('has a regular session on its expiry');
  if (!expiry && last < day.close - length - microsPerMinute)
    found.push(`ends at ${formatUtc(last)}`);
  if (day.rthOpen === null || expiry) return found;
  const { least, most } = expectedBars(day, length);
  if (rthFirst !== day.rthOpen) found.push(`opens at ${formatUtc(rthFirst)}`);
  if (rthLast !== day.rthEnd! - length) found.push(`ends with ${formatUtc(rthLast)}`);
  if (rthBars < least || rthBars > most) found.push(`has ${rthBars} bars of ${most}`);
  return found;
}

test('the minute files are there where everything must run', () => {
  expect(present || process.env['CI'] !== 'true').toBe(true);
});

describe.skipIf(!present)('the calendar agrees with real bars', () => {
  test.each([
    ['ES_1m_20130901_20130920_tickdata.csv.gz', 15],
    ['ES_1m_20260205_20260216_nt8-volumetric.csv.gz', 7],
    ['ES_1m_RTH_20260126_20260424_databento.csv.gz', 63],
  ])('of %s on every regular session', async (file, count) => {
    const days = (await daysOf(file)).filter((d) => d.rthBars > 0);
    expect(days).toHaveLength(count);
    for (const { day, rthFirst, rthLast, rthBars } of days) {
      const minutes = (day.rthEnd! - day.rthOpen!) / microsPerMinute;
      expect(formatUtc(rthFirst)).toBe(formatUtc(day.rthOpen!));
      expect(rthBars).toBeGreaterThanOrEqual(minutes - 1);
      expect(day.rthEnd! - rthLast).toBeLessThanOrEqual(2 * microsPerMinute);
    }
  });

  test('of ten years: the same days, the same opening and end of every regular session', async () => {
    const days = await daysOf('ES_5m_201412_202412_sierra.csv.gz');
    const wrong = days.flatMap((seen) =>
      contradictions(seen).map((what) => `${seen.day.tradeDate} ${what}`),
    );
    for (const [i, { day }] of days.entries()) {
      const before = days[i - 1];
      if (before && nextSession('cme-equity', before.day) !== day)
        wrong.push(`a day lacks before ${day.tradeDate}`);
    }
    expect(wrong).toEqual([]);
    expect(days.filter((d) => d.rthBars > 0)).toHaveLength(2_538);
    const noSession = days.filter((d) => d.day.rthOpen === null).map((d) => d.day.tradeDate);
    expect(noSession).toEqual([20150403, 20181205, 20210402, 20230407]);
  });
});

test('the front contract changes at the roll and at no other time', () => {
  const es = findInstrument('ES');
  const changes: TradeDate[] = [];
  let day = sessionDay('cme-equity', 20220601)!;
  let last = frontContract(es, day.tradeDate)!.code;
  while (day.tradeDate < 20230601) {
    const front = frontContract(es, day.tradeDate)!;
    if (front.code !== last) changes.push(day.tradeDate);
    last = front.code;
    expect(front.expiry).toBe(expiryOf('ES', front.year, front.month));
    day = nextSession('cme-equity', day);
  }
  expect(changes).toEqual([20220613, 20220912, 20221212, 20230313]);
});
