import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  LineSeries,
  LineStyle,
  type Logical,
  type SeriesMarker,
  type UTCTimestamp,
} from 'lightweight-charts';
import { sideOf } from '../../live/side.ts';
import type { LiveValues, Row } from '../../live/values.ts';
import { clockText, dateText } from '../format.ts';
import {
  ascending,
  type BandPoint,
  bandPoints,
  brokenLines,
  timeOf,
  unseen,
} from './band-points.ts';
import { namedOf, nameWidth, type Sight, sightOf } from './chart-room.ts';
import { numberOf } from './fields.ts';

const microsPerSecond = 1_000_000;
/** A horizontal level with its name on the axis; the pattern of the line tells levels apart without colour. */
export interface ChartLevel {
  readonly id: string;
  readonly price: number;
  readonly title: string;
  readonly token: string;
  readonly style: 'solid' | 'dashed' | 'dotted';
  readonly width: 1 | 2;
}

/** Lines of the bands of VWAP by field, and how each is drawn. */
const bandLines = [
  { field: 'vwap', style: LineStyle.Dashed, width: 2, title: 'VWAP' },
  { field: 'up1', style: LineStyle.Dotted, width: 1, title: '' },
  { field: 'down1', style: LineStyle.Dotted, width: 1, title: '' },
  { field: 'up2', style: LineStyle.Dotted, width: 1, title: '' },
  { field: 'down2', style: LineStyle.Dotted, width: 1, title: '' },
  { field: 'up3', style: LineStyle.Dotted, width: 1, title: '' },
  { field: 'down3', style: LineStyle.Dotted, width: 1, title: '' },
] as const;

/** How a signal is marked; one that names no direction points nowhere. */
export const signalMarks = {
  long: { position: 'belowBar', shape: 'arrowUp', color: '--buy' },
  short: { position: 'aboveBar', shape: 'arrowDown', color: '--sell' },
  none: { position: 'aboveBar', shape: 'circle', color: '--muted' },
} as const;

const styles = { solid: LineStyle.Solid, dashed: LineStyle.Dashed, dotted: LineStyle.Dotted };

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function barSeconds(bar: Row | undefined): number | null {
  const [start, end] = [numberOf(bar, 'start'), numberOf(bar, 'end')];
  return start === null || end === null || end <= start ? null : (end - start) / microsPerSecond;
}

/** The chart of the price pane. It draws rows of the flow's own topics and knows nothing else. */
export class PriceChart {
  private readonly chart: IChartApi;
  private readonly candles: ISeriesApi<'Candlestick'>;
  private readonly bands: ReadonlyMap<string, ISeriesApi<'Line'>>;
  private readonly markers: ISeriesMarkersPluginApi<UTCTimestamp>;
  private readonly colors = {
    '--buy': token('--buy'),
    '--sell': token('--sell'),
    '--muted': token('--muted'),
  } as const;
  private readonly levels = new Map<string, { readonly line: IPriceLine; readonly key: string }>();
  /** The last point of each line, with its anchor. */
  private readonly ends = new Map<string, BandPoint>();
  private titles: readonly string[] = [];
  private signals: LiveValues['signals'] = [];
  private drawnMarks = '';
  private width = 0;
  /** As the bars were last shown by themselves. */
  private shown: Sight = { bars: 0, beside: 0 };
  private lastBar = 0;
  private lastBand = 0;
  private barSeconds = 300;
  private firstBar = 0;
  private count = 0;

  /** Somebody scrolled or zoomed since the newest bars were shown by themselves. */
  private isMoved = false;
  private readonly listening = new AbortController();

