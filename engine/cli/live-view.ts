import { formatPrice, priceDecimals } from '../market/price.ts';
import {
  formatTradeDate,
  formatZoned,
  microsPerMillisecond,
  weekdayOf,
  type Zone,
  zonedDate,
} from '../market/time.ts';
import { formatCount, formatElapsed, formatShare, formatShort } from './format-number.ts';
import type { LiveSignal, LiveState, LiveTable } from './live-state.ts';
import { alignColumns, cutLine } from './text-table.ts';

type Row = Readonly<Record<string, unknown>>;

/** What the view shows beside the state of the flow. */
export interface LiveFrame {
  readonly state: LiveState;
  readonly columns: number;
  /** Lines the window has. */
  readonly rows: number;
  /** Rows of input in a second of wall time, lately. */
  readonly rowsPerSecond: number;
  /** Event time in a second of wall time, lately. */
  readonly pace: number;
  /** What the user can do or waits for, in a sentence. */
  readonly hint: string;
}

const none = '–';
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const zoneNames: Readonly<Record<Zone, string>> = {
  'America/New_York': 'ET',
  'America/Chicago': 'CT',
  UTC: 'UTC',
};
const leastSignals = 1;
const mostSignals = 10;

/** Writes the moment as people say it: `Wed 2025-11-19 10:04:10 ET`, in the evening with the trade date it belongs to. */
export function momentText({ task, now, tradeDate }: LiveState): string {
  if (tradeDate === null) return 'no market data yet';
  const { zone } = task.graph;
  const date = zonedDate(zone, now);
  const day = `${weekdays[weekdayOf(date)] ?? ''} ${formatTradeDate(date)}`;
  const evening = date === tradeDate ? '' : `  trade date ${formatTradeDate(tradeDate)}`;
  return `${day} ${formatZoned(zone, now)} ${zoneNames[zone]}${evening}`;
}

/** Writes the last price; before the first trade why there is none. */
export function lastPriceText({ task }: LiveState): string {
  const { aggressor, instrument } = task;
  return aggressor.traded === 1
    ? formatPrice(instrument, aggressor.lastPrice)
    : `${none} (no trade yet)`;
}

/** Writes prices of the frame's instrument from rows in edge form. */
class Prices {
  private readonly decimals: number;

  constructor(state: LiveState) {
    this.decimals = priceDecimals(state.task.instrument);
  }

  of(row: Row, field: string): string {
    const value = row[field];
    return typeof value === 'number' ? value.toFixed(this.decimals) : none;
  }
}

function marketLine(frame: LiveFrame): string {
  const { task, phase } = frame.state;
  const { aggressor, instrument } = task;
  const quote =
    aggressor.quoted === 1
      ? `bid ${formatPrice(instrument, aggressor.bid)}  ask ${formatPrice(instrument, aggressor.ask)}`
      : 'no quote';
  return `${instrument.symbol} ${lastPriceText(frame.state)}   ${quote}   ${phase ?? none}`;
}

/** Returns the row's text, or a dash with the reason why there is none. */
function levelText(
  table: LiveTable,
  row: Row | undefined,
  reason: string,
  text: (row: Row) => string,
): string {
  if (!table.isWired) return `${none} (no node of this flow publishes it)`;
  return row === undefined ? `${none} (${reason})` : text(row);
}

function areaText(row: Row, prices: Prices): string {
  return `VAH ${prices.of(row, 'vah')}  POC ${prices.of(row, 'poc')}  VAL ${prices.of(row, 'val')}`;
}

function compositeText(row: Row, prices: Prices): string {
  if (row['inForce'] === false) return `${none} (the contract rolled: not in force)`;
  const { sessions, partial } = row;
  const count = Array.isArray(sessions) ? sessions.length : 0;
  return `${areaText(row, prices)}  ${count} sessions${partial === true ? ', partial' : ''}`;
}

function vwapText(row: Row, prices: Prices, isWide: boolean): string {
  const outer = isWide ? `  2σ ${prices.of(row, 'down2')} to ${prices.of(row, 'up2')}` : '';
  const remark = row['complete'] === false ? '  (data began late)' : '';
  return `${prices.of(row, 'vwap')}  1σ ${prices.of(row, 'down1')} to ${prices.of(row, 'up1')}${outer}${remark}`;
}

function levelLines({ state, columns }: LiveFrame): string[] {
  const prices = new Prices(state);
  const { prior, composite, developing, vwap, tradeDate } = state;
  const anchor = (name: string): Row | undefined => vwap.rows.find((row) => row['anchor'] === name);
  const date = tradeDate === null ? '' : formatTradeDate(tradeDate);
  const today = developing.rows.find((row) => row['tradeDate'] === date);
  const rth = anchor('rth');
  const ofVwap = (row: Row): string => vwapText(row, prices, columns >= 100);
  return alignColumns([
    [
      '  prior session',
      levelText(
        prior,
        prior.rows[0],
        'no session was completed yet',
        (row) => `${areaText(row, prices)}  of ${String(row['tradeDate'])}`,
      ),
    ],
    [
      '  composite',
      levelText(composite, composite.rows[0], 'too few completed sessions yet', (row) =>
        compositeText(row, prices),
      ),
    ],
    [
      '  developing',
      levelText(developing, today, 'nothing traded in regular hours today', (row) =>
        areaText(row, prices),
      ),
    ],
    ['  VWAP day', levelText(vwap, anchor('globex'), 'no volume since 18:00', ofVwap)],
    [
      '  VWAP RTH',
      levelText(
        vwap,
        rth?.['tradeDate'] === date ? rth : undefined,
        'regular hours have not begun',
        ofVwap,
      ),
    ],
  ]);
}

