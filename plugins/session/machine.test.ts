import { expect, it } from 'vitest';
import { describePlugin, driveNode, type NodeRun, scenario } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

const secondsOf = (time: string): number =>
  Number(time.slice(0, 2)) * 3_600 + Number(time.slice(3, 5)) * 60 + Number(time.slice(6, 8) || 0);

function clock(seconds: number): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Trades every 50 seconds, so that no silence counts as a gap. */
function trade(run: NodeRun, from: string, to: string, size = 1, every = 50): void {
  for (let at = secondsOf(from); at < secondsOf(to); at += every) run.trade(clock(at), 5000, size);
}

const rows = (run: NodeRun) => run.emits.map((e) => e.payload);
const phases = (run: NodeRun) => rows(run).map((row) => row['phase']);

/** Full sessions of one volume each, without the silence that would make them gaps. */
function sessions(run: NodeRun, volumes: Readonly<Record<string, number>>): void {
  for (const [date, volume] of Object.entries(volumes)) {
    run.day(date);
    trade(run, '09:30', '16:00');
    run.trade('15:59:59', 5000, volume - 468);
    run.to('16:30');
  }
}

const week = {
  '2025-11-03': 10_000,
  '2025-11-04': 12_000,
  '2025-11-05': 8_000,
  '2025-11-06': 10_000,
  '2025-11-07': 11_000,
};

describePlugin(plugin, {
  cases: [
    {
      name: 'a day with a halt after regular hours',
      tradeDate: '2013-09-03',
      drive(run) {
        trade(run, '09:30', '09:40');
        run.to('17:30');
      },
    },
    {
      name: 'thin and ordinary sessions of bars',
      tradeDate: '2025-11-03',
      config: { minSessions: 1, gapSeconds: 3_600 },
      drive(run) {
        for (const [date, volume] of Object.entries({ '2025-11-03': 900, '2025-11-04': 100 })) {
          run.day(date);
          for (let at = secondsOf('10:00'); at <= secondsOf('16:00'); at += 1_800)
            run.bar(clock(at), { open: 5000, high: 5001, low: 4999, close: 5000, volume });
          run.to('17:30');
        }
      },
    },
  ],
});

it('follows the clock through a day, and comes back from a halt to the phase of the clock', () => {
  scenario(
    plugin,
    `
    at        event                                       state       emits
    18:00     -                                           overnight   phase phase=overnight tradeDate=2025-11-19 short=false holiday=false gap=false thin=false contract=ESZ25 rolled=false
    09:00     -                                           preOpen     phase phase=pre-open
    09:30     -                                           rthOpening  phase phase=rth-opening gap=false
    09:31     -                                           rthOpening  -
    09:45     gapFound tradeDate=2025-11-19 silence=60    rthOpening  phase phase=rth-opening gap=true
    10:30     -                                           rthMain     phase phase=rth-main gap=true
    11:00     halted tradeDate=2025-11-19 since=5         halt        phase phase=halt since=5 gap=true
    11:15     rthMainBegan tradeDate=2025-11-19 since=6   rthMain     phase phase=rth-main since=6
    15:30     -                                           rthClosing  phase phase=rth-closing
    16:00     -                                           postRth     phase gap=true thin=false
    17:00     -                                           closed      phase phase=closed tradeDate=2025-11-19
    17:30     -                                           closed      -
  `,
  );
});

it('ends regular hours early on a half day', () => {
  const run = driveNode(plugin, { tradeDate: '2025-11-28' });
  run.to('08:00');
  run.to('17:00');
  expect(
    run.emits.map(({ ts, payload }) => [
      payload['phase'],
      payload['short'],
      ts === payload['since'],
    ]),
  ).toEqual(
    [
      'overnight',
      'pre-open',
      'rth-opening',
      'rth-main',
      'rth-closing',
      'rth-closing',
      'post-rth',
      'closed',
    ].map((phase, i) => [phase, true, i !== 5]),
  );
  expect(rows(run).find((row) => row['phase'] === 'post-rth')).toMatchObject({
    since: run.at('13:00'),
    rthOpen: run.at('09:30'),
    rthEnd: run.at('13:00'),
  });
});

it('has a short session on a holiday, which ends with the market', () => {
  const run = driveNode(plugin, { tradeDate: '2013-09-02' });
  trade(run, '09:30', '11:30');
  run.to('11:30');
  expect(phases(run).slice(-2)).toEqual(['rth-closing', 'closed']);
  expect(rows(run).at(-1)).toMatchObject({
    holiday: true,
    short: true,
    gap: false,
    since: run.at('11:30'),
    rthEnd: run.at('11:30'),
  });
});

it('has no regular hours on a holiday that ends before them', () => {
  const run = driveNode(plugin, { tradeDate: '2026-04-03' });
  run.to('08:00');
  run.to('12:00');
  expect(phases(run)).toEqual(['overnight', 'closed']);
  expect(rows(run).at(-1)).toMatchObject({
    holiday: true,
    rthOpen: null,
    rthEnd: null,
    gap: false,
  });
});

it('goes through the afternoon halt of older years', () => {
  const run = driveNode(plugin, { tradeDate: '2013-09-03' });
  trade(run, '09:30', '16:00');
  run.to('17:15');
  expect(phases(run).slice(-4)).toEqual(['post-rth', 'halt', 'post-rth', 'closed']);
  expect(rows(run).at(-1)).toMatchObject({ gap: false, contract: 'ESU13' });
});

