// What each panel of the page shows when all of its data is there, and when some of it is missing: for tests.
import type { LiveValues } from '../../live/values.ts';
import { clock, empty, factsOf, noMarket, row, type Scene } from './made-window.tsx';

const minute = 60_000_000;
const { now } = clock;
const market = { ...noMarket, last: 6003.25 };
const run = { rowsPerSecond: 0, pace: 1, seq: 1, late: 0, quarantined: [] as readonly string[] };
const next = [{ ts: now + 30 * minute, phase: 'rth-closing' as const }];
const machineFacts = {
  node: 'eighty',
  plugin: 'x',
  initial: 'idle',
  finals: [],
  signals: true,
  descriptions: { onePeriodIn: 'One period closed inside value.' },
};
const facts = { ...factsOf(true), machines: [machineFacts] };
const source = { state: 'running', canPace: true, pace: 60, jumpingTo: null, ageMs: 1 };
const signal = { ts: now - minute, node: 'eighty', port: 'signal', seq: 7, payload: {} };
const transition = {
  s: 1,
  type: 'transition' as const,
  ts: now,
  node: 'eighty',
  port: null,
  seq: 7,
  payload: { to: 'onePeriodIn' },
};

const lamps = (leaves: NonNullable<LiveValues['lamps']>['leaves']): LiveValues['lamps'] => ({
  node: 'eighty',
  state: 'onePeriodIn',
  ts: now,
  event: 'period',
  seq: 5,
  transition: 'onePeriodIn:period:0',
  target: 'ready',
  leaves,
});

const plan = {
  permits: true,
  tradeDate: '2025-11-24',
  bias: 'long',
  condition: 'balance day',
  version: 3,
  reason: 'written',
};

/** What a panel knows, and every number that a person may read in it, in order. */
interface Shown {
  readonly values?: Readonly<Record<string, unknown>>;
  readonly events?: Scene['events'];
  readonly reads: string;
}

const table = (place: string, more: Readonly<Record<string, unknown>>) => ({
  [`table:${place}`]: [more],
});
const speeds = '1× 10× 60× 120× 300× 600×';

/** By the id of the panel. A panel that shows nothing but words says the same of both. */
export const madePanels: Readonly<
  Record<string, { readonly live: Shown; readonly partial: Shown }>
