import { describe, expect, it } from 'vitest';
import { packNumbers, unpackNumbers } from '#engine';
import { driveNode, type NodeRun } from '#engine/testing.ts';
import { moveSession } from './auctions.ts';
import { withAuctions } from './migrate.ts';
import { plugin } from './plugin.ts';
import { slot } from './slots.ts';

type Row = Readonly<Record<string, unknown>>;
const tradeDate = '2025-11-19';
const [rth, halt] = [1, 3];
const drive = (): NodeRun =>
  driveNode(plugin, { tradeDate, config: { barType: 'time', minutes: 1 } });
const told = (run: NodeRun): Row[] => {
  expect(run.errors).toEqual([]);
  return run.emits.filter(({ port }) => port === 'auction').map(({ payload }) => payload);
};
const ofSwings = (run: NodeRun): Row[] => told(run).filter(({ of }) => of === 'swing');

/** One bar: sellers and buyers at its low and at its high. */
function bar(
  run: NodeRun,
  at: string,
  [low, bidLow, askLow]: readonly [number, number, number],
  [high, bidHigh, askHigh]: readonly [number, number, number],
): void {
  for (const [price, bid, ask] of [
    [low, bidLow, askLow],
    [high, bidHigh, askHigh],
  ] as const) {
    if (bid > 0) run.trade(`${at}:10`, price, bid, 'sell');
    if (ask > 0) run.trade(`${at}:20`, price, ask, 'buy');
  }
}

/** Five bars with a swing high in the third: `bid` sellers and `ask` buyers at 5004. */
function swingHigh(run: NodeRun, bid: number, ask: number): void {
  bar(run, '10:00', [4999, 3, 0], [5001, 0, 3]);
  bar(run, '10:01', [4999, 3, 0], [5002, 0, 3]);
  bar(run, '10:02', [5000, 3, 0], [5004, bid, ask]);
  bar(run, '10:03', [5000, 3, 0], [5003, 0, 3]);
  bar(run, '10:04', [5000, 3, 0], [5002, 0, 3]);
}

describe('the end of an auction at a swing', () => {
  it('is unfinished where both sides traded, known two bars later and repaired when price is back', () => {
    const run = drive();
    swingHigh(run, 4, 7);
    expect(ofSwings(run)).toEqual([]);
    run.to('10:05');
    const end = { of: 'swing', end: 'high', price: 5004, bid: 4, ask: 7, tradeDate };
    const since = run.at('10:03');
    expect(ofSwings(run)).toEqual([{ ...end, status: 'unfinished', since }]);
    bar(run, '10:05', [5000, 3, 0], [5003.75, 0, 3]);
    run.to('10:06');
    expect(ofSwings(run)).toHaveLength(1);
    bar(run, '10:06', [5000, 3, 0], [5004, 0, 3]);
    run.to('10:08');
    expect(ofSwings(run).slice(1)).toEqual([{ ...end, status: 'repaired', since }]);
    bar(run, '10:08', [5000, 3, 0], [5006, 0, 3]);
    run.to('10:09');
    expect(ofSwings(run)).toHaveLength(2);
  });

  it('is finished with a zero print: nothing is told', () => {
    const run = drive();
    swingHigh(run, 0, 7);
    run.to('10:05');
    expect(ofSwings(run)).toEqual([]);
    const zeros = run.emits.filter((e) => e.port === 'bar').map((e) => e.payload['zeroHigh']);
    expect(zeros).toEqual([true, true, true, true, true]);
  });

  it('lies at the low as well', () => {
    const run = drive();
    bar(run, '10:00', [4999, 3, 0], [5001, 0, 3]);
    bar(run, '10:01', [4998, 3, 0], [5001, 0, 3]);
    bar(run, '10:02', [4997, 3, 5], [5001, 0, 3]);
    bar(run, '10:03', [4998, 3, 0], [5001, 0, 3]);
    bar(run, '10:04', [4999, 3, 0], [5001, 0, 3]);
    run.to('10:05');
    expect(ofSwings(run)).toMatchObject([
      { status: 'unfinished', end: 'low', price: 4997, bid: 3, ask: 5 },
    ]);
  });

  it('is not looked for across two days', () => {
    const run = drive();
    bar(run, '16:55', [4999, 3, 0], [5001, 0, 3]);
    bar(run, '16:57', [4999, 3, 0], [5004, 4, 4]);
    run.day('2025-11-20');
    bar(run, '18:01', [4999, 3, 0], [5001, 0, 3]);
    bar(run, '18:02', [4999, 3, 0], [5001, 0, 3]);
    run.to('18:04');
    expect(ofSwings(run)).toEqual([]);
  });
});

