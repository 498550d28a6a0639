import { type FrameRate, frameRates, type RateState } from '../../live/frame-rate.ts';
import { type Link, linkOf, worstFeed } from '../../live/link-state.ts';
import { changedList } from '../../live/list-change.ts';
import type { ClockValue, FactsValue } from '../../live/values.ts';
import type { Beat, FeedBeat, Frame, Hello, LiveEvent } from '../../live/wire.ts';

/** Events kept in the window; older ones are asked of the server. */
const mostEvents = 500;
/** What is told on a page that stands still too. */
const toldAtOnce = 'alerts';

type Listener = () => void;

/** How old the market and the engine were at the last beat, in milliseconds; null what is not known. */
export interface Ages {
  readonly feedMs: number | null;
  readonly engineMs: number | null;
}

/** Ages before the first beat. */
export const noAges: Ages = { feedMs: null, engineMs: null };

/** A link before anything is known, as the server paints it. */
export const firstLink: Link = { state: 'LOADING', ageMs: null, text: 'connecting to the engine' };

/**
 * What a window knows, and who wants to hear of it. Values come in frames; listeners are told once per painted frame,
 * whatever the number of frames that came meanwhile. Nothing in it knows sockets or clocks.
 */
export class LiveStore {
  /** Told when the set of wanted keys changed. */
  onWant: ((keys: readonly string[]) => void) | null = null;
  /** Told once for many changes; calls {@link flush} when it is time to paint. */
  onDirty: (() => void) | null = null;
  /** Told of the updates a second that the user chose. */
  onRate: ((hz: FrameRate) => void) | null = null;
  /** Run of the server the events are of; null before the first hello. */
  run: string | null = null;
  lastSeq = 0;
  asOf = 0;
  private readonly values = new Map<string, unknown>();
  /** Lists as this connection told them last, on a page that stands still too: changes count from these. */
  private readonly lists = new Map<string, readonly unknown[]>();
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly wanted = new Map<string, number>();
  private readonly dirty = new Set<string>();
  private events: readonly LiveEvent[] = [];
  /** Events as they were when the page was made to stand still; null while it moves. */
  private stillEvents: readonly LiveEvent[] | null = null;
  private link: Link = firstLink;
  private rate: RateState = { hz: frameRates[0], chosen: frameRates[0], isReduced: false };
  private socket: 'connecting' | 'open' | 'closed' = 'connecting';
  private closeCode: number | null = null;
  private since = 0;
  private beatAt: number | null = null;
  private hasGap = false;
  private retryAt: number | null = null;
  private feed: FeedBeat | null = null;
  private ages: Ages = noAges;
  private frozen = false;
  private isOfOldRun = false;
  private held = new Map<string, unknown>();

  /** Returns the newest value of a key; undefined before the first. */
  value(key: string): unknown {
    return this.values.get(key);
  }

  /** Returns where the link stands. */
  get linkNow(): Link {
    return this.link;
  }

  /** Returns how many updates a second are asked for. */
  get rateNow(): RateState {
    return this.rate;
  }

  /** The user chose so many updates a second. */
  chooseRate(hz: FrameRate): void {
    this.onRate?.(hz);
  }

  /** Notes how many updates a second are asked for from now on. */
  setRate(rate: RateState): void {
    this.rate = rate;
    this.mark('rate');
  }

  /** Returns how old the market and the engine were at the last beat. */
  get agesNow(): Ages {
    return this.ages;
  }

  /** Returns the events to show, oldest first; the same array until one comes. */
  get eventsNow(): readonly LiveEvent[] {
    return this.stillEvents ?? this.events;
  }

  /** Returns the events that came, oldest first, on a page that stands still too: what is heard of is not held back. */
  get heardNow(): readonly LiveEvent[] {
    return this.events;
  }

  /** Takes a value the page was painted with; what came over the socket counts more. */
  seed(key: string, value: unknown): void {
    if (!this.values.has(key)) this.values.set(key, value);
  }

  /** Whether the page stands still while the market goes on. */
  get isFrozen(): boolean {
    return this.frozen;
  }

  /** Holds what comes back, or shows all of it at once. The link is judged and shown, and alerts are told, all the same. */
  freeze(isFrozen: boolean): void {
    this.frozen = isFrozen;
    this.stillEvents = isFrozen ? this.eventsNow : null;
    this.mark('frozen');
    if (isFrozen) return;
    if (this.isOfOldRun) this.forgetRun();
    for (const [key, value] of this.held) this.set(key, value);
    this.held = new Map();
    this.mark('events');
  }

  /**
   * Tells of a key from now on (`link`, `ages`, `events`, `frozen` and `rate` are keys too); returns how to end it.
   */
  subscribe(key: string, listener: Listener): () => void {
    let set = this.listeners.get(key);
    if (!set) this.listeners.set(key, (set = new Set()));
    set.add(listener);
    return () => set.delete(listener);
  }