> = {
  rail: {
    live: {
      values: table('profile.prior', { ...row, close: 6000.75 }),
      reads: '6003.25 +2.50 24 10:00:00 15:00:00 6 h 0 m left',
    },
    partial: { values: { market: noMarket }, reads: '24 10:00:00 15:00:00 6 h 0 m left' },
  },
  feed: {
    live: { values: { run: { ...run, quarantined: ['eighty'] } }, reads: '1 taken out' },
    partial: { values: { run }, reads: '' },
  },
  regime: {
    live: {
      values: table('regime.regime', {
        regime: 'balance',
        missing: [],
        reason: 'value overlaps',
        since: now - 16 * minute,
      }),
      reads: 'since 09:44:00 (16 m)',
    },
    partial: {
      values: table('regime.regime', { regime: 'unknown', missing: ['overnight ranges'] }),
      reads: '',
    },
  },
  pressure: {
    live: {
      values: table('tape.state', {
        pressure60: 0.41,
        pressure300: -0.2,
        volume60: 812,
        speed: 'fast',
      }),
      reads: '+41 −20 812',
    },
    partial: {
      values: table('tape.state', { pressure60: null, pressure300: 0.2, speed: 'unknown' }),
      reads: '+20',
    },
  },
  delta: {
    live: {
      values: table('delta.delta', { rth: 900, day: 1_842, low: -50, high: 2_000 }),
      reads: '+900 +1,842 −50 2,000',
    },
    partial: {
      values: table('delta.delta', { rth: null, day: 1_842, low: null, high: null }),
      reads: '+1,842',
    },
  },
  inventory: {
    live: {
      values: table('inventory.inventory', {
        net: 'long',
        inventory: 0.3,
        stage: 'night',
        low: 5990,
        high: 6010,
        above: 120,
        below: 80,
      }),
      reads: '+30 5990.00 6010.00 120 80',
    },
    partial: {
      values: table('inventory.inventory', { net: 'long', inventory: null, low: 5990 }),
      reads: '5990.00',
    },
  },
  opening: {
    live: {
      values: table('drive.type', {
        openingType: 'open-drive',
        open: 6000,
        location: 'inside',
        tradeDate: '2025-11-24',
      }),
      reads: '6000.00 2025-11-24',
    },
    partial: {
      values: table('drive.type', { openingType: null, stage: 'waiting', open: 6000 }),
      reads: '6000.00',
    },
  },
  lamps: {
    live: {
      values: {
        lamps: lamps([
          { ok: true, text: 'periods in value: 1 >= 1' },
          { ok: false, text: 'periods in value: 1 >= 2, by 1' },
        ]),
      },
      reads: '1/2 1 >= 2, by 1 10:00:00',
    },
    partial: { values: { lamps: lamps([]) }, reads: '0/0 10:00:00' },
  },
  cva: {
    live: {
      values: table('cva.area', { ...row, inForce: true }),
      reads: '6012.50 +37 6001.25 −8 5991.00 −49 2 days',
    },
    partial: {
      values: { market: noMarket, ...table('cva.area', { ...row, poc: null, partial: true }) },
      reads: '6012.50 5991.00 2 days',
    },
  },
  prior: {
    live: {
      values: table('profile.prior', row),
      reads: '6012.50 +37 6001.25 −8 5991.00 −49 2025-11-24',
    },
    partial: { values: table('profile.prior', { vah: 6012.5 }), reads: '6012.50 +37' },
  },
  dva: {
    live: {
      values: table('profile.developing', row),
      reads: '6012.50 +37 6001.25 −8 5991.00 −49',
    },
    partial: {
      values: table('profile.developing', { tradeDate: '2025-11-24', val: 5991 }),
      reads: '5991.00 −49',
    },
  },
  position: { live: { reads: '' }, partial: { reads: '' } },
  permission: { live: { reads: '' }, partial: { reads: '' } },
  // Its bars come by a request of the browser's own: price-pane.test.tsx.
  price: { live: { reads: '' }, partial: { reads: '' } },
  hypothesis: {
    live: {
      values: table('hypothesis.plan', {
        ...plan,
        scenarios: [{ id: 's', role: 'primary', if: 'low holds', action: 'buy', target: 6009.25 }],
      }),
      reads: 'target 6009.25 version 3 2025-11-24',
    },
    partial: { values: table('hypothesis.plan', { ...plan, version: null }), reads: '2025-11-24' },
  },
  stack: {
    live: {
      values: table('cva.stack', {
        composites: [{ label: 'newest', state: 'building', val: 5991, poc: 6001.25, vah: 6012.5 }],
        migration: 'up',
      }),
      reads: '5991.00 6001.25 6012.50',
    },
    partial: {
      values: table('cva.stack', { composites: [{ label: 'newest', val: 5991 }] }),
      reads: '5991.00',
    },
  },
  signals: {
    live: {
      values: { signals: [{ ...signal, payload: { side: 'long', price: 6003.25 } }] },
      reads: '09:59:00 6003.25 1 m ago',
    },
    partial: { values: { signals: [signal] }, reads: '09:59:00 1 m ago' },
  },
  setups: {
    live: {
      values: { machines: [{ node: 'eighty', state: 'onePeriodIn', since: now - 3 * minute }] },
      reads: '3 m',
    },
    partial: { values: { machines: [] }, reads: '' },
  },
  market: {
    live: { values: { source, clock: { ...clock, next } }, reads: `${speeds} 10:30 in 30 m` },
    partial: { values: { source, clock: { ...clock, next: [] } }, reads: speeds },
  },
  log: {
    live: { events: [transition], reads: '10:00:00' },
    partial: { events: [{ ...transition, node: '', seq: null, payload: {} }], reads: '10:00:00' },
  },
};

/** A scene in which the engine has said all that a panel shows, or some of it. */
export function sceneWith({ values, events = [] }: Shown, scene: Scene): Scene {
  const known = scene.values['facts'] as typeof facts | undefined;
  const own = { ...empty, clock, market, ...values };
  return {
    ...scene,
    events,
    values: { ...own, facts: { ...facts, source: known?.source ?? facts.source } },
  };
}