/** Parallel regions make long texts; how long a machine has been there must stay in sight. */
const widestState = 40;

function machineLines({ state, columns }: LiveFrame): string[] {
  const cells = state.machines.map(({ node, state: text, since }) => {
    const age = since === null ? none : formatElapsed((state.now - since) / microsPerMillisecond);
    return [node, cutLine(text, widestState), age] as const;
  });
  if (cells.length === 0) return ['  – (no node of this flow has a machine)'];
  const lines = alignColumns(cells, [2]);
  const width = Math.max(...lines.map((line) => line.length));
  const perLine = Math.max(1, Math.floor((columns - 2) / (width + 4)));
  const perColumn = Math.ceil(lines.length / perLine);
  return Array.from({ length: perColumn }, (_, i) => {
    const parts = Array.from({ length: perLine }, (__, k) => lines[i + k * perColumn]).filter(
      (part) => part !== undefined,
    );
    return `  ${parts.map((part) => part.padEnd(width)).join('    ')}`.trimEnd();
  });
}

/** Writes a signal in one line: when, who, which side at what price, where to, why. */
function signalText(signal: LiveSignal, state: LiveState): string {
  const prices = new Prices(state);
  const { payload } = signal;
  const { side, reason } = payload;
  const target = typeof payload['target'] === 'number' ? ` to ${prices.of(payload, 'target')}` : '';
  const at = 'price' in payload ? prices.of(payload, 'price') : prices.of(payload, 'entry');
  const why = typeof reason === 'string' ? `  ${reason}` : '';
  return `${formatZoned(state.task.graph.zone, signal.ts)}  ${signal.node}.${signal.port}  ${String(side)} ${at}${target}${why}`;
}

function signalLines(frame: LiveFrame, most: number): string[] {
  const { signals } = frame.state;
  if (signals.length === 0) return ['  – (none yet)'];
  return signals.slice(0, most).map((signal) => {
    const { task, now } = frame.state;
    const date = zonedDate(task.graph.zone, signal.ts);
    // Only what is not of today needs its date.
    const day =
      date === zonedDate(task.graph.zone, now) ? '' : `${formatTradeDate(date).slice(5)} `;
    return `  ${day}${signalText(signal, frame.state)}`;
  });
}

/** Writes shares and counts of the input: what was inferred, not known, late. */
export function inputText({ task }: LiveState): string {
  const { trades, volume, unknownVolume, late } = task.clock;
  const unknown = volume > 0 ? formatShare(unknownVolume / volume) : none;
  return `${formatCount(trades)} trades  aggressor unknown ${unknown}  late ${formatCount(late)}`;
}

/** Writes where the journal stands. */
export function journalText({ task }: LiveState): string {
  return `journal ${formatCount(task.journal.seq)}  ${task.journal.hash.slice(0, 16)}`;
}

function footLines({ state, rowsPerSecond, pace, hint }: LiveFrame): string[] {
  const speed = pace >= 10 ? formatShort(pace) : pace.toFixed(1);
  const quarantined = state.task.nodes.filter((node) => node.quarantined).map((node) => node.id);
  return [
    ...(quarantined.length > 0
      ? [`  QUARANTINED ${quarantined.join(', ')}: see the dead letters`]
      : []),
    `  ${formatShort(rowsPerSecond)} rows/s  ${speed}× life  ${inputText(state)}`,
    `  ${journalText(state)}  ${hint}`,
  ];
}

/** Returns the view as lines that fit the window; the heading of each block begins in the first column. */
export function renderLive(frame: LiveFrame): string[] {
  const { state, columns, rows } = frame;
  const { graph } = state.task;
  const head = [`${graph.name} ${graph.version}   ${momentText(state)}`, marketLine(frame)];
  const levels = ['Levels', ...levelLines(frame)];
  const machines = ['Machines', ...machineLines(frame)];
  const foot = ['Run', ...footLines(frame)];
  // The cursor rests on the line below the last one.
  const left = rows - 1 - (head.length + levels.length + machines.length + foot.length + 1);
  const signals = [
    'Signals',
    ...signalLines(frame, Math.min(mostSignals, Math.max(leastSignals, left))),
  ];
  const lines = [...head, ...levels, ...machines, ...signals, ...foot];
  return lines.slice(0, Math.max(1, rows - 1)).map((line) => cutLine(line, columns - 1));
}

/** Returns what a pipe gets of a signal: one line with its trade date. */
export function plainSignal(signal: LiveSignal, state: LiveState): string {
  const { tradeDate } = signal.payload;
  return `signal  ${typeof tradeDate === 'string' ? `${tradeDate} ` : ''}${signalText(signal, state)}`;
}

/** Returns what a pipe gets instead of the view: one line. */
export function plainLine({ state, rowsPerSecond }: LiveFrame): string {
  const { phase } = state;
  return [
    momentText(state),
    phase ?? none,
    `${state.task.instrument.symbol} ${lastPriceText(state)}`,
    `${formatShort(rowsPerSecond)} rows/s`,
    inputText(state),
    journalText(state),
  ].join('  ');
}
