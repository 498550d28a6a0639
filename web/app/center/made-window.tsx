import type { ComponentType } from 'react';
import { renderToString } from 'react-dom/server';
import type { ClockValue, FactsValue, LiveValues, Row } from '../../live/values.ts';
import type { Beat, FeedState, LiveEvent } from '../../live/wire.ts';
import { LiveStore } from '../client/live-store.ts';
import { LiveStoreProvider } from '../client/use-live.tsx';
import { DeckContext } from '../components/deck.ts';

const tables: Readonly<Record<string, string>> = {
  'regime/1': 'regime.regime',
  'tape-state/1': 'tape.state',
  'cumulative-delta/1': 'delta.delta',
  'composite-area/1': 'cva.area',
  'developing-profile/1': 'profile.developing',
  'prior-profile/1': 'profile.prior',
  'hypothesis/1': 'hypothesis.plan',
  'overnight-inventory/1': 'inventory.inventory',
  'composite-stack/1': 'cva.stack',
  'opening-type/1': 'drive.type',
};

export function factsOf(isWired: boolean, isReplay = false): FactsValue {
  const ports = Object.entries(tables).map(([contract, place]) => {
    const [node = '', port = ''] = place.split('.');
    return [contract, [{ node, port, kind: 'table' as const, plugin: node }]] as const;
  });
  return {
    flow: 'made',
    version: 'x',
    zone: 'America/New_York',
    instrument: { symbol: 'ES', name: 'E-mini', tickSize: 0.25, decimals: 2 },
    instruments: ['ES'],
    source: { id: 'market', plugin: isReplay ? 'replay' : 'simulator', isReplay },
    ports: isWired ? Object.fromEntries(ports) : {},
    calendar: {},
    machines: [],
  };
}

export const noMarket: LiveValues['market'] = {
  last: null,
  bid: null,
  ask: null,
  trades: 0,
  volume: 0,
  unknownVolume: 0,
};

export interface Scene {
  readonly values: Readonly<Record<string, unknown>>;
  readonly feed?: FeedState;
  readonly silentMs?: number;
  readonly socket?: 'closed';
  /** The server has painted the page; no word came over the socket yet. */
  readonly isUnanswered?: true;
  readonly events?: readonly LiveEvent[];
}

const emptyTables = Object.fromEntries(
  Object.values(tables).map((place) => [`table:${place}`, [] as Row[]]),
);
export const empty = {
  facts: factsOf(true),
  market: noMarket,
  clock: null,
  machines: [],
  signals: [],
  lamps: null,
  ...emptyTables,
};

/** Every state of the link, and each way to have no data, without a single number in what is known. */
export const scenes: Readonly<Record<string, Scene>> = {
  loading: { values: {}, isUnanswered: true },
  'no table wired': { values: { ...empty, facts: factsOf(false) } },
  'empty and live': { values: empty },
  quiet: { values: empty, feed: 'paused' },
  closed: { values: empty, feed: 'ended' },
  lagging: { values: empty, feed: 'catching-up' },
  stale: { values: empty, silentMs: 4_000 },
  replay: { values: { ...empty, facts: factsOf(true, true) } },
  down: { values: empty, socket: 'closed' },
  failed: { values: empty, feed: 'failed' },
  'failed before it began': { values: {}, feed: 'failed' },
};

export function storeOf({
  values,
  feed = 'running',
  silentMs = 0,
  socket,
  isUnanswered,
  events = [],
}: Scene): LiveStore {
  const store = new LiveStore();
  for (const [key, value] of Object.entries(values)) store.seed(key, value);
  store.connecting(1);
  if (isUnanswered) return store;
  store.takeHello({ kind: 'hello', v: 1, run: 'r', lastSeq: 0, gap: false }, 1);
  const beat: Beat = { kind: 'beat', eng: 0, feeds: [{ id: 'market', ageMs: 1, state: feed }] };
  store.takeBeat(beat, 1);
  const cut = { kind: 'frame', n: 1, asOf: 1, t1: {}, lists: {}, gone: [], lost: 0 } as const;
  if (events.length > 0) store.takeFrame({ ...cut, ev: events }, 1);
  store.judge(1 + silentMs);
  if (socket === 'closed') store.closed(1, 1006);
  return store;
}

export function draw(Panel: ComponentType, store: LiveStore): string {
  return renderToString(
    <LiveStoreProvider store={store}>
      <Panel />
    </LiveStoreProvider>,
  );
}

/** The same as it stands on the page, where a panel has a menu and says its age. */
export function drawOnDeck(Panel: ComponentType, store: LiveStore): string {
  const OnDeck = () => (
    <DeckContext.Provider value={{ aloneOf: () => null }}>
      <Panel />
    </DeckContext.Provider>
  );
  return draw(OnDeck, store);
}

export const row = {
  tradeDate: '2025-11-24',
  vah: 6012.5,
  poc: 6001.25,
  val: 5991,
  sessions: ['a', 'b'],
};
export const clock: ClockValue = {
  now: 1_763_996_400_000_000,
  phase: 'rth-main',
  tradeDate: 20251124,
  open: 1_763_938_800_000_000,
  close: 1_764_021_600_000_000,
  rthOpen: 1_763_994_600_000_000,
  rthEnd: 1_764_018_000_000_000,
  next: [],
};

export function live(more: Readonly<Record<string, unknown>>): LiveStore {
  return storeOf({ values: { ...empty, clock, market: { ...noMarket, last: 6003.25 }, ...more } });
}

/** What a person reads. */
export const textIn = (html: string): string =>
  html
    .replaceAll(/<!-- -->/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');

/** Numbers a person reads, without those of the method, and without ages, which are known. */
export const digitsIn = (html: string): string[] =>
  textIn(html)
    .replaceAll('&#x27;', "'")
    .replaceAll(/(for|last word) \d+\.\d s|\(\d+\.\d s ago\)|(feed|eng)\s+\d+ ms/g, '')
    .replaceAll(/\b(60 s|5 min)\b/g, '')
    .match(/\d+/g) ?? [];

/** The same, of a window whose engine fell silent. */
export function stale(more: Readonly<Record<string, unknown>>): LiveStore {
  const store = live(more);
  store.judge(4_001);
  return store;
}
