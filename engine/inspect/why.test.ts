import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';
import { z } from 'zod';
import { definePlugin } from '../plugin/define-plugin.ts';
import { holds } from '../plugin/evidence.ts';
import { largeLot } from '../testing/large-lot.ts';
import { buyer, MadeRun } from './inspect-fixture.ts';
import { why } from './why.ts';

const start = { id: 'buyer', plugin: buyer };

describe('why a transition did or did not fire', () => {
  it('fired: what XState took, with the leaves that held', () => {
    const run = new MadeRun([start]);
    run.send('10:00', 'buyer.offer', { price: 19_000 });
    expect(run.ask('buyer', { event: 'offer' })).toMatchObject({
      verdict: 'fired',
      transition: 'looking:offer:1',
      target: 'watching',
      at: run.at('10:00'),
      state: 'looking',
      leaves: [{ text: 'price offered', left: 19_000, right: 20_000, ok: true }],
    });
  });

  it('guard-blocked: the nearest miss, with both sides and the margin', () => {
    const run = new MadeRun([start]);
    run.send('10:00', 'buyer.offer', { price: 20_030 });
    run.send('10:01', 'buyer.offer', { price: 20_002 });
    run.send('10:02', 'buyer.offer', { price: 20_010 });
    expect(run.ask('buyer', { event: 'offer' })).toMatchObject({
      verdict: 'guard-blocked',
      transition: 'looking:offer:1',
      at: run.at('10:01'),
      leaves: [{ left: 20_002, op: '<=', right: 20_000, margin: -2, unit: 'price', ok: false }],
    });
    expect(run.ask('buyer', { transition: 'looking:offer:0' }, '10:02')).toMatchObject({
      at: run.at('10:02'),
    });
  });

  it('shadowed by an earlier candidate of the same state, which is named', () => {
    const run = new MadeRun([start]);
    run.send('10:00', 'buyer.offer', { price: 3_000 });
    expect(run.ask('buyer', { transition: 'looking:offer:1' })).toMatchObject({
      verdict: 'shadowed',
      winner: 'looking:offer:0',
    });
  });

  it('shadowed by a state inside', () => {
    const run = new MadeRun([start]);
    run.send('10:00', 'buyer.offer', { price: 19_000 });
    run.send('10:00:10', 'buyer.offer', { price: 18_000 });
    expect(run.ask('buyer', { transition: 'watching:offer:0' }, '10:00:10')).toMatchObject({
      verdict: 'shadowed',
      winner: 'watching.fresh:offer:0',
    });
  });

  it('not-listening: in which state it was, where it would have listened, and the way there', () => {
    const run = new MadeRun([start]);
    run.send('10:00', 'buyer.confirm');
    expect(run.ask('buyer', { event: 'confirm' })).toMatchObject({
      verdict: 'not-listening',
      state: 'looking',
      listensIn: ['watching.fresh'],
      route: ['looking:offer:1'],
    });
  });

  it('not-listening: the way there is a shortest one, over any transition', () => {
    const run = new MadeRun([start]);
    run.send('10:00', 'buyer.offer', { price: 3_000 });
    run.send('10:01', 'buyer.confirm');
    expect(run.ask('buyer', { event: 'confirm' })).toMatchObject({
      verdict: 'not-listening',
      state: 'owning',
      route: ['(root):spoil:0', 'looking:offer:1'],
    });
  });

  it('not-listening: a timer whose state was not entered', () => {
    const run = new MadeRun([start]);
    run.send('10:00', 'buyer.confirm');
    expect(run.ask('buyer', { event: 'after 60s' })).toMatchObject({
      verdict: 'not-listening',
      transition: 'watching:after 60000:0',
    });
  });

  it('never-arrived: a timer that is not due yet', () => {
    const run = new MadeRun([start]);
    run.send('10:00', 'buyer.offer', { price: 19_000 });
    run.to('10:00:30');
    expect(run.ask('buyer', { event: 'after 60s' }, '10:00', '10:00:30')).toMatchObject({
      verdict: 'never-arrived',
      upstream: { kind: 'timer', at: run.at('10:00'), due: run.at('10:01') },
    });
  });

  it('never-arrived: a timer that was cancelled, and by which transition', () => {
    const run = new MadeRun([start]);
    run.send('10:00', 'buyer.offer', { price: 19_000 });
    run.send('10:00:20', 'buyer.confirm');
    run.to('10:05');
    expect(run.ask('buyer', { event: 'after 1m' })).toMatchObject({
      verdict: 'never-arrived',
      upstream: { kind: 'timer', transition: 'watching.fresh:confirm:0' },
    });
  });

  it('fired: a timer, asked as it is written in a flow', () => {
    const run = new MadeRun([start]);
    run.send('10:00', 'buyer.offer', { price: 19_000 });
    run.to('10:05');
    expect(run.ask('buyer', { event: 'after 60s' })).toMatchObject({
      verdict: 'fired',
      at: run.at('10:01'),
    });
  });

  it('late-dropped: the in-port refuses late records', () => {
    const run = new MadeRun([{ ...start, late: 'drop' }]);
    run.to('10:05');
    run.send('10:01', 'buyer.offer', { price: 1 });
    expect(run.ask('buyer', { event: 'offer' })).toMatchObject({
      verdict: 'late-dropped',
      at: run.at('10:05'),
    });
  });

  it('error: a guard that throws is no guard that says no', () => {
    const run = new MadeRun([start]);
    run.send('10:00', 'buyer.spoil');
    expect(run.ask('buyer', { event: 'spoil' })).toMatchObject({
      verdict: 'error',
      at: run.at('10:00'),
      error: expect.stringContaining('no such field') as string,
    });
  });

  it('error: also when the time asked about begins with it', () => {
    const run = new MadeRun([start]);
    run.send('10:00', 'buyer.spoil');
    expect(run.ask('buyer', { event: 'spoil' }, '10:00')).toMatchObject({ verdict: 'error' });
  });

  it('node-paused: the node was taken out before the time asked about', () => {
    const run = new MadeRun([start]);
    run.send('10:00', 'buyer.spoil');
    run.send('11:00', 'buyer.offer', { price: 1 });
    expect(run.ask('buyer', { event: 'offer' }, '10:30')).toMatchObject({
      verdict: 'node-paused',
      at: run.at('10:00'),
    });
  });

  it('what fired before the node threw still fired', () => {
    const run = new MadeRun([start]);
    run.send('10:00', 'buyer.offer', { price: 19_000 });
    run.send('10:01', 'buyer.spoil');
    expect(run.ask('buyer', { event: 'offer' })).toMatchObject({ verdict: 'fired' });
  });

  it('a guard that says no without a leaf stands for itself', () => {
    const plain = definePlugin({
      id: 'plain',
      version: '1.0.0',
      api: 1,
      summary: 'Never goes',
      config: z.object({}),
      in: { go: { kind: 'event', schema: z.object({}) } },
      out: {},
      machine: () =>
        setup({ guards: { isTime: () => !holds('the market is closed', true) } }).createMachine({
          initial: 'here',
          states: { here: { on: { go: { target: 'there', guard: 'isTime' } } }, there: {} },
        }),
      examples: [],
    });
    const run = new MadeRun([{ id: 'plain', plugin: plain }]);
    run.send('10:00', 'plain.go');
    expect(run.ask('plain', { event: 'go' })).toMatchObject({
      verdict: 'guard-blocked',
      leaves: [
        { text: 'the market is closed', ok: true },
        { text: "guard 'isTime'", ok: false },
      ],
    });
  });

  it('a journal without explanations is not guessed from', () => {
    const run = new MadeRun([start], false);
    run.send('10:00', 'buyer.offer', { price: 30_000 });
    expect(() => run.ask('buyer', { event: 'offer' })).toThrow('OF_WHY_UNEXPLAINED');
    expect(run.ask('buyer', { event: 'confirm' })).toMatchObject({ verdict: 'never-arrived' });
  });

  it('names that do not exist are refused with the nearest that do', () => {
    const run = new MadeRun([start]);
    const range = { from: 0, to: 1 };
    const data = run.recording.history.data(true);
    expect(() => why(data, { node: 'buyr', event: 'offer', ...range })).toThrow("nearest: 'buyer'");
    expect(() => why(data, { node: 'buyer', event: 'ofer', ...range })).toThrow("nearest: 'offer'");
    expect(() => why(data, { node: 'buyer', transition: 'looking:offer:7', ...range })).toThrow(
      "nearest: 'looking:offer:0'",
    );
  });
});

