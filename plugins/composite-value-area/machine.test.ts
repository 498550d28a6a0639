import { expect, it } from 'vitest';
import { describePlugin, driveNode, type NodeRun, scenario } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

type Fields = Readonly<Record<string, unknown>>;

const unread = {
  open: 0,
  high: 0,
  close: 0,
  poc: 0,
  vah: 0,
  val: 0,
  one: { vah: 0, val: 0 },
  initialBalance: null,
  shape: 'D',
  features: { rows: 0, peakRatio: 0, pocPosition: 0, lowerShare: 0, middleShare: 0, upperShare: 0 },
  tpo: { poc: 0, vah: 0, val: 0, total: 0, low: 0, rowTicks: 1, letters: [] },
  hvn: [],
  lvn: [],
  singlePrints: [],
  buyingTail: null,
  sellingTail: null,
  poorHigh: false,
  poorLow: false,
  gap: false,
  unknownShare: 0,
  inferredShare: 0,
};

/** A completed session whose rows begin at a tick; what the plugin does not read is left empty. */
function complete(
  run: NodeRun,
  tradeDate: string,
  lowTick: number,
  volumes: readonly number[],
  more: Fields = {},
): void {
  run.day(tradeDate);
  const low = lowTick * 0.25;
  run.event('16:00', 'completed', {
    ...unread,
    tradeDate,
    low,
    volume: volumes.reduce((sum, v) => sum + v, 0),
    rows: { low, volumes, bidVolumes: [], askVolumes: [] },
    short: false,
    holiday: false,
    approximate: false,
    contract: null,
    ...more,
  });
}

const days = [
  '2025-11-10',
  '2025-11-11',
  '2025-11-12',
  '2025-11-13',
  '2025-11-14',
  '2025-11-17',
  '2025-11-18',
];
const rows = [10, 30, 60, 30, 10];

function completeAll(run: NodeRun, dates: readonly string[], more: Fields = {}): void {
  for (const date of dates) complete(run, date, 20_000, rows, more);
}

const payloads = (run: NodeRun, port: string) =>
  run.emits.filter((e) => e.port === port).map((e) => e.payload);

/** An operator's wish after the close. */
function ask(run: NodeRun, action: string, tradeDate: string): void {
  run.event('16:30', 'override', { action, tradeDate, reason: 'one auction' });
}

describePlugin(plugin, {
  cases: [
    {
      name: 'building, partial, merged, and a session that comes twice',
      tradeDate: days[0]!,
      drive(run) {
        completeAll(run, days);
        completeAll(run, [days[6]!]);
      },
    },
    {
      name: 'half days and holidays left out',
      tradeDate: days[0]!,
      config: { includeShort: false, includeHolidays: false },
      drive(run) {
        completeAll(run, days.slice(0, 3));
        completeAll(run, [days[3]!], { short: true, holiday: true });
      },
    },
    {
      name: 'a roll that the calendar knows, with and without a composite in force',
      tradeDate: '2025-12-10',
      config: { minSessions: 2 },
      drive(run) {
        completeAll(run, ['2025-12-10', '2025-12-11', '2025-12-12'], { contract: 'ESZ25' });
        completeAll(run, ['2026-03-13'], { contract: 'ESH26' });
      },
    },
    {
      name: 'a contract that changes unannounced',
      tradeDate: days[0]!,
      config: { minSessions: 2 },
      drive(run) {
        completeAll(run, days.slice(0, 2), { contract: 'A' });
        completeAll(run, days.slice(2, 3), { contract: 'B' });
      },
    },
    {
      name: 'an operator splits and merges, and is refused',
      tradeDate: days[0]!,
      drive(run) {
        completeAll(run, days.slice(0, 4));
        ask(run, 'split', days[1]!);
        ask(run, 'split', days[2]!);
        ask(run, 'merge', days[3]!);
      },
    },
    {
      name: 'an operator changes the composite that the area is',
      tradeDate: days[0]!,
      config: { mode: 'merge' },
      drive(run) {
        completeAll(run, days.slice(0, 4));
        ask(run, 'split', days[2]!);
        ask(run, 'merge', days[2]!);
      },
    },
  ],
});

it('merges volume, never averages value areas: the vector V8', () => {
  scenario(
    plugin,
    `
    at        event                                                                                                                                                                     state     emits
    09:00     completed tradeDate=2025-11-17 volume=140 contract=null short=false holiday=false approximate=false rows={"low":100,"volumes":[10,30,60,30,10]} close=102                      building  stack inForce=false partial=true overlapMin=null migration=unknown
    09:00:01  completed tradeDate=2025-11-18 volume=200 contract=null short=false holiday=false approximate=false rows={"low":103,"volumes":[10,20,40,80,30,20]} close=106                   building  stack inForce=false
    09:00:02  completed tradeDate=2025-11-19 volume=160 contract=null short=false holiday=false approximate=true rows={"low":106,"volumes":[20,70,40,20,10]} close=108                     partial   area poc=106 vah=108 val=102 one={"vah":108,"val":103} low=100 high=110 volume=500 widthTicks=6 partial=true approximate=true
    09:00:03  completed tradeDate=2025-11-19 volume=9 contract=null short=false holiday=false approximate=false rows={"low":900,"volumes":[9]} close=900                                  partial   -
  `,
  );
});

