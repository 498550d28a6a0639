import { describe, expect, it } from 'vitest';
import type { Leaf } from '../contracts/evidence.ts';
import { findInstrument } from '../market/instrument.ts';
import { parseTradeDate, zonedToUtc } from '../market/time.ts';
import { sayEvent, sayLeaf, sayWhy } from './say-why.ts';
import type { WhyAnswer } from './why.ts';

const options = { instrument: findInstrument('ES'), zone: 'America/New_York' } as const;
const at = (time: string): number =>
  zonedToUtc('America/New_York', parseTradeDate('2025-11-19'), time);

const base: WhyAnswer = {
  verdict: 'fired',
  node: 'strategy',
  transition: 'stalking:absorb:0',
  target: 'following',
  why: null,
  at: at('10:04:10'),
  seq: 1_204,
  state: 'stalking',
  leaves: [],
  listensIn: ['stalking'],
  route: [],
  winner: null,
  upstream: null,
  error: null,
};

const say = (answer: Partial<WhyAnswer>): string =>
  `\n${sayWhy({ ...base, ...answer }, options).join('\n')}\n`;

describe('sayWhy', () => {
  it('fired, with the leaves that held', () => {
    expect(
      say({
        why: 'absorbed at our level',
        leaves: [
          {
            text: 'ev.side == ctx.side',
            why: 'absorption on our side',
            ok: true,
            left: 'long',
            op: '==',
            right: 'long',
          },
        ],
      }),
    ).toMatchInlineSnapshot(`
        "
        fired: it was taken
        when     2025-11-19 10:04:10 (macrostep 1204)
        node     strategy, in state stalking
        asked    stalking:absorb:0 -> following: absorbed at our level
        held     absorption on our side (ev.side == ctx.side): long == long
        "
      `);
  });

  it('guard-blocked, prices as points', () => {
    const leaves: Leaf[] = [
      {
        text: 'abs(ev.price - ctx.ref) <= 6',
        why: 'at the level',
        ok: false,
        left: 11,
        op: '<=',
        right: 6,
        margin: -5,
        unit: 'tick',
      },
      {
        text: 'close of the period',
        ok: false,
        left: 17_993,
        op: '>=',
        right: 18_000,
        margin: -7,
        unit: 'price',
      },
    ];
    expect(say({ verdict: 'guard-blocked', leaves })).toMatchInlineSnapshot(`
      "
      guard-blocked: the event came and a guard did not hold
      when     2025-11-19 10:04:10 (macrostep 1204)
      node     strategy, in state stalking
      asked    stalking:absorb:0 -> following
      missed   at the level (abs(ev.price - ctx.ref) <= 6): 11 <= 6, by 5 ticks
      missed   close of the period: 4498.25 >= 4500, by 1.75 points
      "
    `);
  });

  it('shadowed, by what', () => {
    expect(say({ verdict: 'shadowed', winner: 'waiting:absorb:0' })).toMatchInlineSnapshot(`
      "
      shadowed: the event came and another transition won
      when     2025-11-19 10:04:10 (macrostep 1204)
      node     strategy, in state stalking
      asked    stalking:absorb:0 -> following
      taken    waiting:absorb:0
      "
    `);
  });

  it('not-listening, with the way there', () => {
    expect(
      say({
        verdict: 'not-listening',
        state: 'learning',
        route: ['learning:composite:0', 'waiting:eighty:0'],
      }),
    ).toMatchInlineSnapshot(`
      "
      not-listening: the machine was in a state that does not listen for it
      when     2025-11-19 10:04:10 (macrostep 1204)
      node     strategy, in state learning
      asked    stalking:absorb:0 -> following
      listens  in stalking
      way      learning:composite:0, then waiting:eighty:0
      "
    `);
  });

  it('never-arrived, with the wires, the threshold and the largest reading', () => {
    const upstream = {
      node: 'absorb',
      kind: 'probe',
      path: ['strategy.absorb', 'absorb.signal'],
      probe: 'volumeAtPrice',
      value: 380,
      needed: 400,
      unit: 'contract',
      at: at('10:05'),
      text: "the sensor of 'absorb' stayed below its threshold",
    } as const;
    expect(say({ verdict: 'never-arrived', at: null, seq: null, upstream })).toMatchInlineSnapshot(`
      "
      never-arrived: the event never came
      node     strategy, in state stalking
      asked    stalking:absorb:0 -> following
      wires    strategy.absorb <- absorb.signal
      upstream the sensor of 'absorb' stayed below its threshold: volumeAtPrice reached 380 contracts of 400 needed (10:05:00)
      "
    `);
  });

  it('never-arrived, a timer', () => {
    const upstream = {
      node: 'strategy',
      kind: 'timer',
      path: ['strategy.after 3600000'],
      at: at('10:04'),
      due: at('11:04'),
      text: 'its timer is not due yet',
    } as const;
    expect(
      say({
        verdict: 'never-arrived',
        at: null,
        seq: null,
        transition: 'stalking:after 3600000:0',
        target: 'waiting',
        upstream,
      }),
    ).toMatchInlineSnapshot(`
      "
      never-arrived: the event never came
      node     strategy, in state stalking
      asked    stalking:after 3600000:0 -> waiting
      upstream its timer is not due yet; set at 10:04:00, due at 11:04:00
      "
    `);
  });

  it('error, with what was thrown', () => {
    expect(
      say({
        verdict: 'error',
        error: "OF_EXPRESSION 'area.val': nothing was written yet",
        state: '',
      }),
    ).toMatchInlineSnapshot(`
      "
      error: the node threw and was taken out of the flow
      when     2025-11-19 10:04:10 (macrostep 1204)
      node     strategy, in state (not started)
      asked    stalking:absorb:0 -> following
      error    OF_EXPRESSION 'area.val': nothing was written yet
      "
    `);
  });
});