  /** Asks the server for a key as long as somebody wants it; returns how to give it back. */
  want(key: string): () => void {
    const count = this.wanted.get(key) ?? 0;
    this.wanted.set(key, count + 1);
    if (count === 0) this.onWant?.(this.wantedKeys);
    return () => {
      const left = (this.wanted.get(key) ?? 1) - 1;
      if (left > 0) this.wanted.set(key, left);
      else {
        this.wanted.delete(key);
        this.onWant?.(this.wantedKeys);
      }
    };
  }

  /** Keys somebody wants. */
  get wantedKeys(): readonly string[] {
    return [...this.wanted.keys()];
  }

  /** The connection begins anew. */
  connecting(now: number): void {
    // What was lost stays lost until the server speaks again.
    if (this.beatAt === null) this.socket = 'connecting';
    if (this.since === 0) this.since = now;
    this.judge(now);
  }

  /** The connection is gone, with the code the server gave or the browser found. */
  closed(now: number, code: number): void {
    this.socket = 'closed';
    this.closeCode = code;
    this.judge(now);
  }

  /** The next connection is tried at a moment of the browser's own clock. */
  waiting(retryAt: number, now: number): void {
    this.retryAt = retryAt;
    this.judge(now);
  }

  /** The server's first word. */
  takeHello(hello: Hello, now: number): void {
    this.socket = 'open';
    this.closeCode = null;
    this.retryAt = null;
    this.lists.clear();
    this.beatAt = now;
    if (this.run !== null && hello.run !== this.run) this.runEnded();
    // Of another run nothing is known; of this one the missing events cannot be told any more.
    if (hello.run !== this.run || hello.gap) {
      this.events = [];
      this.lastSeq = hello.lastSeq;
      this.mark('events');
    }
    this.run = hello.run;
    this.hasGap = false;
    this.judge(now);
  }

  /** The pulse. */
  takeBeat({ feeds, eng }: Beat, now: number): void {
    this.beatAt = now;
    this.feed = worstFeed(feeds);
    this.ages = { feedMs: this.feed?.ageMs ?? null, engineMs: eng };
    this.mark('ages');
    this.judge(now);
  }

  /** A cut; an event out of order is a gap, which the owner of the socket mends by connecting again. */
  takeFrame(frame: Frame, now: number): { readonly isWhole: boolean } {
    const { ev, lost, asOf } = frame;
    this.beatAt = now;
    this.asOf = asOf;
    for (const [key, value] of this.valuesOf(frame)) {
      if (this.frozen && key !== toldAtOnce) this.held.set(key, value);
      else this.set(key, value);
    }
    const fresh = ev.filter(({ s }) => s > this.lastSeq);
    const first = fresh[0];
    this.hasGap = lost > 0 || (first !== undefined && first.s !== this.lastSeq + 1);
    if (fresh.length > 0 && !this.hasGap) {
      this.lastSeq = fresh.at(-1)?.s ?? this.lastSeq;
      this.addEvents(fresh);
    }
    this.judge(now);
    return { isWhole: !this.hasGap };
  }

  private valuesOf({ t1, lists, gone }: Frame): readonly (readonly [string, unknown])[] {
    const changed = Object.entries(lists).map(
      ([key, change]) => [key, changedList(this.lists.get(key) ?? [], change)] as const,
    );
    const values = [...Object.entries(t1), ...changed];
    for (const [key, value] of values)
      if (Array.isArray(value)) this.lists.set(key, value as readonly unknown[]);
    return [...values, ...gone.map((key) => [key, undefined] as const)];
  }

  /** Judges the link anew; called a few times a second whether anything comes or not. */
  judge(now: number): void {
    const facts = this.values.get('facts') as FactsValue | undefined;
    const clock = this.values.get('clock') as ClockValue | null | undefined;
    const link = linkOf({
      now,
      socket: this.socket,
      closeCode: this.closeCode,
      since: this.since,
      beatAt: this.beatAt,
      hasGap: this.hasGap,
      isReplay: facts?.source?.isReplay ?? false,
      retryAt: this.retryAt,
      feed: this.feed,
      engineMs: this.ages.engineMs,
      phase: clock?.phase ?? null,
    });
    const { state, text } = this.link;
    this.link = state === link.state && text === link.text ? this.link : link;
    if (this.link === link) this.mark('link');
  }

  /** Tells everyone whose keys changed. */
  flush(): void {
    const keys = [...this.dirty];
    this.dirty.clear();
    for (const key of keys) for (const listener of this.listeners.get(key) ?? []) listener();
  }

  /** What a run said is not true of the next one. A page that stands still keeps it until it goes on. */
  private runEnded(): void {
    this.held = new Map();
    this.isOfOldRun = true;
    if (!this.frozen) this.forgetRun();
  }

  private forgetRun(): void {
    this.isOfOldRun = false;
    const keys = [...this.values.keys()];
    this.values.clear();
    for (const key of keys) this.mark(key);
  }

  private set(key: string, value: unknown): void {
    this.values.set(key, value);
    this.mark(key);
  }

  private addEvents(fresh: readonly LiveEvent[]): void {
    if (fresh.length === 0) return;
    this.events = [...this.events, ...fresh].slice(-mostEvents);
    this.mark('events');
  }

  private mark(key: string): void {
    this.dirty.add(key);
    this.onDirty?.();
  }
}