  constructor(box: HTMLElement, zone: string, decimals: number, tickSize: number) {
    for (const touch of ['wheel', 'pointerdown'])
      box.addEventListener(touch, () => (this.isMoved = true), {
        passive: true,
        signal: this.listening.signal,
      });
    this.chart = createChart(box, {
      autoSize: true,
      layout: {
        background: { color: token('--panel') },
        textColor: token('--muted'),
        fontFamily: token('--mono'),
        fontSize: 12,
        // The attribution stands below the chart as text: the library's own would need inline styles.
        attributionLogo: false,
      },
      grid: {
        vertLines: { color: token('--border-deco') },
        horzLines: { color: token('--border-deco') },
      },
      rightPriceScale: { borderColor: token('--border-deco') },
      timeScale: {
        borderColor: token('--border-deco'),
        timeVisible: true,
        tickMarkFormatter: (time: UTCTimestamp) =>
          clockText(zone, time * microsPerSecond).slice(0, 5),
      },
      localization: {
        timeFormatter: (time: UTCTimestamp) =>
          `${dateText(zone, time * microsPerSecond)} ${clockText(zone, time * microsPerSecond)}`,
      },
    });
    const priceFormat = { type: 'price', precision: decimals, minMove: tickSize } as const;
    this.candles = this.chart.addSeries(CandlestickSeries, {
      upColor: this.colors['--buy'],
      wickUpColor: this.colors['--buy'],
      borderUpColor: this.colors['--buy'],
      // Hollow and filled: the direction shows without colour too.
      downColor: token('--panel'),
      wickDownColor: this.colors['--sell'],
      borderDownColor: this.colors['--sell'],
      lastValueVisible: false,
      priceLineVisible: false,
      priceFormat,
    });
    this.bands = new Map(
      bandLines.map(({ field, style, width, title }) => [
        field,
        this.chart.addSeries(LineSeries, {
          color: token('--level-vwap'),
          lineStyle: style,
          lineWidth: width,
          // A line is named at the axis: colour alone does not tell it from a level.
          title,
          lastValueVisible: title !== '',
          // Prices decide the scale; bands that lie far out do not squeeze the bars.
          ...(title === '' ? { autoscaleInfoProvider: () => null } : {}),
          priceLineVisible: false,
          crosshairMarkerVisible: false,
          priceFormat,
        }),
      ]),
    );
    this.markers = createSeriesMarkers<UTCTimestamp>(
      this.candles as unknown as ISeriesApi<'Candlestick', UTCTimestamp>,
      [],
    );
    this.chart.timeScale().subscribeVisibleLogicalRangeChange(() => this.drawMarks());
    this.chart.timeScale().subscribeSizeChange((width) => this.resized(width));
  }

  /** Draws bars and bands anew. */
  setHistory(bars: readonly Row[], bands: readonly Row[]): void {
    const candles = ascending(bars.flatMap((bar) => this.candle(bar) ?? []));
    this.candles.setData(candles);
    this.barSeconds = barSeconds(bars.at(-1)) ?? this.barSeconds;
    this.firstBar = candles[0]?.time ?? 0;
    this.lastBar = candles.at(-1)?.time ?? 0;
    this.lastBand = 0;
    this.ends.clear();
    for (const [field, series] of this.bands) {
      const points = bandPoints(bands, field, this.barSeconds);
      series.setData(brokenLines(points));
      const end = points.at(-1);
      if (end) this.ends.set(field, end);
      this.lastBand = Math.max(this.lastBand, end?.time ?? 0);
    }
    this.count = candles.length;
    this.recentre();
  }

  /** Shows the newest bars, and fits prices again that were dragged. */
  recentre(): void {
    this.isMoved = false;
    this.candles.priceScale().applyOptions({ autoScale: true });
    this.shown = this.sight();
    const { bars, beside } = this.shown;
    this.chart
      .timeScale()
      .setVisibleLogicalRange({ from: this.count - bars, to: this.count + beside });
  }

  /** Shows the oldest bars that are there. */
  showOldest(): void {
    const { bars, beside } = this.sight();
    this.isMoved = true;
    this.chart.timeScale().setVisibleLogicalRange({ from: 0, to: bars + beside });
  }

  /** Shows the newest bars, as far apart as they are drawn now. */
  showNewest(): void {
    const scale = this.chart.timeScale();
    const seen = scale.getVisibleLogicalRange();
    const { beside } = this.sight();
    if (!seen) return;
    const to = this.count + beside;
    scale.setVisibleLogicalRange({ from: to - (seen.to - seen.from), to });
  }

  /** Draws one more bar; false when bars between are missing and the history has to be read again. */
  addBar(bar: Row): boolean {
    const candle = this.candle(bar);
    if (!candle || candle.time <= this.lastBar) return true;
    if (this.lastBar > 0 && candle.time - this.lastBar > this.barSeconds) return false;
    this.candles.update(candle);
    this.count += 1;
    this.lastBar = candle.time;
    return true;
  }