describe('who withheld an event that never arrived', () => {
  const chain = [
    { id: 'lots', plugin: largeLot },
    { id: 'buyer', plugin: buyer, wires: { offer: 'lots.signal' } },
  ];

  it("a sensor's threshold that was not reached, with its largest value", () => {
    const run = new MadeRun(chain);
    run.trade('10:00:00', 24_000, 90);
    run.trade('10:00:20', 24_000, 30);
    run.to('10:04');
    expect(run.ask('buyer', { event: 'offer' })).toMatchObject({
      verdict: 'never-arrived',
      upstream: {
        node: 'lots',
        kind: 'probe',
        probe: 'size',
        value: 90,
        needed: 100,
        unit: 'contract',
        path: ['buyer.offer', 'lots.signal'],
      },
    });
  });

  it('a reading of the window that still runs counts', () => {
    const run = new MadeRun(chain);
    run.trade('10:00:10', 24_000, 70);
    expect(run.ask('buyer', { event: 'offer' }).upstream).toMatchObject({
      kind: 'probe',
      value: 70,
    });
  });

  it("an upstream machine's guard that did not hold, before any threshold", () => {
    const run = new MadeRun(chain);
    run.trade('10:00:00', 24_000, 100);
    run.to('10:04');
    expect(run.ask('buyer', { event: 'offer' }).upstream).toMatchObject({
      node: 'lots',
      kind: 'guard',
      transition: 'quiet:lot.traded:0',
      leaves: [{ text: 'size', left: 100, right: 100, ok: false }],
    });
  });

  it('where upstream took another way, that way, and no guard of a way it did not need', () => {
    const second = { id: 'second', plugin: buyer, wires: { offer: 'buyer.bought' } };
    const run = new MadeRun([start, second]);
    run.send('10:00', 'buyer.offer', { price: 19_000 });
    run.to('10:00:30');
    expect(run.ask('second', { event: 'offer' }).upstream).toMatchObject({
      node: 'buyer',
      kind: 'silent',
      transition: 'looking:offer:1',
      text: "'buyer' is in state 'watching.fresh' since it took 'looking:offer:1'",
    });
  });

  it("a wire's filter that did not take the record", () => {
    const filtered = {
      id: 'buyer',
      plugin: buyer,
      wires: { offer: 'lots.signal' },
      where: () => false,
    };
    const run = new MadeRun([{ id: 'lots', plugin: largeLot }, filtered]);
    run.trade('10:00:00', 24_000, 150);
    run.to('10:04');
    expect(run.ask('buyer', { event: 'offer' }).upstream).toMatchObject({
      node: 'buyer',
      kind: 'where',
      at: run.at('10:01'),
    });
  });

  it('a calendar wire at another time', () => {
    const run = new MadeRun([{ ...start, schedule: { confirm: '15:30' } }]);
    run.to('12:00');
    expect(run.ask('buyer', { event: 'confirm' }, '09:30', '12:00').upstream).toMatchObject({
      kind: 'schedule',
      text: expect.stringContaining('15:30') as string,
    });
  });

  it('a topic nobody wrote to', () => {
    const run = new MadeRun([start]);
    run.to('12:00');
    expect(run.ask('buyer', { event: 'confirm' }).upstream).toMatchObject({
      kind: 'topic',
      path: ['buyer.confirm'],
    });
  });

  it('a node upstream that threw', () => {
    const run = new MadeRun([
      start,
      { id: 'second', plugin: buyer, wires: { offer: 'buyer.bought' } },
    ]);
    run.send('10:00', 'buyer.spoil');
    expect(run.ask('second', { event: 'offer' }).upstream).toMatchObject({
      node: 'buyer',
      kind: 'error',
      path: ['second.offer', 'buyer.bought'],
    });
  });

  it('two wires up: the node that heard nothing is passed over for the one that withheld', () => {
    const run = new MadeRun([
      ...chain,
      { id: 'second', plugin: buyer, wires: { offer: 'buyer.bought' } },
    ]);
    run.trade('10:00:00', 24_000, 40);
    run.to('10:04');
    expect(run.ask('second', { event: 'offer' }).upstream).toMatchObject({
      node: 'lots',
      kind: 'probe',
      value: 40,
      path: ['second.offer', 'buyer.bought', 'buyer.offer', 'lots.signal'],
    });
  });

  it("a node's own sensor, for an event no wire brings", () => {
    const run = new MadeRun(chain);
    run.trade('10:00:00', 24_000, 80);
    run.to('10:04');
    expect(run.ask('lots', { event: 'lot.traded' })).toMatchObject({
      verdict: 'never-arrived',
      upstream: { node: 'lots', kind: 'probe', value: 80 },
    });
  });

  it('nobody: upstream heard something, no guard refused and no threshold was missed', () => {
    const run = new MadeRun([
      start,
      { id: 'second', plugin: buyer, wires: { offer: 'buyer.bought' } },
    ]);
    run.send('10:00', 'buyer.confirm');
    expect(run.ask('second', { event: 'offer' }).upstream).toMatchObject({
      node: 'buyer',
      kind: 'silent',
      text: "'buyer' had nothing to say; it was in state 'looking'",
    });
  });
});
