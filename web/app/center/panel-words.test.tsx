import { renderToString } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import type { LiveValues, Row } from '../../live/values.ts';
import type { LiveStore } from '../client/live-store.ts';
import { LiveStoreProvider } from '../client/use-live.tsx';
import { AlertBanner } from '../components/alert-banner.tsx';
import { DeckContext } from '../components/deck.ts';
import { LinkBanner } from '../components/link-banner.tsx';
import { MarketRail } from '../components/market-rail.tsx';
import { CompositeCorner, DevelopingCorner } from './corners.tsx';
import { CumulativeDelta } from './delta.tsx';
import { FeedFlag } from './flags.tsx';
import { Hypothesis } from './hypothesis.tsx';
import { Lamps } from './lamps.tsx';
import {
  clock,
  draw,
  empty,
  factsOf,
  live,
  noMarket,
  row,
  type Scene,
  stale,
  storeOf,
  textIn,
} from './made-window.tsx';
import { MarketControls } from './market-controls.tsx';
import { Pressure } from './pressure.tsx';
import { Regime } from './regime.tsx';
import { Setups } from './setups.tsx';
import { Signals } from './signals.tsx';

vi.mock('@remix-run/react', () => import('../components/made-router.tsx'));

const machine = { node: 'eighty', plugin: 'x', initial: 'idle', finals: [], signals: true };
const setupFacts = {
  ...factsOf(true),
  machines: [{ ...machine, descriptions: { onePeriodIn: 'One period closed inside value.' } }],
};
const run = { rowsPerSecond: 0, pace: 1, seq: 1, late: 0, quarantined: [] as string[] };
const lamps: LiveValues['lamps'] = {
  node: 'eighty',
  state: 'onePeriodIn',
  ts: clock.now,
  event: 'period',
  seq: 5,
  transition: 'onePeriodIn:period:0',
  target: 'ready',
  leaves: [
    { ok: true, text: 'periods in value: 1 >= 1' },
    { ok: false, text: 'periods in value: 1 >= 2, by 1' },
  ],
};

describe('a panel of which the engine fell silent', () => {
  const shown = {
    lamps,
    facts: setupFacts,
    machines: [{ node: 'eighty', state: 'onePeriodIn', since: clock.now }],
    'table:tape.state': [{ pressure60: 0.41, pressure300: -0.2, volume60: 900, speed: 'fast' }],
    'table:delta.delta': [{ day: 5, low: -5, high: 9, rth: 5, condition: 'normal' }],
    'table:regime.regime': [{ regime: 'balance', missing: [], reason: 'r', since: clock.now }],
    'table:hypothesis.plan': [{ permits: true, tradeDate: '2025-11-24', bias: 'long' }],
  };

  it.each([
    ['pressure', Pressure],
    ['delta', CumulativeDelta],
  ])('%s drops its needle to a question mark', (_, Panel) => {
    expect(draw(Panel, live(shown))).not.toContain('needle-unknown');
    const html = draw(Panel, stale(shown));
    expect(html).toContain('needle-unknown');
    expect(html).not.toMatch(/pressure-bar|delta-line/);
  });

  it.each([
    ['lamps', Lamps],
    ['regime', Regime],
    ['setups', Setups],
  ])('%s claims no state', (_, Panel) => {
    expect(textIn(draw(Panel, live(shown)))).not.toContain('?');
    const html = draw(Panel, stale(shown));
    expect(textIn(html)).toContain('?');
    expect(textIn(html)).not.toMatch(/[●○◐]/);
    expect(html).not.toContain('lamp-on');
  });

  it('permits nothing any more', () => {
    expect(draw(Hypothesis, live(shown))).toContain('permits trades');
    expect(draw(Hypothesis, stale(shown))).not.toContain('permits trades');
    expect(draw(Hypothesis, stale(shown))).toContain('? permitted trades then');
  });

  it('says how old it is', () => {
    const deck = { aloneOf: () => null };
    const html = (store: LiveStore): string =>
      renderToString(
        <LiveStoreProvider store={store}>
          <DeckContext.Provider value={deck}>
            <Pressure />
          </DeckContext.Provider>
        </LiveStoreProvider>,
      );
    expect(textIn(html(stale(shown)))).toContain('(4.0 s ago)');
    expect(textIn(html(live(shown)))).not.toContain('ago)');
    expect(html(live(shown))).toContain('panel-live');
  });

  it('has no age and no rate in the rail', () => {
    expect(draw(MarketRail, live({ run }))).toContain('data-testid="ages"');
    expect(draw(MarketRail, stale({ run }))).not.toContain('data-testid="ages"');
  });
});

describe('a node that is out of the flow', () => {
  const out = { facts: setupFacts, run: { ...run, quarantined: ['eighty'] } };
  const machines = [{ node: 'eighty', state: 'onePeriodIn', since: clock.now }];

  it('stands among the setups as taken out, not at rest', () => {
    const read = textIn(draw(Setups, live({ ...out, machines })));
    expect(read).toContain('■ taken out of the flow');
    expect(read).not.toContain('on its way');
  });

  it('is named by the flag', () => {
    expect(textIn(draw(FeedFlag, live(out)))).toContain('eighty threw and hears nothing any more');
  });

  it('is to be acknowledged in every window, of whatever instrument', () => {
    const newest = { id: 4, symbol: 'NQ', node: 'eighty', text: 'threw', times: 3 };
    const read = textIn(draw(AlertBanner, live({ alerts: { revision: 2, open: 2, newest } })));
    expect(read).toContain('■ 2 to acknowledge NQ eighty: threw (3 times)');
    expect(read).toContain('Acknowledge A');
    const none = { revision: 3, open: 0, newest: null };
    expect(draw(AlertBanner, live({ run, alerts: none }))).toBe('');
  });

  it('is told from one of which nothing is known', () => {
    const read = textIn(draw(Setups, live({ facts: setupFacts, machines: [] })));
    expect(read).toContain('– no data: eighty');
  });
});

