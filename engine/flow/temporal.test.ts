import { expect, test } from 'vitest';
import { ChartRun } from './chart-run.ts';

function asking(condition: string): ChartRun {
  return new ChartRun(`
flow: made
version: 1.0.0
instruments: [ES]
sources:
  market: { use: simulator@^1 }
nodes:
  session:
    use: session@^1
    in: { market: market }
  profile:
    use: volume-profile@^1
    in: { market: market }
  absorb:
    use: absorption@^1
    in: { market: market }
  strategy:
    in: { period: profile.period, absorb: absorb.signal, phase: session.phase }
    tables: { developing: profile.developing }
    context: { count: { type: integer, default: 0 } }
    machine:
      initial: waiting
      states:
        waiting:
          on:
            period: { when: ${condition}, set: { count: ctx.count + 1 } }
            absorb: { set: { count: ctx.count } }
            phase: { set: { count: ctx.count } }
`);
}

/** Sends events `second port`, and returns at which seconds the condition held for `period`; `before`: how often so far. */
function heldAt(run: ChartRun, events: string, before = 0): readonly number[] {
  const held: number[] = [];
  let count = before;
  for (const event of events.trim().split(/\s*,\s*/)) {
    const [second, port, volume] = event.split(' ');
    const step = run.send(Number(second), port!, { volume: Number(volume ?? 0), close: 18_000 });
    const now = step.context['count'] as number;
    if (now > count) held.push(Number(second));
    count = now;
  }
  return held;
}

test('within: a record came at most that long ago', () => {
  const run = asking('{ within: { port: absorb, last: 10s } }');
  expect(
    heldAt(run, '1 period, 5 absorb, 6 period, 15 period, 16 period, 20 absorb, 20 period'),
  ).toEqual([6, 15, 20]);
});

test('not within says how long ago, and by how much it misses', () => {
  const run = asking('{ not: { within: { port: absorb, last: 10s }, why: no attack lately } }');
  expect(run.send(1, 'period').leaves).toMatchObject([
    { ok: true, text: 'not (absorb within 10s)' },
  ]);
  run.send(5, 'absorb');
  expect(run.send(9, 'period').leaves).toEqual([
    {
      text: 'not (absorb within 10s)',
      why: 'no attack lately',
      ok: false,
      left: 4_000_000,
      op: '>',
      right: 10_000_000,
      margin: -6_000_000,
      unit: 'us',
    },
  ]);
});

test('since: a record came after the last one of another port', () => {
  const run = asking('{ since: { port: absorb, after: phase } }');
  expect(
    heldAt(run, '1 period, 2 absorb, 3 period, 4 phase, 5 period, 6 absorb, 6 period'),
  ).toEqual([3, 6]);
});

test('count: at least so many records in the last while, with bounded memory', () => {
  const run = asking('{ count: { port: absorb, last: 10s, min: 3 } }');
  expect(
    heldAt(run, '1 absorb, 2 absorb, 3 period, 4 absorb, 5 period, 11 period, 12 period'),
  ).toEqual([5, 11]);
  for (let second = 20; second < 200; second += 1) run.send(second, 'absorb');
  expect(run.memory['times absorb']).toHaveLength(3);
  expect(JSON.stringify(run.memory).length).toBeLessThan(200);
});

test('count shows how many there were', () => {
  const run = asking('{ count: { port: absorb, last: 10s, min: 3 } }');
  run.send(1, 'absorb');
  expect(run.send(2, 'period').leaves).toMatchObject([
    { ok: false, left: 1, op: '>=', right: 3, margin: -2, unit: 'count' },
  ]);
});

test('held: true at every event since that long ago', () => {
  const run = asking('{ held: { expr: developing.volume > 100, for: 10s } }');
  run.tables['developing'] = { volume: 50 };
  run.send(1, 'absorb');
  run.tables['developing'] = { volume: 200 };
  expect(heldAt(run, '2 absorb, 11 period, 12 period')).toEqual([12]);
  run.tables['developing'] = { volume: 50 };
  run.send(13, 'absorb');
  run.tables['developing'] = { volume: 200 };
  expect(heldAt(run, '14 absorb, 20 period, 24 period', 1)).toEqual([24]);
});

test('newly: holds, and did not at the previous event of the machine', () => {
  const run = asking('{ newly: developing.volume > 100 }');
  run.tables['developing'] = { volume: 200 };
  expect(heldAt(run, '1 period')).toEqual([]);
  run.tables['developing'] = { volume: 50 };
  run.send(2, 'absorb');
  run.tables['developing'] = { volume: 200 };
  expect(heldAt(run, '3 period, 4 period')).toEqual([3]);
});

test('newly over the event compares with the previous event of the same port', () => {
  const run = asking('{ newly: ev.volume > 100 }');
  expect(
    heldAt(run, '1 period 50, 2 absorb 500, 3 period 200, 4 period 300, 5 period 10, 6 period 200'),
  ).toEqual([3, 6]);
});

test('while a table has no row nothing is remembered as false, and asking is an error', () => {
  const run = asking('{ newly: developing.volume > 100 }');
  run.send(1, 'absorb');
  expect(() => run.send(2, 'period')).toThrow(/OF_EXPRESSION/);
  run.tables['developing'] = { volume: 200 };
  expect(heldAt(run, '3 period')).toEqual([]);
});