it('does not take a halt inside regular hours for a gap', () => {
  const run = driveNode(plugin, { tradeDate: '2020-03-18' });
  trade(run, '09:30', '12:56');
  run.trade('12:56:10', 2400, 5);
  run.trade('13:11:20', 2390, 5);
  trade(run, '13:12', '16:00');
  run.to('16:10');
  expect(phases(run).slice(2)).toEqual([
    'rth-opening',
    'rth-main',
    'halt',
    'rth-main',
    'rth-closing',
    'post-rth',
  ]);
  expect(rows(run).at(-1)).toMatchObject({ gap: false });
});

it.each([
  [
    'no trade for a minute around the end of the first hour',
    ['09:30', '10:29:20', '10:30:25', '16:00'],
    true,
  ],
  [
    '59 seconds around the end of the first hour',
    ['09:30', '10:29:30', '10:30:19', '16:00'],
    false,
  ],
  ['the data begin late', ['09:31', '12:00', '12:00', '16:00'], true],
  ['the data end early', ['09:30', '12:00', '12:00', '15:59'], true],
] as const)('flags a gap: %s', (_name, [from, until, again, to], gap) => {
  const run = driveNode(plugin, { tradeDate: '2025-11-19' });
  for (let at = secondsOf(from); at < secondsOf(until); at += 10) run.trade(clock(at), 5000, 1);
  for (let at = secondsOf(again); at < secondsOf(to); at += 10) run.trade(clock(at), 5000, 1);
  run.to('16:10');
  expect(rows(run).at(-1)).toMatchObject({ phase: 'post-rth', gap });
});

it('says so while the silence goes on, and once', () => {
  const run = driveNode(plugin, { tradeDate: '2025-11-19' });
  trade(run, '09:30', '11:00');
  run.to('15:00');
  const found = run.emits.filter((e) => e.payload['gap'] === true);
  expect(found).toHaveLength(1);
  expect(found[0]!.ts).toBeLessThanOrEqual(run.at('11:00:30'));
  expect(run.probe('longestSilence')).toMatchObject({ value: 50_000_000, needed: 60_000_000 });
});

it('takes off the length of a bar before it calls a silence a gap', () => {
  const run = driveNode(plugin, { tradeDate: '2025-11-19' });
  const bar = { open: 5000, high: 5001, low: 5000, close: 5000.5, volume: 10 };
  for (let at = secondsOf('09:35'); at <= secondsOf('16:00'); at += 300) run.bar(clock(at), bar);
  run.to('16:10');
  expect(rows(run).at(-1)).toMatchObject({ gap: false });
  run.day('2025-11-20');
  run.to('09:31:30');
  for (let at = secondsOf('09:35'); at <= secondsOf('16:00'); at += 300)
    if (at !== secondsOf('12:00')) run.bar(clock(at), bar);
  run.to('16:10');
  expect(rows(run).at(-1)).toMatchObject({ gap: true });
});

it('calls a session thin below half the median of five earlier ones, and never measures it by itself', () => {
  const run = driveNode(plugin, { tradeDate: '2025-11-03' });
  sessions(run, { ...week, '2025-11-10': 4_999, '2025-11-11': 5_000 });
  const ends = rows(run).filter((row) => row['phase'] === 'post-rth');
  expect(ends.map((row) => row['thin'])).toEqual([false, false, false, false, false, true, false]);
  expect(run.context['volumes']).toEqual([...Object.values(week), 5_000]);
  const blocked = run.journal.filter((step) => step.event.type === 'rthMeasured').at(-1)!.explain!;
  expect(blocked[0]).toMatchObject({
    verdict: 'guard-blocked',
    leaves: [{ left: 5_000, op: '<', right: 5_000, margin: 0, unit: 'contract' }],
  });
});

it('leaves half days out of the median, and needs five sessions', () => {
  const run = driveNode(plugin, { tradeDate: '2025-11-24' });
  sessions(run, { '2025-11-24': 10_000, '2025-11-25': 10_000, '2025-11-26': 10_000 });
  run.day('2025-11-28');
  trade(run, '09:30', '13:00');
  run.to('13:10');
  sessions(run, { '2025-12-01': 10_000, '2025-12-02': 1_000 });
  expect(run.context['volumes']).toEqual([10_000, 10_000, 10_000, 10_000, 1_000]);
  expect(rows(run).some((row) => row['thin'])).toBe(false);
});

it.each([
  ['2025-12-12', 'by-date', 'ESZ25', false],
  ['2025-12-15', 'by-date', 'ESH26', true],
  ['2025-12-16', 'by-date', 'ESH26', false],
  ['2013-09-12', 'by-date', 'ESZ13', true],
  ['2013-09-12', 'monday', 'ESU13', false],
  ['2025-12-11', 'thursday8', 'ESH26', true],
  ['2025-12-15', 'raw', null, false],
])('names the front contract of %s, rolling %s', (tradeDate, roll, contract, rolled) => {
  const run = driveNode(plugin, { tradeDate, config: { roll } });
  run.to('08:00');
  expect(rows(run).at(-1)).toMatchObject({ contract, rolled });
});

it('knows instruments without contracts', () => {
  const run = driveNode(plugin, { tradeDate: '2025-12-15', instrument: 'SPY' });
  run.to('08:00');
  expect(rows(run).at(-1)).toMatchObject({ phase: 'overnight', contract: null, rolled: false });
});
