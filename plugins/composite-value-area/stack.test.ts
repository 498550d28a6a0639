import { describe, expect, it } from 'vitest';
import { driveNode, type NodeRun } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Stack {
  readonly asOf: string;
  readonly inForce: boolean;
  readonly composites: readonly {
    label: string;
    sessions: string[];
    state: string;
    val: number;
    vah: number;
    poc: number;
    override?: string;
  }[];
  readonly migration: string;
  readonly weak: boolean;
  readonly candidate: string | null;
  readonly archive: readonly Fields[];
  readonly stacks: readonly Fields[];
  readonly clusters: readonly Fields[];
  readonly records: readonly Fields[];
  readonly references: { readonly above: Fields | null; readonly below: Fields | null };
  readonly balance: Fields | null;
  readonly partial: boolean;
  readonly overlapMin: number | null;
}

// Trading days of the autumn of 2025, in order.
const dates = [
  ...['02', '03', '04', '05', '08', '09', '10', '11', '12', '15', '16', '17', '18', '19'].map(
    (day) => `2025-09-${day}`,
  ),
  ...['22', '23', '24', '25', '26', '29', '30'].map((day) => `2025-09-${day}`),
  ...['01', '02', '03', '06', '07', '08', '09', '10', '13', '14', '15'].map(
    (day) => `2025-10-${day}`,
  ),
];
const bell = [10, 30, 60, 30, 10];

function complete(run: NodeRun, tradeDate: string, lowTick: number, more: Fields = {}): void {
  run.day(tradeDate);
  run.event('16:00', 'completed', {
    tradeDate,
    low: lowTick / 4,
    close: lowTick / 4 + 0.5,
    volume: 140,
    rows: { low: lowTick / 4, volumes: bell, bidVolumes: [], askVolumes: [] },
    short: false,
    holiday: false,
    approximate: false,
    contract: null,
    ...more,
  });
}

/** A run of sessions whose five rows begin at these ticks. */
function runOf(lows: readonly number[], config: Fields = {}): NodeRun {
  const run = driveNode(plugin, { tradeDate: dates[0]!, config });
  lows.forEach((low, i) => complete(run, dates[i]!, low));
  expect(run.errors).toEqual([]);
  return run;
}

const stackOf = (run: NodeRun): Stack =>
  run.emits.filter((e) => e.port === 'stack').at(-1)!.payload as unknown as Stack;
const groupsOf = (run: NodeRun) =>
  stackOf(run).composites.map(({ label, sessions, state }) => [label, sessions.length, state]);
const areaOf = (run: NodeRun) => run.emits.filter((e) => e.port === 'area').at(-1)?.payload;

describe('composites by overlap', () => {
  it('stand beside the five days, labelled from the oldest, with their migration', () => {
    const run = runOf([20_000, 20_001, 20_040, 20_041, 20_040, 20_100]);
    expect(groupsOf(run)).toEqual([
      ['A', 2, 'frozen'],
      ['B', 3, 'frozen'],
      ['C', 1, 'building'],
    ]);
    expect(stackOf(run)).toMatchObject({
      asOf: dates[5],
      inForce: true,
      migration: 'up',
      weak: false,
      candidate: null,
      overlapMin: 0,
    });
    expect(areaOf(run)).toMatchObject({ sessions: dates.slice(1, 6) });
  });

  it('come back over the oldest: a failed migration', () => {
    const run = runOf([20_000, 20_000, 20_040, 20_040, 20_001]);
    expect(stackOf(run)).toMatchObject({ migration: 'failed-up', weak: false });
  });

  it('are written from the first session on, and gone after a roll with an unknown spread', () => {
    const run = driveNode(plugin, { tradeDate: '2025-12-10' });
    for (const date of ['2025-12-10', '2025-12-11'])
      complete(run, date, 20_000, { contract: 'ESZ25' });
    expect(stackOf(run)).toMatchObject({ inForce: false, migration: 'unknown' });
    expect(groupsOf(run)).toEqual([['A', 2, 'building']]);
    complete(run, '2025-12-12', 20_000, { contract: 'ESZ25' });
    expect(stackOf(run)).toMatchObject({ asOf: '2025-12-12', inForce: false, composites: [] });
    complete(run, '2025-12-15', 20_200, { contract: 'ESH26' });
    expect(groupsOf(run)).toEqual([['A', 1, 'building']]);
  });

  it('move with a known spread', () => {
    const run = driveNode(plugin, {
      tradeDate: '2025-12-09',
      config: { rollShifts: { '2025-12-15': 200 } },
    });
    complete(run, '2025-12-09', 19_900, { contract: 'ESZ25' });
    for (const date of ['2025-12-10', '2025-12-11', '2025-12-12'])
      complete(run, date, 20_000, { contract: 'ESZ25' });
    complete(run, '2025-12-15', 20_200, { contract: 'ESH26' });
    const { composites, balance, archive } = stackOf(run);
    expect(composites.map(({ poc, sessions }) => [poc, sessions.length])).toEqual([
      [20_102 / 4, 1],
      [20_202 / 4, 4],
    ]);
    expect(balance).toMatchObject({ poc: 20_202 / 4, low: 5050, high: 5051, sessions: 4 });
    expect(archive.at(-1)).toMatchObject({ day: { poc: 20_202 / 4 }, relation: 'unchanged' });
    expect(areaOf(run)).toMatchObject({ rollShiftTicks: 200 });
  });

  it('leave with the archive', () => {
    const run = runOf([20_000, 20_000, 20_100, 20_100, 20_200], { stackWindow: 3 });
    expect(groupsOf(run)).toEqual([
      ['A', 2, 'frozen'],
      ['B', 1, 'building'],
    ]);
  });
});

