import { expect, it } from 'vitest';
import { describePlugin, driveNode, type NodeRun, scenario } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

function clock(seconds: number): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

const secondsOf = (time: string): number =>
  Number(time.slice(0, 2)) * 3_600 + Number(time.slice(3, 5)) * 60;

/** Trades every 50 seconds, so that no silence counts as a gap. */
function trade(run: NodeRun, from: string, to: string, price = 5000, every = 50): void {
  for (let at = secondsOf(from); at < secondsOf(to); at += every)
    run.trade(clock(at), price + (at % 7) * 0.25, 1 + (at % 3), at % 2 === 0 ? 'buy' : 'sell');
}

function ordinaryDay(run: NodeRun): void {
  trade(run, '09:30', '16:00', 5000, 500);
  run.to('17:30');
}

const payloads = (run: NodeRun, port: string) =>
  run.emits.filter((e) => e.port === port).map((e) => e.payload);

describePlugin(plugin, {
  cases: [
    { name: 'an ordinary day', tradeDate: '2025-11-19', drive: ordinaryDay },
    {
      name: 'a day without trades in regular hours',
      tradeDate: '2025-11-19',
      drive(run) {
        run.trade('08:00', 5000, 3);
        run.to('17:30');
      },
    },
    {
      name: 'a holiday, refused',
      tradeDate: '2025-09-01',
      config: { holidays: 'none' },
      drive(run) {
        run.trade('09:45', 5000, 3);
        run.to('17:30');
      },
    },
    {
      name: 'a holiday with a short session, then an ordinary day',
      tradeDate: '2025-09-01',
      drive(run) {
        run.trade('09:45', 5000, 3);
        run.to('13:30');
        run.day('2025-09-02');
        run.bar('09:31', {
          open: 5001,
          high: 5002,
          low: 5000,
          close: 5001.5,
          volume: 90,
          bidVolume: 40,
          askVolume: 30,
        });
        run.bar('09:32', { open: 5001, high: 5001, low: 5001, close: 5001, volume: 10 });
        run.to('16:30');
      },
    },
    {
      name: 'a naked point of control that is touched, and one that a roll makes worthless',
      tradeDate: '2025-12-11',
      config: { roll: 'by-date' },
      drive(run) {
        run.trade('10:00', 5000, 5);
        run.trade('15:00', 5010, 1);
        run.to('17:00');
        run.day('2025-12-12');
        run.trade('03:00', 5000, 1);
        run.trade('10:00', 5020, 5);
        run.to('17:00');
        run.day('2025-12-15');
        run.trade('03:00', 5060, 1);
      },
    },
  ],
});

it('walks through the states of a day', () => {
  scenario(
    plugin,
    `
    at     event                                        state                        emits
    08:00  -                                            awaitingOpen                 -
    09:30  -                                            building.initialBalanceOpen  -
    10:00  -                                            building.initialBalanceOpen  period index=0 letter=A high=null volume=0
    10:15  initialBalanceSet low=20000 high=20010       building.initialBalanceSet   -
    10:30  -                                            building.initialBalanceSet   period index=1 letter=B
    16:00  -                                            noData                       period index=2 letter=C
    17:59  -                                            noData                       -
  `,
  );
});

it('begins a new day at the evening open', () => {
  const run = driveNode(plugin, { tradeDate: '2025-11-19' });
  ordinaryDay(run);
  expect(run.state).toBe('completed');
  run.day('2025-11-20');
  run.to('18:00:01');
  expect(run.state).toBe('awaitingOpen');
  expect(run.view('developing')).toEqual([]);
});

it('gives the vector V7: TPO value area, initial balance and tails', () => {
  const run = driveNode(plugin, { tradeDate: '2025-11-19' });
  const ranges = [
    [5000, 5002],
    [5001, 5002.5],
    [5001.75, 5003.5],
    [5002, 5003],
    [5001.5, 5002.75],
    [5001.75, 5002.5],
  ];
  ranges.forEach(([low, high], i) => {
    const at = secondsOf('09:30') + i * 1_800;
    run.trade(clock(at), low!, 1);
    run.trade(clock(at + 60), high!, 1);
  });
  run.to('16:30');
  const [profile] = payloads(run, 'completed');
  expect(profile).toMatchObject({
    tpo: { poc: 5002, val: 5001.5, vah: 5003, total: 39, low: 5000 },
    initialBalance: { low: 5000, high: 5002.5 },
    buyingTail: { low: 5000, high: 5000.75, confirmed: true },
    sellingTail: { low: 5003.25, high: 5003.5, confirmed: true },
    poorHigh: false,
    poorLow: false,
    gap: true,
  });
  expect((profile!['tpo'] as { letters: string[] }).letters[8]).toBe('ABCDEF');
});