describe('sayLeaf', () => {
  it.each<[Leaf, string]>([
    [{ text: 'it is the day', ok: true }, 'held     it is the day'],
    [
      {
        text: 'share of sellers',
        ok: false,
        left: 0.61,
        op: '>=',
        right: 0.65,
        margin: -0.04,
        unit: 'share',
      },
      'missed   share of sellers: 61 % >= 65 %, by 4 %',
    ],
    [
      { text: 'volume', ok: false, left: 399, op: '>=', right: 400, margin: -1, unit: 'contract' },
      'missed   volume: 399 >= 400, by 1 contract',
    ],
    [
      {
        text: 'eighty within 10m',
        ok: false,
        left: 720_000_000,
        op: '<=',
        right: 600_000_000,
        margin: -120_000_000,
        unit: 'us',
      },
      'missed   eighty within 10m: 12 min <= 10 min, by 2 min',
    ],
    [
      {
        text: 'time of the trigger',
        ok: false,
        left: at('14:31'),
        op: '<=',
        right: at('14:30'),
        margin: -60_000_000,
        unit: 'us',
      },
      'missed   time of the trigger: 14:31:00 <= 14:30:00, by 1 min',
    ],
    [
      {
        text: 'eighty within 10m',
        ok: false,
        left: null,
        op: '<=',
        right: 600_000_000,
        unit: 'us',
      },
      'missed   eighty within 10m: never <= 10 min',
    ],
    [
      { text: 'a count', ok: false, left: 3, op: '>', right: 3, margin: 0, unit: 'count' },
      'missed   a count: 3 > 3',
    ],
    [{ text: 'x / 0', ok: false, error: 'division by zero' }, 'error    x / 0: division by zero'],
  ])('%#: says both sides in their unit', (leaf, text) => {
    expect(sayLeaf(leaf, options)).toBe(text);
  });
});

it('sayEvent writes a timer as people say it', () => {
  expect(['after 90000', 'after 3600000', 'after 5400000', 'absorb'].map(sayEvent)).toEqual([
    'after 90 s',
    'after 1 h',
    'after 1 h 30 min',
    'absorb',
  ]);
});