describe('mode merge', () => {
  it('makes the newest composite the area: partial until it has three sessions', () => {
    const run = runOf([20_000], { mode: 'merge' });
    expect(run.state).toBe('partial');
    for (const [i, low] of [20_001, 20_000, 20_060].entries()) complete(run, dates[i + 1]!, low);
    const areas = run.emits.filter((e) => e.port === 'area').map((e) => e.payload);
    expect(areas.map((a) => [(a['sessions'] as string[]).length, a['partial']])).toEqual([
      [1, true],
      [2, true],
      [3, false],
      [1, true],
    ]);
    const { composites } = stackOf(run);
    const { val, vah, poc } = composites.at(-1)!;
    expect(areaOf(run)).toMatchObject({ val, vah, poc });
  });

  it('follows an operator, and gives levels with the stack', () => {
    const run = runOf([20_000, 20_000, 20_001, 20_001], { mode: 'merge' });
    expect(run.state).toBe('merged');
    run.event('16:30', 'override', { action: 'split', tradeDate: dates[2], reason: 'moved' });
    expect(run.state).toBe('partial');
    expect(areaOf(run)).toMatchObject({ sessions: dates.slice(2, 4), partial: true });
    expect(stackOf(run).composites.map(({ override, state }) => [override, state])).toEqual([
      ['moved', 'frozen'],
      ['moved', 'building'],
    ]);
    run.event('16:31', 'override', { action: 'merge', tradeDate: dates[3], reason: 'no' });
    expect(run.state).toBe('merged');
    expect(groupsOf(run)).toEqual([['A', 4, 'building']]);
  });
});

it('of an operator may be written into the flow, and hold from the session after which they are asked for', () => {
  const lows = [20_000, 20_000, 20_001, 20_000];
  const split = { action: 'split', tradeDate: dates[2], reason: 'moved', after: dates[3] };
  const planned = (...overrides: object[]): NodeRun => runOf(lows, { overrides });
  expect(groupsOf(planned(split))).toEqual([
    ['A', 2, 'frozen'],
    ['B', 2, 'building'],
  ]);
  expect(stackOf(planned(split)).composites.at(-1)?.override).toBe('moved');
  // Another day, or refused: one session would stay before it.
  const whole = [['A', 4, 'building']];
  expect(groupsOf(planned({ ...split, after: dates[4] }))).toEqual(whole);
  expect(groupsOf(planned({ ...split, tradeDate: dates[1] }))).toEqual(whole);
  // One after the other.
  const back = { action: 'merge', tradeDate: dates[3], reason: 'one auction', after: dates[3] };
  expect(groupsOf(planned(split, back))).toEqual(whole);
});

it('says why an operator is refused', () => {
  const run = runOf([20_000, 20_000, 20_001]);
  run.event('16:30', 'override', { action: 'split', tradeDate: dates[1], reason: 'moved' });
  expect(groupsOf(run)).toEqual([['A', 3, 'building']]);
  const blocked = run.journal.at(-1)!.explain!.find((e) => e.transition === '(root):override:2')!;
  expect(blocked).toMatchObject({
    verdict: 'guard-blocked',
    leaves: [{ text: 'a split leaves two sessions before it', ok: false }],
  });
});

describe('the archive', () => {
  it('begins with the first composite and is partial below ten sessions', () => {
    const run = runOf(Array.from({ length: 11 }, () => 20_000));
    expect(stackOf(run)).toMatchObject({ partial: true, stacks: [], clusters: [] });
    expect(stackOf(run).archive.map((one) => one['tradeDate'])).toEqual(dates.slice(2, 11));
    complete(run, dates[11]!, 20_000);
    expect(stackOf(run).partial).toBe(false);
  });

  it('holds each session against the composite before it', () => {
    const run = runOf([20_000, 20_000, 20_000, 20_040], { pendingTicks: 0, pendingWidth: 0 });
    expect(stackOf(run).archive).toMatchObject([
      { relation: null, character: 'neutral' },
      { relation: 'higher', character: 'bullish-migration', day: { poc: 20_042 / 4 } },
    ]);
  });

  it('stacks what value has in common, and merges its records', () => {
    const lows = dates.map(() => 20_000);
    const run = runOf(lows, { stackTicks: 2, pendingTicks: 0 });
    const { stacks, clusters, archive, balance, records } = stackOf(run);
    expect(archive).toHaveLength(30);
    expect(stacks).toMatchObject([{ low: 20_002 / 4, high: 20_004 / 4, nEff: 32 / 5 }]);
    expect(clusters).toMatchObject([{ dates: 30, type: 'mixed', age: 0, tested: false }]);
    expect(balance).toMatchObject({ sessions: 32, low: 5000, high: 5001 });
    expect(records.map((record) => (record['sessions'] as string[]).length)).toContain(15);
  });

  it('needs independent sessions: ten neighbours share most of theirs', () => {
    const run = runOf(
      dates.slice(0, 12).map(() => 20_000),
      { stackTicks: 2 },
    );
    expect(stackOf(run).stacks).toHaveLength(1);
    const strict = runOf(
      dates.slice(0, 12).map(() => 20_000),
      { stackTicks: 2, stackMinNEff: 3 },
    );
    expect(stackOf(strict)).toMatchObject({ stacks: [], clusters: [], partial: false });
    expect(stackOf(strict).references).toEqual({ above: null, below: null });
  });

  it('refers to the nearest edges around the close', () => {
    const run = runOf(
      dates.slice(0, 14).map((_, i) => (i === 13 ? 20_300 : 20_000)),
      {
        stackTicks: 2,
      },
    );
    const { references } = stackOf(run);
    expect(references.above).toBeNull();
    expect(references.below).toMatchObject({ tested: false });
  });
});
