import type { Alert, AlertList, AlertsValue } from '../live/alerts.ts';

/** Alerts kept; the oldest that somebody acknowledged, or that need nobody, make room first. */
export const mostAlerts = 500;

/** What is written down, so that the next run knows it. */
export interface KeptAlerts {
  readonly since: number;
  readonly lastId: number;
  readonly dropped: number;
  /** The run ended in order; what it left then says so. */
  readonly isClosed: boolean;
  /** Oldest first. */
  readonly alerts: readonly Alert[];
}

/** What was kept cannot be read. */
export interface Unreadable {
  /** The file that has it still. */
  readonly unreadable: string;
}

/** Where alerts outlive the process. */
export interface AlertKeeper {
  /** Null when nothing was kept. */
  read(): KeptAlerts | Unreadable | null;
  /** Writes soon. */
  write(kept: () => KeptAlerts): void;
  /** Writes before it returns. */
  close(kept: KeptAlerts): void;
}

type NewAlert = Pick<Alert, 'kind' | 'level' | 'text'> &
  Partial<Pick<Alert, 'symbol' | 'ts' | 'node' | 'seq'>>;

const codeIn = (text: string): string | null => /\b(?:OF|WF)_[A-Z0-9_]+\b/.exec(text)?.[0] ?? null;
const isOpen = ({ level, acknowledged }: Alert): boolean =>
  level === 'alarm' && acknowledged === null;

/** What a start says of the run before it. */
function startedAgain({ isClosed }: KeptAlerts): NewAlert {
  const text = 'the engine was started again';
  if (isClosed) return { kind: 'engine', level: 'note', text };
  const why = 'the run before it did not end in order';
  return { kind: 'engine', level: 'alarm', text: `${text}; ${why}` };
}

function notRead(file: string): NewAlert {
  const text = `alerts of earlier runs could not be read; they are in ${file}, and a new list began`;
  return { kind: 'engine', level: 'alarm', text };
}

/** Alerts of a process and of the runs before it: the one list that every window reads. */
export class AlertBook {
  private readonly now: () => number;
  private readonly keeper: AlertKeeper | null;
  /** Oldest first. */
  private alerts: Alert[];
  private lastId: number;
  private dropped: number;
  private readonly since: number;
  private revision = 0;

  /**
   * @param now - Wall clock in milliseconds since 1970.
   * @param keeper - Null keeps alerts no longer than the process.
   */
  constructor(now: () => number, keeper: AlertKeeper | null = null) {
    this.now = now;
    this.keeper = keeper;
    const read = keeper?.read() ?? null;
    const lost = read !== null && 'unreadable' in read ? read.unreadable : null;
    const kept = read !== null && 'alerts' in read ? read : null;
    const { alerts, lastId, dropped, since } = kept ?? {
      ...{ alerts: [], lastId: 0, dropped: 0 },
      since: now(),
    };
    this.alerts = [...alerts];
    this.lastId = lastId;
    this.dropped = dropped;
    this.since = since;
    if (kept) this.add(startedAgain(kept));
    else if (lost !== null) this.add(notRead(lost));
    else this.changed();
  }

  /** Takes an alert. The same one again, while nobody acknowledged it, is counted. */
  add({ symbol = null, ts = 0, node = '', seq = null, ...said }: NewAlert): void {
    const at = this.alerts.findLastIndex(
      (one) =>
        one.acknowledged === null &&
        one.kind === said.kind &&
        one.symbol === symbol &&
        one.node === node &&
        one.text === said.text &&
        one.level === said.level,
    );
    const before = this.alerts[at];
    if (before) this.alerts.splice(at, 1);
    const times = (before?.times ?? 0) + 1;
    const id = (this.lastId += 1);
    const of = { symbol, ts, node, seq, code: codeIn(said.text), at: this.now() };
    this.alerts.push({ id, ...said, ...of, times, acknowledged: null });
    this.keepBounded();
    this.changed();
  }

  /**
   * Notes that somebody saw alerts; returns how many that were.
   *
   * @param isMeant - Which of those that are open.
   */
  acknowledge(isMeant: (alert: Alert) => boolean, by: string): number {
    const at = this.now();
    let count = 0;
    this.alerts = this.alerts.map((alert) => {
      if (!isOpen(alert) || !isMeant(alert)) return alert;
      count += 1;
      return { ...alert, acknowledged: { by, at } };
    });
    if (count > 0) this.changed();
    return count;
  }

  /** Whether an alert of a node of an instrument is kept. */
  tellsOf(symbol: string, node: string): boolean {
    return this.alerts.some((one) => one.symbol === symbol && one.node === node);
  }

  /** What every window is told. */
  get value(): AlertsValue {
    const open = this.alerts.filter(isOpen);
    const newest = open.at(-1);
    const { revision } = this;
    if (!newest) return { revision, open: 0, newest: null };
    const { id, symbol, node, text, times } = newest;
    return { revision, open: open.length, newest: { id, symbol, node, text, times } };
  }

  /** All alerts that are kept. */
  get list(): AlertList {
    const { dropped, since } = this;
    return { alerts: this.alerts.toReversed(), dropped, since };
  }

  /** The process ends in order. */
  close(): void {
    this.keeper?.close(this.kept(true));
  }

  private keepBounded(): void {
    while (this.alerts.length > mostAlerts) {
      const settled = this.alerts.findIndex((alert) => !isOpen(alert));
      this.alerts.splice(Math.max(0, settled), 1);
      this.dropped += 1;
    }
  }

  private changed(): void {
    this.revision += 1;
    this.keeper?.write(() => this.kept(false));
  }

  private kept(isClosed: boolean): KeptAlerts {
    const { since, lastId, dropped, alerts } = this;
    return { since, lastId, dropped, isClosed, alerts };
  }
}