it('emits one period per half hour, with nulls where nothing traded', () => {
  const run = driveNode(plugin, { tradeDate: '2025-11-19' });
  run.trade('09:29:59', 4000, 1);
  run.trade('09:30', 5000, 2);
  run.trade('09:59:59.999999', 5001, 3);
  run.trade('11:00', 5003, 4);
  run.to('16:00');
  const periods = payloads(run, 'period');
  expect(periods.map((p) => p['letter']).join('')).toBe('ABCDEFGHIJKLM');
  expect(periods[0]).toMatchObject({ open: 5000, high: 5001, low: 5000, close: 5001, volume: 5 });
  expect(periods[1]).toMatchObject({ open: null, high: null, low: null, close: null, volume: 0 });
  expect(periods[3]).toMatchObject({
    open: 5003,
    close: 5003,
    volume: 4,
    start: run.at('11:00'),
    end: run.at('11:30'),
  });
});

it('counts a trade at the end of a session to the hours after it', () => {
  const run = driveNode(plugin, { tradeDate: '2025-11-19' });
  run.trade('15:59:59.999999', 5000, 2);
  run.trade('16:00', 5010, 7);
  run.to('16:30');
  expect(payloads(run, 'completed')[0]).toMatchObject({
    high: 5000,
    close: 5000,
    volume: 2,
    poc: 5000,
    vah: 5000,
    val: 5000,
    shape: 'insufficient',
  });
});

it('has seven periods and an initial balance of an hour on a half day', () => {
  const run = driveNode(plugin, { tradeDate: '2025-11-28' });
  trade(run, '09:30', '13:00');
  run.to('13:30');
  expect(payloads(run, 'period')).toHaveLength(7);
  expect(payloads(run, 'completed')[0]).toMatchObject({
    short: true,
    holiday: false,
    gap: false,
    initialBalance: { low: 5000, high: 5001.5 },
  });
  expect(payloads(run, 'prior')).toHaveLength(1);
});

it('ends a holiday session that closes with the market, and never makes it the prior session', () => {
  const run = driveNode(plugin, { tradeDate: '2013-09-02' });
  trade(run, '09:30', '11:30', 1640);
  run.to('11:30');
  expect(run.state).toBe('completed');
  expect(payloads(run, 'completed')[0]).toMatchObject({ short: true, holiday: true, gap: false });
  expect(payloads(run, 'period')).toHaveLength(4);
  expect(payloads(run, 'prior')).toEqual([]);
});

it('makes a holiday the prior session when told to', () => {
  const run = driveNode(plugin, { tradeDate: '2013-09-02', config: { skipHolidays: false } });
  trade(run, '09:30', '11:30', 1640);
  run.to('11:30');
  expect(payloads(run, 'prior')).toHaveLength(1);
});

it.each([
  ['no silence', (run: NodeRun) => trade(run, '09:30', '16:00'), false],
  ['data that begins a minute late', (run: NodeRun) => trade(run, '09:31', '16:00'), true],
  ['data that ends early', (run: NodeRun) => trade(run, '09:30', '15:00'), true],
  [
    'a minute without a trade inside',
    (run: NodeRun) => (trade(run, '09:30', '12:00'), trade(run, '12:01', '16:00')),
    true,
  ],
])('flags a gap: %s', (_name, drive, gap) => {
  const run = driveNode(plugin, { tradeDate: '2025-11-19' });
  drive(run);
  run.to('16:30');
  expect(payloads(run, 'completed')[0]).toMatchObject({ gap });
});

it('does not take a halt for a gap', () => {
  const run = driveNode(plugin, { tradeDate: '2020-03-16' });
  run.trade('09:30', 2500, 5);
  run.trade('09:45:01', 2490, 5);
  trade(run, '09:46', '16:00', 2480);
  run.to('16:10');
  expect(payloads(run, 'completed')[0]).toMatchObject({ open: 2500, gap: false });
});

it('takes off the length of a bar before it calls a silence a gap', () => {
  const run = driveNode(plugin, { tradeDate: '2025-11-19' });
  const bar = { open: 5000, high: 5001, low: 5000, close: 5000.5, volume: 10 };
  for (let at = secondsOf('09:35'); at <= secondsOf('16:00'); at += 300) run.bar(clock(at), bar);
  run.to('16:30');
  run.day('2025-11-20');
  for (let at = secondsOf('09:35'); at <= secondsOf('16:00'); at += 300)
    if (at !== secondsOf('12:00')) run.bar(clock(at), bar);
  run.to('16:30');
  expect(payloads(run, 'completed').map((p) => p['gap'])).toEqual([false, true]);
  expect(run.probe('longestSilence')).toMatchObject({
    value: 300_000_000,
    needed: 60_000_000,
    unit: 'us',
  });
});

it('spreads a bar over its range, each side apart, and says that its levels are estimates', () => {
  const run = driveNode(plugin, { tradeDate: '2025-11-19' });
  run.bar('09:31', {
    open: 5000,
    high: 5000.5,
    low: 5000,
    close: 5000.25,
    volume: 12,
    bidVolume: 3,
    askVolume: 6,
  });
  run.to('16:30');
  expect(payloads(run, 'completed')[0]).toMatchObject({
    rows: { low: 5000, volumes: [4, 4, 4], bidVolumes: [1, 1, 1], askVolumes: [2, 2, 2] },
    open: 5000,
    close: 5000.25,
    approximate: true,
    unknownShare: 0.25,
    inferredShare: 0,
  });
});

