import { describe, expect, it } from 'vitest';
import { largeLot } from '../testing/large-lot.ts';
import { buyer, MadeRun } from './inspect-fixture.ts';
import { summaryOf } from './summary.ts';

const run = new MadeRun([
  { id: 'lots', plugin: largeLot },
  { id: 'buyer', plugin: buyer },
]);
run.send('10:00', 'buyer.offer', { price: 20_030 });
run.send('10:01', 'buyer.offer', { price: 20_002 });
run.send('10:02', 'buyer.confirm');
run.send('10:03', 'buyer.offer', { price: 3_000 });
run.send('10:04', 'buyer.confirm');
run.trade('10:05', 20_000, 60);
run.to('10:07');

const data = run.recording.history.data(true);
const range = { from: run.at('09:30'), to: run.at('10:03:59') };

describe('summaryOf', () => {
  it('counts what fired, what a guard blocked and when it fired last', () => {
    const { transitions } = summaryOf(data, 'buyer', range);
    const counts = Object.fromEntries(transitions.map(({ info, ...count }) => [info.id, count]));
    expect(counts['looking:offer:0']).toEqual({
      fired: 1,
      blocked: 2,
      shadowed: 0,
      lastFired: run.at('10:03'),
    });
    expect(counts['looking:offer:1']).toEqual({
      fired: 0,
      blocked: 2,
      shadowed: 0,
      lastFired: null,
    });
    expect(counts['watching:after 60000:0']).toEqual({
      fired: 0,
      blocked: 0,
      shadowed: 0,
      lastFired: null,
    });
  });

  it('ranks what was refused, the nearest first, and calls only what was near a near miss', () => {
    const { nearMisses, refusals } = summaryOf(data, 'buyer', range);
    expect(nearMisses.map(({ info, at }) => [info.id, at])).toEqual([
      ['looking:offer:1', run.at('10:01')],
    ]);
    expect(refusals.map(({ info, at }) => [info.id, at])).toEqual([
      ['looking:offer:1', run.at('10:01')],
      ['looking:offer:1', run.at('10:00')],
      ['looking:offer:0', run.at('10:01')],
      ['looking:offer:0', run.at('10:00')],
    ]);
    expect(nearMisses[0]?.shortfall).toBeCloseTo(2 / 40);
  });

  it('says in which state it is and since when, as of the end of the range', () => {
    expect(summaryOf(data, 'buyer', range)).toMatchObject({
      state: 'owning',
      since: run.at('10:03'),
      macrosteps: 4,
    });
    expect(summaryOf(data, 'buyer', { ...range, to: run.at('10:02') })).toMatchObject({
      state: 'looking',
      since: null,
    });
  });

  it('counts events nobody listened for', () => {
    expect(summaryOf(data, 'buyer', { ...range, to: run.at('10:04') }).unheard).toEqual({
      confirm: 2,
    });
  });

  it("keeps the largest reading of each of the sensor's probes", () => {
    expect(summaryOf(data, 'lots', { ...range, to: run.at('10:07') }).probes).toMatchObject([
      { probe: 'size', value: 60, needed: 100 },
    ]);
  });

  it('refuses a node that is not there', () => {
    expect(() => summaryOf(data, 'seller', range)).toThrow('OF_WHY_NODE');
  });
});