  /** Draws the bands of VWAP as they are now, at the last bar. */
  addBands(row: Row): void {
    if (this.lastBar === 0) return;
    // The bands may have been told of a bar that is still being made.
    const time = Math.max(this.lastBar, this.lastBand) as UTCTimestamp;
    const since = numberOf(row, 'since');
    // Of a new anchor the first bar is still being made: at the last one its line would be the old anchor's.
    if (since !== null && timeOf(since) > time) return;
    for (const [field, series] of this.bands) {
      const value = numberOf(row, field);
      if (value === null) continue;
      const end = this.ends.get(field);
      if (end && end.since !== since && end.time < time)
        series.update({ time: end.time, value: end.value, color: unseen });
      series.update({ time, value });
      this.ends.set(field, { time, value, since });
    }
  }

  /** Draws the levels given, and takes away those that are not. */
  setLevels(levels: readonly ChartLevel[]): void {
    const wanted = new Set(levels.map(({ id }) => id));
    for (const [id, { line }] of this.levels) {
      if (wanted.has(id)) continue;
      this.candles.removePriceLine(line);
      this.levels.delete(id);
    }
    for (const level of levels) this.setLevel(level);
    const titles = levels.map(({ title }) => title);
    // The last price moves all the time; names change a few times a day.
    if (titles.join() === this.titles.join()) return;
    this.titles = titles;
    this.keepRoom();
  }

  /** Marks signals at their bars. */
  setSignals(signals: LiveValues['signals']): void {
    this.signals = signals;
    this.keepRoom();
  }

  /** Takes the chart off the page. */
  remove(): void {
    this.listening.abort();
    this.chart.remove();
  }

  /** Longer names need more room beside the newest bar; whoever scrolled or zoomed is left there. */
  private keepRoom(): void {
    if (!this.isMoved && this.sight().beside !== this.shown.beside) this.recentre();
    this.drawMarks();
  }

  private sight(): Sight {
    const marks = this.signals.map(({ node }) => node);
    return sightOf(this.chart.timeScale().width(), this.titles, marks);
  }

  /** Another width has another room beside the newest bar; whoever looks at older ones is left there. */
  private resized(width: number): void {
    if (width === this.width) return;
    this.width = width;
    const seen = this.chart.timeScale().getVisibleLogicalRange();
    const isNewestIn = seen !== null && seen.to >= this.count;
    // What is asked for while the chart is being laid out is overwritten by that.
    if (!this.isMoved || isNewestIn) requestAnimationFrame(() => this.followSize());
    else this.drawMarks();
  }

  private followSize(): void {
    if (!this.listening.signal.aborted) this.recentre();
  }

  /** Marks say their names where those run neither into each other nor under the names of levels at the right edge. */
  private drawMarks(): void {
    const scale = this.chart.timeScale();
    const edge = scale.width() - nameWidth(this.titles);
    const seen = this.signals
      .flatMap(({ ts, node, payload }) => {
        const time = timeOf(ts);
        if (time < this.firstBar) return [];
        const index = scale.timeToIndex(time, true);
        const x = index === null ? null : scale.logicalToCoordinate(index as number as Logical);
        const { color, ...place } = signalMarks[sideOf(payload) ?? 'none'];
        const mark = { time, ...place, color: this.colors[color] };
        return [{ mark, at: { name: node, x, side: place.position } }];
      })
      .sort((a, b) => a.mark.time - b.mark.time);
    const named = namedOf(
      seen.map(({ at }) => at),
      edge,
    );
    const marks = seen.map(({ mark, at }, i): SeriesMarker<UTCTimestamp> => {
      return { ...mark, text: named[i] ? at.name : '' };
    });
    const drawn = JSON.stringify(marks);
    // Drawing marks changes what is seen, which asks for marks again.
    if (drawn === this.drawnMarks) return;
    this.drawnMarks = drawn;
    this.markers.setMarkers(marks);
  }

  private candle(bar: Row) {
    const [start, open, high] = [
      numberOf(bar, 'start'),
      numberOf(bar, 'open'),
      numberOf(bar, 'high'),
    ];
    const [low, close] = [numberOf(bar, 'low'), numberOf(bar, 'close')];
    // A bar without a time or a price would break the whole chart.
    if (!start || open === null || high === null || low === null || close === null) return null;
    return { time: timeOf(start), open, high, low, close };
  }

  private setLevel({ id, price, title, token: name, style, width }: ChartLevel): void {
    const known = this.levels.get(id);
    const key = `${price} ${title}`;
    if (known?.key === key) return;
    const options = {
      price,
      title,
      color: token(name),
      lineStyle: styles[style],
      lineWidth: width,
      axisLabelVisible: true,
    };
    if (known) known.line.applyOptions(options);
    const line = known?.line ?? this.candles.createPriceLine(options);
    this.levels.set(id, { line, key });
  }
}
