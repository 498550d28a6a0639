import { useMatches } from '@remix-run/react';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from 'react';
import type { RateState } from '../../live/frame-rate.ts';
import type { Link } from '../../live/link-state.ts';
import type { LiveValues, Row } from '../../live/values.ts';
import type { LiveEvent } from '../../live/wire.ts';
import { withInstrument } from '../instrument.ts';
import { LiveSocket } from './live-socket.ts';
import { type Ages, LiveStore } from './live-store.ts';
import type { StoreView } from './still-store.ts';

const StoreContext = createContext<StoreView | null>(null);

/** Values a loader hands to the page under the name `live`, so that the first paint has them. */
interface LiveData {
  readonly live?: Readonly<Record<string, unknown>>;
}

/** Each instrument has a store of its own, so that nothing of one is ever shown of another. */
function useStoreOf(instrument: string | null): LiveStore {
  const [held, setHeld] = useState(() => ({ instrument, store: new LiveStore() }));
  if (held.instrument === instrument) return held.store;
  const next = { instrument, store: new LiveStore() };
  setHeld(next);
  return next.store;
}

/** Address of the gateway for an instrument; null for the flow's first. */
function gatewayOf(instrument: string | null): string {
  const { protocol, host } = window.location;
  const address = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws`;
  return withInstrument(address, instrument);
}

function seedFrom(store: LiveStore, matches: readonly { readonly data: unknown }[]): void {
  for (const { data } of matches) {
    const { live = {} } = (data ?? {}) as LiveData;
    for (const [key, value] of Object.entries(live)) store.seed(key, value);
  }
}

/** Gives every component below it the live values of an instrument; connects once the page is in the browser. */
export function LiveProvider({
  instrument,
  children,
}: {
  /** Null for the flow's first. */
  readonly instrument: string | null;
  readonly children: ReactNode;
}) {
  const store = useStoreOf(instrument);
  seedFrom(store, useMatches());
  useEffect(() => {
    const socket = new LiveSocket(store, gatewayOf(instrument));
    socket.start();
    return () => socket.stop();
  }, [store, instrument]);
  return <StoreContext.Provider value={store}>{children}</StoreContext.Provider>;
}

/** Gives another store instead: one that stands still, or a made one in tests of components. */
export function LiveStoreProvider({
  store,
  children,
}: {
  readonly store: StoreView;
  readonly children: ReactNode;
}) {
  return <StoreContext.Provider value={store}>{children}</StoreContext.Provider>;
}

/** Returns the store of this part of the window. */
export function useLiveStore(): StoreView {
  const store = useContext(StoreContext);
  if (!store) throw new Error('Invariant: live values are used below <LiveProvider>');
  return store;
}

const nothing = (): void => {};

/** Returns the newest value of a key, undefined before the first; null for the key asks for nothing. */
export function useLive<K extends keyof LiveValues>(key: K | null): LiveValues[K] | undefined {
  const store = useLiveStore();
  const subscribe = useCallback(
    (listener: () => void) => {
      if (key === null) return nothing;
      const forget = store.subscribe(key, listener);
      const giveBack = store.want(key);
      return () => {
        forget();
        giveBack();
      };
    },
    [store, key],
  );
  const read = useCallback(() => (key === null ? undefined : store.value(key)), [store, key]);
  return useSyncExternalStore(subscribe, read, read) as LiveValues[K] | undefined;
}

/** Reads a part of the store that has a key of its own. */
function usePart<T>(key: string, readOf: (store: StoreView) => T): T {
  const store = useLiveStore();
  const subscribe = useCallback(
    (listener: () => void) => store.subscribe(key, listener),
    [store, key],
  );
  const read = useCallback(() => readOf(store), [store, readOf]);
  return useSyncExternalStore(subscribe, read, read);
}

const linkIn = (store: StoreView): Link => store.linkNow;
const isOldIn = ({ linkNow: { state } }: StoreView): boolean =>
  state === 'STALE' || state === 'DOWN';
const agesIn = (store: StoreView): Ages => store.agesNow;
const eventsIn = (store: StoreView): readonly LiveEvent[] => store.eventsNow;
const heardIn = (store: StoreView): readonly LiveEvent[] => store.heardNow;
const frozenIn = (store: StoreView): boolean => store.isFrozen;
const rateIn = (store: StoreView): RateState => store.rateNow;

/** Returns where the link stands. */
export function useLink(): Link {
  return usePart('link', linkIn);
}

/** Returns whether what is shown is old: what a sign, a lamp or a needle says may be true no more. */
export function useIsOld(): boolean {
  return usePart('link', isOldIn);
}

/** Says why nothing is known yet: the engine is starting, or it failed before it began. */
export function useStartReason(): string {
  const { trouble } = useLink();
  return trouble === 'feed'
    ? 'the engine failed before it began; Health says why'
    : 'the engine is starting';
}

/** Returns how old the market and the engine were at the last beat. */
export function useAges(): Ages {
  return usePart('ages', agesIn);
}

/** Returns the events to show, oldest first. */
export function useLiveEvents(): readonly LiveEvent[] {
  return usePart('events', eventsIn);
}

/** Returns the events that came, on a page that stands still too. */
export function useHeardEvents(): readonly LiveEvent[] {
  return usePart('events', heardIn);
}

/** Returns whether the page stands still. */
export function useFrozen(): boolean {
  return usePart('frozen', frozenIn);
}

/** Returns how many updates a second this window asks for. */
export function useRate(): RateState {
  return usePart('rate', rateIn);
}

/** What is known of a table of the running flow. */
export interface LiveTable {
  /** `loading` before the flow is known, `absent` when no node publishes the contract. */
  readonly place: 'loading' | 'absent' | 'wired';
  /** Node that publishes it; null unless wired. */
  readonly node: string | null;
  /** Rows, prices as decimals; empty before the first. */
  readonly rows: readonly Row[];
}

const noRows: readonly Row[] = [];

/** Returns the table of the first node that publishes a contract, such as `vwap-bands/1`. */
export function useTable(contract: string): LiveTable {
  const facts = useLive('facts');
  const found = facts?.ports[contract]?.find(({ kind }) => kind === 'table');
  const rows = useLive(found ? `table:${found.node}.${found.port}` : null);
  if (!facts) return { place: 'loading', node: null, rows: noRows };
  if (!found) return { place: 'absent', node: null, rows: noRows };
  return { place: 'wired', node: found.node, rows: rows ?? noRows };
}
