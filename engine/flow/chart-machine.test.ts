import { expect, test } from 'vitest';
import { ChartRun } from './chart-run.ts';

const flow = (strategy: string): string => `
flow: made
version: 1.0.0
instruments: [ES]
params:
  stopTicks: { type: integer, default: 12, min: 4, max: 40, unit: tick }
sources:
  market: { use: simulator@^1 }
nodes:
  session:
    use: session@^1
    in: { market: market }
  profile:
    use: volume-profile@^1
    in: { market: market }
  cva:
    use: composite-value-area@^1
    in: { completed: profile.completed }
  absorb:
    use: absorption@^1
    in: { market: market, level: cva.level }
  eighty:
    use: eighty-percent-rule@^1
    in: { period: profile.period, prior: profile.prior, phase: session.phase }
  strategy:
    in: { eighty: eighty.signal, absorb: absorb.signal, phase: session.phase }
    tables: { area: cva.area, level: cva.level }
    out: { idea: tradeIdea }
    context:
      side: { type: string }
      ref: { type: integer, unit: price }
      tries: { type: integer, default: 0 }
    machine:
${strategy.replace(/^/gm, '      ')}
`;

const twoStates = flow(`initial: waiting
states:
  waiting:
    description: Waits for a place.
    on:
      eighty:
        - when:
            all:
              - { expr: "area.vah - ev.price >= p.stopTicks", why: enough room }
              - { expr: ev.side == 'long', why: only long }
          set: { side: ev.side, ref: ev.price, tries: ctx.tries + 1 }
          to: stalking
          why: a place
  stalking:
    after:
      20m: { to: waiting, why: expired }
    on:
      absorb:
        - when: abs(ev.price - ctx.ref) <= 6 && ev.side == ctx.side
          set: { ref: ev.price }
          emit:
            idea:
              side: ctx.side
              entry: ctx.ref
              stop: ctx.ref - p.stopTicks
              target: area.vah
              reason: { text: at the place }
          to: waiting
      eighty: { to: stalking }
`);

const long = { side: 'long', reason: 'x', tradeDate: '2025-11-19', evidence: [] };

function atPlace(): ChartRun {
  const run = new ChartRun(twoStates);
  run.tables['area'] = { vah: 18_040, val: 17_980 };
  return run;
}

test('a transition sets from the old context, then emits from the new one, then moves', () => {
  const run = atPlace();
  expect(run.send(1, 'eighty', { ...long, price: 18_000 })).toMatchObject({
    state: 'stalking',
    context: { side: 'long', ref: 18_000, tries: 1 },
    emitted: [],
  });
  expect(run.send(2, 'absorb', { ...long, price: 18_004 })).toMatchObject({
    state: 'waiting',
    context: { ref: 18_004 },
    emitted: [
      {
        type: 'idea',
        side: 'long',
        entry: 18_004,
        stop: 17_992,
        target: 18_040,
        reason: 'at the place',
      },
    ],
  });
});

test('a refusal leaves every leaf with operands, margin, unit and why', () => {
  const { state, leaves } = atPlace().send(1, 'eighty', { ...long, price: 18_032, side: 'short' });
  expect(state).toBe('waiting');
  expect(leaves).toEqual([
    {
      text: 'area.vah - ev.price >= p.stopTicks',
      why: 'enough room',
      ok: false,
      left: 8,
      op: '>=',
      right: 12,
      margin: -4,
      unit: 'tick',
    },
    {
      text: "ev.side == 'long'",
      why: 'only long',
      ok: false,
      left: 'short',
      op: '==',
      right: 'long',
    },
  ]);
});

test('&& is two leaves, so that neither hides an error of the other', () => {
  const run = atPlace();
  run.send(1, 'eighty', { ...long, price: 18_000 });
  expect(run.send(2, 'absorb', { ...long, price: 18_020 }).leaves).toMatchObject([
    { text: 'abs(ev.price - ctx.ref) <= 6', ok: false, margin: -14, unit: 'tick' },
    { text: 'ev.side == ctx.side', ok: true },
  ]);
});

test('a leaf that cannot be evaluated stops the machine with OF_EXPRESSION; it is not false', () => {
  const run = atPlace();
  run.tables['area'] = undefined;
  expect(() => run.send(1, 'eighty', { ...long, price: 18_000 })).toThrow(
    /OF_EXPRESSION .*table 'area' has no row yet/,
  );
});

test('an error after the leaf that decides changes nothing and is not told', () => {
  const run = new ChartRun(
    flow(`initial: waiting
states:
  waiting:
    on:
      absorb:
        - when: "'vah' in level && level['vah'].price > ev.price"
          to: found
  found:
    type: final
`),
  );
  expect(run.send(1, 'absorb', { ...long, price: 18_000 })).toMatchObject({
    state: 'waiting',
    leaves: [{ ok: false }],
  });
  run.tables['level'] = { vah: { kind: 'vah', price: 18_040 } };
  expect(run.send(2, 'absorb', { ...long, price: 18_000 }).state).toBe('found');
});

test('`to:` the own state leaves and enters it again, so that its timers start anew', () => {
  const config = atPlace().config as {
    states: { stalking: { on: { eighty: readonly unknown[] } } };
  };
  expect(config.states.stalking.on.eighty).toEqual([
    { target: '#strategy.stalking', reenter: true },
  ]);
});

test('the configuration is JSON alone, with guards in the form of an expression', () => {
  const { config } = atPlace();
  expect(JSON.parse(JSON.stringify(config))).toEqual(config);
  expect(config).toMatchObject({
    id: 'strategy',
    initial: 'waiting',
    states: {
      waiting: {
        description: 'Waits for a place.',
        on: {
          eighty: [
            {
              target: '#strategy.stalking',
              guard: {
                type: 'expr',
                params: {
                  '@expr': "all(area.vah - ev.price >= p.stopTicks, ev.side == 'long')",
                  '@lang': 'cel',
                },
              },
              meta: { why: 'a place' },
            },
          ],
        },
      },
      stalking: { after: { 1200000: [{ target: '#strategy.waiting', meta: { why: 'expired' } }] } },
    },
  });
});

test('a payload its contract does not allow is refused as OF_FLOW_VALUE', () => {
  const run = new ChartRun(
    flow(`initial: waiting
states:
  waiting:
    on:
      absorb:
        emit:
          idea: { side: ev.side, entry: (ev.price + area.val) / 2, stop: ev.price, target: ev.price, reason: ev.reason }
`),
  );
  run.tables['area'] = { val: 17_980 };
  expect(run.send(1, 'absorb', { ...long, price: 18_000 }).emitted).toMatchObject([
    { entry: 17_990 },
  ]);
  expect(() => run.send(2, 'absorb', { ...long, price: 18_001 })).toThrow(
    /OF_FLOW_VALUE .*idea\.entry.*strategy/,
  );
});

test('states may be nested, parallel and final, and pass on without an event', () => {
  const run = new ChartRun(
    flow(`type: parallel
states:
  place:
    initial: none
    states:
      none:
        on: { eighty: { to: some, set: { ref: ev.price } } }
      some:
        always: { when: ctx.ref > price(4500), to: high }
      high: { type: final }
  flow:
    initial: quiet
    states:
      quiet:
        on:
          absorb: { to: loud }
      loud:
        on:
          phase: { when: ev.short, to: place.none }
`),
  );
  expect(run.send(1, 'eighty', { ...long, price: 18_001 }).state).toEqual({
    place: 'high',
    flow: 'quiet',
  });
  expect(run.send(2, 'absorb', { ...long, price: 18_001 }).state).toEqual({
    place: 'high',
    flow: 'loud',
  });
});
