import { expect, it } from 'vitest';
import { findInstrument } from '#engine';
import {
  completeSession,
  type EarlierSessions,
  isOrdinary,
  isThin,
  priorOf,
  sessionShape,
  withOrdinary,
} from './completed-session.ts';
import { config } from './config.ts';
import { madeSession } from './made-session.ts';
import { describeSession, type SessionNumbers } from './volume-profile.ts';

const c = config.parse({});
const es = findInstrument('ES');
const none = { volumes: [], ranges: [], balances: [] };
const of = (more: Partial<SessionNumbers> = {}) =>
  describeSession(madeSession([1, 2, 3, 4, 5, 4, 3, 2, 1], more), c);

it('calls a profile of little volume insufficient once enough sessions are known', () => {
  const measured = describeSession(madeSession([1, 2, 3, 4, 5, 4, 3, 2, 1]), c);
  expect(sessionShape(measured, [1_000, 1_000, 1_000, 1_000], c).shape).toBe('D');
  expect(sessionShape(measured, [1_000, 1_000, 1_000, 1_000, 1_000], c)).toMatchObject({
    shape: 'insufficient',
    features: { rows: 9, pocPosition: 0.5 },
  });
  expect(sessionShape(measured, [], { ...c, shapeMinRows: 10 }).shape).toBe('insufficient');
});

it('needs a range extension and a close at an end for a trend', () => {
  const flat = madeSession([5, 5, 5, 5, 5, 6, 5, 5, 5, 5]);
  const shape = (more: Partial<SessionNumbers>): string =>
    sessionShape(describeSession({ ...flat, ...more }, c), [], c).shape;
  expect(shape({ balance: { low: 100, high: 102 } })).toBe('TREND');
  expect(shape({ balance: { low: 100, high: 102 }, close: 104 })).not.toBe('TREND');
  expect(shape({})).not.toBe('TREND');
  expect(shape({ balance: null })).toBe('TREND');
});

it('finds a session thin below half the median of enough earlier ones', () => {
  const earlier = [100, 90, 110, 500, 100];
  expect(isThin(49, earlier, c)).toBe(true);
  expect(isThin(50, earlier, c)).toBe(false);
  expect(isThin(1, earlier.slice(1), c)).toBe(false);
  expect(isThin(50, earlier, { ...c, thinShare: 0.6 })).toBe(true);
});

it('adds what the calendar says, and the contract where a roll rule is given', () => {
  expect(completeSession(of(), none, c, es)).toMatchObject({
    short: false,
    holiday: false,
    contract: null,
    shape: 'D',
  });
  expect(
    completeSession(of({ tradeDate: '2025-11-28' }), none, config.parse({ roll: 'by-date' }), es),
  ).toMatchObject({ short: true, holiday: false, contract: 'ESZ25' });
});

it('keeps of a completed session what later days refer to', () => {
  const prior = priorOf(completeSession(of(), none, c, es));
  expect(prior).toEqual({
    tradeDate: '2025-11-19',
    open: 100,
    high: 108,
    low: 100,
    close: 108,
    poc: 104,
    vah: 106,
    val: 102,
    shape: 'D',
    short: false,
    approximate: false,
    gap: false,
    contract: null,
  });
});

it.each([
  ['an ordinary session', {}, [], true],
  ['a half day', { tradeDate: '2025-11-28' }, [], false],
  ['a holiday', { tradeDate: '2025-09-01' }, [], false],
  ['a gap', { gap: true }, [], false],
  ['a thin session', {}, [100, 100, 100, 100, 100], false],
])('knows which sessions may stand for others: %s', (_name, more, volumes, expected) => {
  expect(isOrdinary(completeSession(of(more), none, c, es), volumes, c)).toBe(expected);
});

it.each([
  ['too few earlier sessions', {}, 4, '4 earlier ordinary sessions, 5 are needed'],
  ['a holiday', { tradeDate: '2025-09-01' }, 5, 'a holiday is no day of its own'],
  ['nothing traded in the first hour', { balance: null }, 5, 'no initial balance'],
])('says why there is no day type: %s', (_name, more, sessions, reason) => {
  const known = Array.from({ length: sessions }, () => 9);
  const earlier = { volumes: [], ranges: known, balances: known };
  expect(completeSession(of(more), earlier, c, es)).toMatchObject({
    dayType: null,
    dayTypeMissing: reason,
  });
});

it('reads the day type from the averages of earlier ordinary sessions', () => {
  let earlier: EarlierSessions = none;
  for (let i = 0; i < 6; i += 1)
    earlier = withOrdinary(earlier, completeSession(of(), earlier, c, es), c);
  expect(earlier.ranges).toEqual([8, 8, 8, 8, 8, 8]);
  const [balance, periods] = [
    { low: 100, high: 101 },
    [
      { low: 100, high: 101 },
      { low: 102, high: 108 },
    ],
  ];
  const session = completeSession(of({ balance, periods }), earlier, c, es);
  expect(session.dayTypeMissing).toBeNull();
  expect(session.dayType).toEqual({
    type: 'trend',
    extended: false,
    up: 7,
    down: 0,
    closePosition: 1,
    averageRange: 8,
    averageBalance: 8,
  });
  const unopened = completeSession(of({ balance: null }), earlier, c, es);
  expect(withOrdinary(earlier, unopened, c).balances).toHaveLength(6);
  expect(
    withOrdinary(earlier, unopened, config.parse({ baselineSessions: 5 })).ranges,
  ).toHaveLength(5);
});