it('takes the last five completed sessions and says so level by level', () => {
  const run = driveNode(plugin, { tradeDate: days[0]! });
  completeAll(run, days);
  expect(
    payloads(run, 'area').map((a) => [(a['sessions'] as string[]).length, a['partial']]),
  ).toEqual([
    [3, true],
    [4, true],
    [5, false],
    [5, false],
    [5, false],
  ]);
  expect(payloads(run, 'area').at(-1)).toMatchObject({
    asOf: days[6],
    sessions: days.slice(2),
    volume: 700,
    inForce: true,
    poc: 5000.5,
    vah: 5001,
    val: 5000.5,
    widthTicks: 2,
  });
  expect(payloads(run, 'level').slice(-3)).toEqual([
    { kind: 'vah', price: 5001, sessions: 5, partial: false, inForce: true },
    { kind: 'val', price: 5000.5, sessions: 5, partial: false, inForce: true },
    { kind: 'poc', price: 5000.5, sessions: 5, partial: false, inForce: true },
  ]);
  expect(run.state).toBe('merged');
});

it('says how many sessions are missing', () => {
  const run = driveNode(plugin, { tradeDate: days[0]! });
  completeAll(run, days.slice(0, 1));
  const blocked = run.journal.at(-1)!.explain!.find((c) => c.transition === '(root):completed:5')!;
  expect(blocked).toMatchObject({
    verdict: 'guard-blocked',
    leaves: [{ left: 1, op: '>=', right: 3, margin: -2, unit: 'count' }],
  });
});

it('counts half days and holidays by default', () => {
  const run = driveNode(plugin, { tradeDate: days[0]! });
  completeAll(run, days.slice(0, 3), { short: true, holiday: true });
  expect(run.state).toBe('partial');
});

it('leaves out half days alone when told to', () => {
  const run = driveNode(plugin, { tradeDate: days[0]!, config: { includeShort: false } });
  completeAll(run, days.slice(0, 3), { short: true, holiday: true });
  completeAll(run, days.slice(3, 5), { short: true });
  expect(payloads(run, 'area').at(-1)).toMatchObject({ sessions: days.slice(0, 3) });
});

const rollWeek = [
  '2025-12-10',
  '2025-12-11',
  '2025-12-12',
  '2025-12-15',
  '2025-12-16',
  '2025-12-17',
];

it('merges a series without contract ids as it is, and says that a roll lies inside', () => {
  const run = driveNode(plugin, { tradeDate: rollWeek[0]! });
  completeAll(run, ['2025-12-09', ...rollWeek]);
  expect(
    payloads(run, 'area').map((a) => [a['asOf'], a['rollUnadjusted'], a['rollShiftTicks']]),
  ).toEqual([
    ['2025-12-11', false, 0],
    ['2025-12-12', true, 0],
    ['2025-12-15', true, 0],
    ['2025-12-16', true, 0],
    ['2025-12-17', true, 0],
  ]);
});

it('carries the old contract over by a known shift, from the evening before the roll on', () => {
  const run = driveNode(plugin, {
    tradeDate: rollWeek[0]!,
    config: { rollShifts: { '2025-12-15': 200 } },
  });
  completeAll(run, rollWeek.slice(0, 3), { contract: 'ESZ25' });
  expect(payloads(run, 'area').at(-1)).toMatchObject({
    poc: 5050.5,
    rollShiftTicks: 200,
    rollUnadjusted: false,
    inForce: true,
  });
  complete(run, rollWeek[3]!, 20_200, rows, { contract: 'ESH26' });
  expect(payloads(run, 'area').at(-1)).toMatchObject({
    poc: 5050.5,
    low: 5050,
    high: 5051,
    sessions: rollWeek.slice(0, 4),
    rollShiftTicks: 200,
  });
});

it('takes a shift that is dated a session off the roll of the calendar', () => {
  const run = driveNode(plugin, {
    tradeDate: rollWeek[0]!,
    config: { rollShifts: { '2025-12-14': 200 } },
  });
  completeAll(run, rollWeek.slice(0, 3));
  expect(payloads(run, 'area').at(-1)).toMatchObject({
    rollShiftTicks: 200,
    rollUnadjusted: false,
  });
});

it('begins anew at a roll with an unknown spread, and takes its levels out of force before the first session of the new contract', () => {
  const run = driveNode(plugin, { tradeDate: rollWeek[0]! });
  completeAll(run, rollWeek.slice(0, 3), { contract: 'ESZ25' });
  expect(run.state).toBe('building');
  expect(payloads(run, 'area')).toEqual([]);
  completeAll(run, rollWeek.slice(3), { contract: 'ESH26' });
  expect(payloads(run, 'area').at(-1)).toMatchObject({
    sessions: rollWeek.slice(3),
    partial: true,
    rollUnadjusted: false,
  });
});

it('marks the last composite of a contract as no longer in force', () => {
  const run = driveNode(plugin, { tradeDate: '2025-12-09' });
  completeAll(run, ['2025-12-09', ...rollWeek.slice(0, 3)], { contract: 'ESZ25' });
  expect(payloads(run, 'area').map((a) => a['inForce'])).toEqual([true, false]);
  expect(
    payloads(run, 'level')
      .slice(-3)
      .map((l) => l['inForce']),
  ).toEqual([false, false, false]);
});

it('merges contracts raw when told to, and says so', () => {
  const run = driveNode(plugin, { tradeDate: '2025-12-09', config: { unknownSpread: 'raw' } });
  completeAll(run, ['2025-12-09', ...rollWeek.slice(0, 3)], { contract: 'ESZ25' });
  completeAll(run, rollWeek.slice(3), { contract: 'ESH26' });
  expect(payloads(run, 'area').at(-1)).toMatchObject({ rollUnadjusted: true, inForce: true });
});

it('knows no roll for an instrument that does not expire', () => {
  const run = driveNode(plugin, { tradeDate: '2025-12-09', instrument: 'SPY' });
  completeAll(run, ['2025-12-09', ...rollWeek]);
  expect(payloads(run, 'area').every((a) => a['rollUnadjusted'] === false)).toBe(true);
});
