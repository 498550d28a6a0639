import type { LiveStore } from './live-store.ts';

/** The part of a store that components read. */
export type StoreView = Pick<
  LiveStore,
  | 'value'
  | 'linkNow'
  | 'rateNow'
  | 'chooseRate'
  | 'agesNow'
  | 'eventsNow'
  | 'heardNow'
  | 'isFrozen'
  | 'freeze'
  | 'subscribe'
  | 'want'
  | 'wantedKeys'
>;

/**
 * A store as it was at one moment, for a panel that stands still. Where the link stands is told as it is: a panel that
 * stands still must not hide that the engine fell silent.
 */
export class StillStore implements StoreView {
  readonly eventsNow: StoreView['eventsNow'];
  private readonly live: StoreView;
  private readonly values: Map<string, unknown>;

  constructor(live: StoreView) {
    this.live = live;
    this.eventsNow = live.eventsNow;
    this.values = new Map(live.wantedKeys.map((key) => [key, live.value(key)]));
  }

  /** Returns the value of that moment; of a key nobody asked for by then, the one it has when it is first asked for. */
  value(key: string): unknown {
    if (!this.values.has(key)) {
      const value = this.live.value(key);
      if (value === undefined) return undefined;
      this.values.set(key, value);
    }
    return this.values.get(key);
  }

  /** Returns where the link stands now. */
  get linkNow(): StoreView['linkNow'] {
    return this.live.linkNow;
  }

  /** Returns how old the market and the engine are now. */
  get agesNow(): StoreView['agesNow'] {
    return this.live.agesNow;
  }

  /** Returns the events that came, those of this moment too. */
  get heardNow(): StoreView['heardNow'] {
    return this.live.heardNow;
  }

  /** Returns how many updates a second the window asks for. */
  get rateNow(): StoreView['rateNow'] {
    return this.live.rateNow;
  }

  /** Asks for so many updates a second. */
  chooseRate(hz: StoreView['rateNow']['hz']): void {
    this.live.chooseRate(hz);
  }

  /** Whether the whole page stands still. */
  get isFrozen(): boolean {
    return this.live.isFrozen;
  }

  /** Holds or lets go the whole page. */
  freeze(isFrozen: boolean): void {
    this.live.freeze(isFrozen);
  }

  /** Tells of changes; values have none. */
  subscribe(key: string, listener: () => void): () => void {
    return this.live.subscribe(key, listener);
  }

  /** Goes on asking the server, so that the panel is current as soon as it goes on. */
  want(key: string): () => void {
    return this.live.want(key);
  }

  /** Keys somebody wants. */
  get wantedKeys(): readonly string[] {
    return this.live.wantedKeys;
  }
}