describe('the words of a panel', () => {
  it('name what the strategy waits for, and each comparison to those who have no pointer', () => {
    const html = draw(Lamps, live({ lamps }));
    expect(textIn(html)).toContain('1/2');
    expect(textIn(html)).toContain('blocked by periods in value: 1 &gt;= 2, by 1');
    expect(html).toContain('<button type="button" class="lamp lamp-on"');
    expect(html).toContain('aria-label="missing: periods in value: 1 &gt;= 2, by 1"');
  });

  it("say when today's area is final", () => {
    const table = { 'table:profile.developing': [row] };
    const at = (now: number): string =>
      textIn(draw(DevelopingCorner, live({ ...table, clock: { ...clock, now } })));
    expect(at(clock.now)).toContain('still developing');
    expect(at(1_764_018_000_000_000)).toContain('final since 16:00 ET');
    expect(at(1_764_018_000_000_000)).not.toContain('developing,');
  });

  it('say of what a level is made', () => {
    const read = (more: Row): string =>
      textIn(draw(CompositeCorner, live({ 'table:cva.area': [{ ...row, ...more }] })));
    expect(read({ partial: true })).toContain('only 2 days so far');
    expect(read({ approximate: true })).toContain('2 days, from bars, approximate');
  });

  it('say when a market that is closed opens', () => {
    const closed = { ...clock, phase: 'closed' as const, now: clock.open - 2_520_000_000 };
    const store = live({ clock: closed });
    expect(textIn(draw(FeedFlag, store))).toContain(
      'the market is closed; opens 18:00 ET, in 42 m',
    );
  });
});

describe('what a panel says of what is over or wrong', () => {
  it('says when and why the plan is over', () => {
    const plan = {
      tradeDate: '2025-11-24',
      permits: false,
      bias: 'long',
      condition: 'balance',
      reason: 'invalidated: two half hours closed beyond',
    };
    const machines = [{ node: 'hypothesis', state: 'invalidated', since: clock.now }];
    const html = draw(Hypothesis, live({ 'table:hypothesis.plan': [plan], machines }));
    expect(textIn(html)).toContain('✖ invalidated 10:00: two half hours closed beyond');
    expect(html).toContain('is-over');
    const valid = { ...plan, permits: true, reason: 'open' };
    const other = draw(Hypothesis, live({ 'table:hypothesis.plan': [valid], machines: [] }));
    expect(textIn(other)).toContain('✔ still valid');
    expect(other).not.toContain('is-over');
  });

  it('says that no signal came lately', () => {
    const signal = { ts: clock.now, node: 'other', port: 'signal', seq: 7, payload: {} };
    const after = (micros: number): string =>
      textIn(draw(Signals, live({ signals: [{ ...signal, ts: clock.now - micros }] })));
    expect(after(301_000_000)).toContain('none in 5 min, last 09:54:59');
    expect(after(299_000_000)).not.toContain('none in 5 min');
  });

  it('gives no side to what is zero', () => {
    const state = { pressure60: 0.002, pressure300: 0, volume60: 900, speed: 'normal' };
    expect(textIn(draw(Pressure, live({ 'table:tape.state': [state] })))).not.toMatch(/[▲▼]/);
    const delta = { day: 5, low: 2, high: 9, rth: 0, condition: 'normal' };
    const html = draw(CumulativeDelta, live({ 'table:delta.delta': [delta] }));
    expect(html).toContain('<span class="num live meta buy">2</span>');
  });

  it('says that the engine failed before anything was known', () => {
    const failed = storeOf({ values: {} });
    failed.takeHello({ kind: 'hello', v: 1, run: 'r', lastSeq: 0, gap: false }, 1);
    const feeds = [{ id: 'market', ageMs: null, state: 'failed' as const }];
    failed.takeBeat({ kind: 'beat', eng: 0, feeds }, 1);
    for (const Panel of [Regime, Lamps, Setups, Signals, MarketControls])
      expect(textIn(draw(Panel, failed))).toContain('the engine failed before it began');
  });

  it('tells a failed feed from a lost engine', () => {
    const read = (scene: Partial<Scene>): string =>
      textIn(draw(LinkBanner, storeOf({ values: { ...empty, clock }, ...scene })));
    expect(read({ feed: 'failed' })).toContain('✖ FAILED');
    expect(read({ feed: 'failed' })).not.toMatch(/no connection|Connecting again/);
    expect(read({ socket: 'closed' })).toContain('✖ DOWN');
    expect(read({ socket: 'closed' })).toContain('Connecting again by itself');
    const known = storeOf({
      values: { ...empty, clock, market: { ...noMarket, last: 6003.25 } },
      socket: 'closed',
    });
    expect(textIn(draw(LinkBanner, known))).toContain('last known: ES 6003.25 at 10:00:00 ET');
  });
});