it('reads bars without a known split as volume without a side', () => {
  const run = driveNode(plugin, { tradeDate: '2025-11-19' });
  run.bar('09:31', { open: 5000, high: 5000, low: 5000, close: 5000, volume: 8 });
  run.bar('09:32', { open: 5001, high: 5001, low: 5001, close: 5001, volume: 0 });
  run.to('16:30');
  expect(payloads(run, 'completed')[0]).toMatchObject({ high: 5000, volume: 8, unknownShare: 1 });
});

it('keeps the share of inferred sides, and the volume that the threshold needs', () => {
  const run = driveNode(plugin, { tradeDate: '2025-11-19', config: { minVolumeContracts: 100 } });
  run.trade('10:00', 5000, 20, 'buy');
  run.trade('10:01', 5000.25, 60, 'none');
  run.to('16:30');
  expect(run.state).toBe('noData');
  expect(run.view('developing')[0]).toMatchObject({
    volume: 80,
    inferredShare: 0.75,
    unknownShare: 0,
  });
  expect(run.probe('sessionVolume')).toMatchObject({ value: 80, needed: 100, unit: 'contract' });
});

it('publishes the developing profile and the way of its point of control between two closes', () => {
  const run = driveNode(plugin, { tradeDate: '2025-11-19' });
  expect(run.view('developing')).toEqual([]);
  run.trade('09:31', 5000, 5);
  run.trade('09:32', 5001, 4);
  run.to('10:00');
  expect(run.view('developing')[0]).toMatchObject({
    poc: 5000,
    pocMoveTicks: 0,
    initialBalance: null,
    last: 5001,
  });
  run.trade('10:10', 5001, 4);
  run.to('10:30');
  const [row] = run.view('developing');
  expect(row).toMatchObject({
    poc: 5001,
    pocMoveTicks: 4,
    initialBalance: { low: 5000, high: 5001 },
    volume: 13,
  });
  expect(row!['mean']).toBeCloseTo(5000 + 8 / 13, 9);
  expect(run.emits.filter((e) => e.port === 'developing').at(-1)!.payload).toEqual(row);
});

it('names the contract by the roll rule, and none for a raw series', () => {
  const contractOf = (roll: string, tradeDate: string): unknown => {
    const run = driveNode(plugin, { tradeDate, config: { roll } });
    run.trade('10:00', 5000, 1);
    run.to('16:30');
    return payloads(run, 'completed')[0]!['contract'];
  };
  expect(contractOf('raw', '2025-12-15')).toBeNull();
  expect(contractOf('by-date', '2025-12-12')).toBe('ESZ25');
  expect(contractOf('by-date', '2025-12-15')).toBe('ESH26');
  expect(contractOf('thursday8', '2025-12-11')).toBe('ESH26');
});

it('calls a session with a small part of the average volume insufficient', () => {
  const run = driveNode(plugin, { tradeDate: '2025-11-10', config: { minSessions: 2 } });
  for (const date of ['2025-11-10', '2025-11-12', '2025-11-13']) {
    run.day(date);
    trade(run, '09:30', '16:00');
    for (let tick = 0; tick < 10; tick += 1)
      run.trade('15:59:59', 5000 + tick * 0.25, date === '2025-11-13' ? 1 : 100_000);
    run.to('16:30');
  }
  expect(payloads(run, 'completed').map((p) => p['shape'] === 'insufficient')).toEqual([
    false,
    false,
    true,
  ]);
  expect(run.context['volumes']).toHaveLength(2);
});

it('keeps how value developed, and what traded after the initial balance', () => {
  const run = driveNode(plugin, { tradeDate: '2025-11-19' });
  run.trade('10:00', 5000, 8);
  run.trade('10:20', 5001, 4);
  run.trade('11:10', 5002, 9);
  run.trade('11:40', 5003, 2);
  run.to('16:00');
  const [session] = payloads(run, 'completed');
  const development = session!['development'] as { index: number; poc: number }[];
  expect(development.map(({ index, poc }) => [index, poc]).slice(0, 3)).toEqual([
    [1, 5000],
    [2, 5000],
    [3, 5002],
  ]);
  expect(development.at(-1)).toEqual({
    index: 12,
    poc: session!['poc'],
    vah: session!['vah'],
    val: session!['val'],
  });
  expect(session).toMatchObject({
    afterInitialBalance: { poc: 5002, vah: 5002, val: 5002, volume: 11 },
    rotationFactor: 2,
    framing: { up: false, steps: 12 },
    dayType: null,
    dayTypeMissing: '0 earlier ordinary sessions, 5 are needed',
  });
});

it('has nothing after the initial balance where nothing traded then', () => {
  const run = driveNode(plugin, { tradeDate: '2025-11-19' });
  run.trade('10:00', 5000, 8);
  run.to('16:00');
  expect(payloads(run, 'completed')[0]).toMatchObject({ afterInitialBalance: null });
});
