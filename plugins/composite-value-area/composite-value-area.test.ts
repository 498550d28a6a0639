import { expect, it } from 'vitest';
import { findInstrument, packVolumes } from '#engine';
import {
  dateAfter,
  isCutOff,
  type Member,
  mergeSessions,
  rollDates,
  shiftBetween,
} from './composite-value-area.ts';
import { config } from './config.ts';

const es = findInstrument('ES');
const c = config.parse({});
const member = (tradeDate: string, contract: string | null): Member => ({
  tradeDate,
  contract,
  approximate: false,
  volume: 1,
  low: 0,
  rows: packVolumes([1]),
});

it('knows the trade date after a session, over a weekend and a holiday', () => {
  expect(dateAfter(es, '2025-11-14')).toBe('2025-11-17');
  expect(dateAfter(es, '2025-12-24')).toBe('2025-12-26');
  expect(() => dateAfter(es, '2025-11-15')).toThrow('a completed session lies on a trading day');
});

it('finds the rolls of a year, in each way of rolling', () => {
  expect(rollDates(es, '2025-01-02', '2025-12-31', c)).toEqual([
    '2025-03-17',
    '2025-06-16',
    '2025-09-15',
    '2025-12-15',
  ]);
  expect(rollDates(es, '2013-09-12', '2013-12-11', c)).toEqual([]);
  expect(rollDates(es, '2013-09-11', '2013-12-12', c)).toEqual(['2013-09-12', '2013-12-12']);
  expect(rollDates(es, '2025-12-01', '2025-12-31', config.parse({ roll: 'thursday8' }))).toEqual([
    '2025-12-11',
  ]);
  expect(rollDates(findInstrument('SPY'), '2025-01-02', '2025-12-31', c)).toEqual([]);
});

it('adds up the shifts after a date up to another', () => {
  const shifts = { '2025-09-15': 180, '2025-12-15': 200 };
  expect(shiftBetween(shifts, '2025-09-15', '2025-12-15')).toBe(200);
  expect(shiftBetween(shifts, '2025-09-12', '2025-12-15')).toBe(380);
  expect(shiftBetween(shifts, '2025-12-15', '2025-12-16')).toBe(0);
});

it.each([
  ['the same contract', 'A', 'A', {}, false],
  ['another contract', 'A', 'B', {}, true],
  ['another contract with a known shift', 'A', 'B', { rollShifts: { '2025-11-18': 4 } }, false],
  ['another contract, to be merged raw', 'A', 'B', { unknownSpread: 'raw' }, false],
  ['no contract ids', null, 'B', {}, false],
])('cuts off earlier sessions: %s', (_name, before, after, parameters, expected) => {
  expect(
    isCutOff(member('2025-11-17', before), member('2025-11-18', after), config.parse(parameters)),
  ).toBe(expected);
});

it('refuses to merge nothing', () => {
  expect(() => mergeSessions([], es, c)).toThrow('a composite has a session');
});