describe('the end of an auction of a session', () => {
  const ofSession = (run: NodeRun): Row[] => told(run).filter(({ of }) => of === 'session');

  it('sums the rows of all bars at the extreme, and is known when the session is over', () => {
    const run = drive();
    bar(run, '10:00', [5000, 0, 2], [5003, 0, 5]);
    bar(run, '11:00', [5000, 2, 0], [5002, 0, 5]);
    bar(run, '12:00', [5001, 0, 2], [5003, 6, 0]);
    run.to('15:59:59');
    expect(ofSession(run)).toEqual([]);
    run.to('16:00');
    expect(ofSession(run)).toEqual([
      {
        ...{ status: 'unfinished', of: 'session', end: 'high', price: 5003, bid: 6, ask: 5 },
        since: run.at('12:01'),
        tradeDate,
      },
      {
        ...{ status: 'unfinished', of: 'session', end: 'low', price: 5000, bid: 2, ask: 2 },
        since: run.at('11:01'),
        tradeDate,
      },
    ]);
  });

  it('of the night is repaired in regular hours, and none is told of a session that did not trade', () => {
    const run = drive();
    bar(run, '03:00', [4990, 4, 4], [5003, 0, 5]);
    run.to('09:30');
    expect(ofSession(run)).toMatchObject([{ end: 'low', price: 4990, status: 'unfinished' }]);
    bar(run, '09:31', [4989, 4, 0], [5000, 0, 5]);
    run.to('09:33');
    expect(ofSession(run).at(-1)).toMatchObject({ end: 'low', price: 4990, status: 'repaired' });
    const quiet = drive();
    quiet.to('16:30');
    expect(told(quiet)).toEqual([]);
  });

  it('goes on through a halt', () => {
    const run = drive();
    bar(run, '10:00', [5000, 0, 2], [5003, 5, 5]);
    run.to('10:02');
    const slots = run.task.nodes[0]!.slots!;
    const ends: unknown[] = [];
    const tell = (_port: string, payload: object): unknown => ends.push(payload);
    moveSession(slots, halt, halt, tell);
    moveSession(slots, rth, halt, tell);
    expect(ends).toEqual([]);
    moveSession(slots, rth + 1, halt, tell);
    expect(ends).toMatchObject([{ of: 'session', end: 'high' }]);
  });
});

it('of the ends that stay unfinished the newest 32 are kept', () => {
  const run = drive();
  for (let i = 0; i < 160; i += 1) {
    const [h, m] = [10 + Math.floor(i / 30), (i % 30) * 2];
    const at = `${h}:${String(m).padStart(2, '0')}`;
    // Every fourth bar is a swing high, each lower than the one before.
    bar(run, at, [4900, 3, 0], [(i % 4 === 2 ? 5000 : 4950) - i / 4, 3, 3]);
  }
  run.to('15:30');
  const open = ofSwings(run).filter(({ end, status }) => end === 'high' && status !== 'repaired');
  expect(open).toHaveLength(39);
  bar(run, '15:40', [4899, 3, 0], [5000, 3, 0]);
  run.to('15:50');
  expect(
    ofSwings(run).filter(({ status, end }) => status === 'repaired' && end === 'high'),
  ).toEqual(open.slice(-32).map((one) => ({ ...one, status: 'repaired' })));
});

it('a snapshot of 1.1 goes on with nothing seen of auctions and no drive', () => {
  const f = new Float64Array(slot.session).fill(1);
  const old = {
    plugin: 'footprint',
    version: '1.1.0',
    machineHash: '',
    timers: [],
    machine: { context: { zones: [], levels: [] } },
    sensor: { f: packNumbers(f), a: { level: 'kept' }, l: [] },
  };
  const { sensor, machine } = withAuctions(old);
  expect(machine?.['context']).toEqual({ zones: [], levels: [], drive: null });
  const now = unpackNumbers(String(sensor?.['f']));
  expect([now[slot.volume], now[slot.session], now[slot.openEnds]]).toEqual([1, 1, 0]);
  expect(now[slot.sessionHigh]).toBe(Number.NEGATIVE_INFINITY);
  const slots = drive().task.nodes[0]!.slots!;
  expect(now).toHaveLength(slots.f.length);
  const arrays = sensor?.['a'] as Record<string, string>;
  expect(Object.keys(arrays).sort()).toEqual(Object.keys(slots.a).sort());
  for (const [name, array] of Object.entries(slots.a))
    if (name !== 'level') expect(unpackNumbers(arrays[name]!)).toHaveLength(array.length);
});
