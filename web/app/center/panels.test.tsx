import { describe, expect, it, vi } from 'vitest';
import type { FactsValue } from '../../live/values.ts';
import { MarketRail } from '../components/market-rail.tsx';
import { CompositeCorner, DevelopingCorner } from './corners.tsx';
import { Gear } from './gear.tsx';
import { Hypothesis } from './hypothesis.tsx';
import {
  clock,
  digitsIn,
  draw,
  empty,
  factsOf,
  live,
  noMarket,
  row,
  storeOf,
} from './made-window.tsx';
import { Pressure } from './pressure.tsx';
import { Regime } from './regime.tsx';
import { Signals } from './signals.tsx';

vi.mock('@remix-run/react', () => import('../components/made-router.tsx'));

describe('a panel without data', () => {
  it('says what would provide it when the flow has no such node', () => {
    const html = draw(Regime, storeOf({ values: { ...empty, facts: factsOf(false) } }));
    expect(html).toContain('Not in this flow.');
    expect(html).toContain('href="/plugins/regime"');
  });

  it("says when the plan is written as the flow's calendar has it, else no time", () => {
    const planOf = (more: Partial<FactsValue>): string =>
      draw(Hypothesis, storeOf({ values: { ...empty, facts: { ...factsOf(true), ...more } } }));
    expect(planOf({ calendar: { hypothesis: ['08:40'] } })).toContain('built at 08:40 ET');
    expect(planOf({ calendar: { hypothesis: ['08:40'] }, zone: 'UTC' })).toContain('08:40 UTC');
    expect(planOf({ calendar: { other: ['08:40'] } })).toContain('no plan was written yet');
  });

  it('says the position is not known, and never that it is flat', () => {
    const html = draw(Gear, storeOf({ values: empty }));
    expect(html).toContain('?');
    expect(html).toContain('no broker in this mode');
    expect(html).not.toMatch(/\bN\b|flat/i);
  });
});

describe('a panel with data', () => {
  it('shows the last price as it is', () => {
    expect(draw(MarketRail, live({}))).toContain('>6003.25<');
  });

  it('shows how far away a level is, in ticks', () => {
    const html = draw(CompositeCorner, live({ 'table:cva.area': [{ ...row, inForce: true }] }));
    const read = html.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ');
    expect(read).toContain('6012.50+37 t above');
    expect(read).toContain('5991.00−49 t below');
    expect(read).toContain('price inside');
    expect(read).toContain('2 days');
  });

  it("shows no developing area of yesterday's", () => {
    const old = { ...row, tradeDate: '2025-11-21' };
    const html = draw(DevelopingCorner, live({ 'table:profile.developing': [old] }));
    expect(html).toContain('nothing traded in regular hours today');
    expect(digitsIn(html)).toEqual([]);
  });

  it('says what an unknown regime misses', () => {
    const unknown = { regime: 'unknown', missing: ['overnight ranges'], reason: '', since: 1 };
    const html = draw(Regime, live({ 'table:regime.regime': [unknown] }));
    expect(html).toContain('UNKNOWN');
    expect(html).toContain('missing: overnight ranges');
    expect(html).not.toContain('aria-current');
  });

  it('greys the pressure bar out where too little was traded', () => {
    const state = { pressure60: null, pressure300: 0.41, volume60: 12, speed: 'normal' };
    const html = draw(Pressure, live({ 'table:tape.state': [state] }));
    expect(html).toContain('too few contracts in 60 s');
    expect(html).toContain('+41 %');
  });
});

describe('a panel with some of its data', () => {
  it('does not say where price is before there is one', () => {
    const table = { 'table:cva.area': [{ ...row, inForce: true }] };
    const html = draw(CompositeCorner, live({ ...table, market: noMarket }));
    expect(html).toContain('6012.50');
    expect(html).not.toMatch(/price (in|out)side/);
  });

  it("takes no permission from yesterday's plan", () => {
    const plan = { permits: true, bias: 'long', condition: 'balance', version: 2 };
    const of = (tradeDate: string): string =>
      draw(Hypothesis, live({ 'table:hypothesis.plan': [{ ...plan, tradeDate }] }));
    expect(of('2025-11-24')).toContain('permits trades');
    expect(of('2025-11-21')).not.toContain('permits trades');
    expect(of('2025-11-21')).toContain('plan of 2025-11-21');
  });

  it('gives a signal no side that its plugin did not name', () => {
    const signal = { ts: clock.now, node: 'other', port: 'signal', seq: 7 };
    const ofSide = (side: string): string =>
      draw(Signals, live({ signals: [{ ...signal, payload: { side, price: 6003.25 } }] }));
    expect(ofSide('short')).toContain('▼ short');
    expect(ofSide('buy')).not.toMatch(/[▲▼]|short|long/);
    expect(ofSide('buy')).toContain('buy');
  });

  it('names the zone beside the clock, and gives a price that did not move no direction', () => {
    const prior = { 'table:profile.prior': [{ ...row, close: 6003.25 }] };
    const facts = { ...factsOf(true), zone: 'UTC' };
    const read = (more: Readonly<Record<string, unknown>>): string =>
      draw(MarketRail, live({ ...prior, ...more })).replaceAll(/<[^>]*>/g, '');
    expect(read({ facts })).toContain('15:00:00 UTC');
    expect(read({})).toContain('10:00:00 ET');
    expect(read({})).toContain('0.00');
    expect(read({})).not.toMatch(/[▲▼]/);
  });
});
