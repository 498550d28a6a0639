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
  type SeriesMarker,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { LiveValues, Row } from '../../live/values.ts';
import { clockText, dateText } from '../format.ts';
import { numberOf, textOf } from './fields.ts';

const microsPerSecond = 1_000_000;
/** Bars in sight at first: two and a half hours of five minutes would be 30, a day is 276. */
const barsInSight = 110;
/** Room beside the last bar for the names of levels. */
const barsBeside = 14;

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
  { field: 'vwap', style: LineStyle.Dashed, width: 2 },
  { field: 'up1', style: LineStyle.Dotted, width: 1 },
  { field: 'down1', style: LineStyle.Dotted, width: 1 },
  { field: 'up2', style: LineStyle.Dotted, width: 1 },
  { field: 'down2', style: LineStyle.Dotted, width: 1 },
] as const;

const styles = { solid: LineStyle.Solid, dashed: LineStyle.Dashed, dotted: LineStyle.Dotted };

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function timeOf(micros: number): UTCTimestamp {
  return Math.floor(micros / microsPerSecond) as UTCTimestamp;
}

function barSeconds(bar: Row | undefined): number | null {
  const [start, end] = [numberOf(bar, 'start'), numberOf(bar, 'end')];
  return start === null || end === null || end <= start ? null : (end - start) / microsPerSecond;
}

function ascending<T extends { readonly time: UTCTimestamp }>(points: readonly T[]): T[] {
  const sorted = [...points].sort((a, b) => a.time - b.time);
  // The library refuses two points of one moment: the later one counts.
  return sorted.filter((point, i) => sorted[i + 1]?.time !== point.time);
}

/** The chart of the price pane. It draws rows of the flow's own topics and knows nothing else. */
export class PriceChart {
  private readonly chart: IChartApi;
  private readonly candles: ISeriesApi<'Candlestick'>;
  private readonly bands: ReadonlyMap<string, ISeriesApi<'Line'>>;
  private readonly markers: ISeriesMarkersPluginApi<UTCTimestamp>;
  private readonly levels = new Map<string, { readonly line: IPriceLine; readonly key: string }>();
  private lastBar = 0;
  private lastBand = 0;
  private barSeconds = 300;
  private firstBar = 0;
  private count = 0;

  constructor(box: HTMLElement, zone: string, decimals: number, tickSize: number) {
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
        rightOffset: barsBeside,
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
      upColor: token('--buy'),
      wickUpColor: token('--buy'),
      borderUpColor: token('--buy'),
      // Hollow and filled: the direction shows without colour too.
      downColor: token('--panel'),
      wickDownColor: token('--sell'),
      borderDownColor: token('--sell'),
      lastValueVisible: false,
      priceLineVisible: false,
      priceFormat,
    });
    this.bands = new Map(
      bandLines.map(({ field, style, width }) => [
        field,
        this.chart.addSeries(LineSeries, {
          color: token('--level-vwap'),
          lineStyle: style,
          lineWidth: width,
          lastValueVisible: false,
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
  }

  /** Draws bars and bands anew. */
  setHistory(bars: readonly Row[], bands: readonly Row[]): void {
    const candles = ascending(bars.flatMap((bar) => this.candle(bar) ?? []));
    this.candles.setData(candles);
    this.barSeconds = barSeconds(bars.at(-1)) ?? this.barSeconds;
    this.firstBar = candles[0]?.time ?? 0;
    this.lastBar = candles.at(-1)?.time ?? 0;
    this.lastBand = 0;
    for (const [field, series] of this.bands) {
      const points = ascending(bands.flatMap((row, i) => this.points(row, bands[i - 1], field)));
      series.setData(points);
      this.lastBand = Math.max(this.lastBand, points.at(-1)?.time ?? 0);
    }
    this.count = candles.length;
    this.recentre();
  }

  /** Shows the newest bars, and fits prices again that were dragged. */
  recentre(): void {
    this.candles.priceScale().applyOptions({ autoScale: true });
    this.chart.timeScale().setVisibleLogicalRange({
      from: this.count - barsInSight,
      to: this.count + barsBeside,
    });
  }

  /** Shows the oldest bars that are there. */
  showOldest(): void {
    this.chart.timeScale().setVisibleLogicalRange({ from: 0, to: barsInSight + barsBeside });
  }

  /** Shows the newest bars, as far apart as they are drawn now. */
  showNewest(): void {
    this.chart.timeScale().scrollToRealTime();
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
    for (const [field, series] of this.bands) {
      const value = numberOf(row, field);
      if (value !== null) series.update({ time, value });
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
  }

  /** Marks signals at their bars. */
  setSignals(signals: LiveValues['signals']): void {
    const marks = signals.flatMap(({ ts, node, payload }): SeriesMarker<UTCTimestamp>[] => {
      const time = timeOf(ts);
      if (time < this.firstBar) return [];
      const isLong = textOf(payload, 'side') === 'long';
      return [
        {
          time,
          position: isLong ? 'belowBar' : 'aboveBar',
          shape: isLong ? 'arrowUp' : 'arrowDown',
          color: token(isLong ? '--buy' : '--sell'),
          text: node,
        },
      ];
    });
    this.markers.setMarkers(marks.sort((a, b) => a.time - b.time));
  }

  /** Takes the chart off the page. */
  remove(): void {
    this.chart.remove();
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

  /** A point, and before the first of a new anchor a gap: the bands begin anew there. */
  private points(row: Row, before: Row | undefined, field: string) {
    const [ts, value] = [numberOf(row, 'ts'), numberOf(row, field)];
    if (ts === null || value === null) return [];
    // On the grid of the bars: a moment of its own would be a column of its own.
    const time = Math.floor(timeOf(ts) / this.barSeconds) * this.barSeconds;
    const point = { time: time as UTCTimestamp, value };
    const isNewAnchor = before !== undefined && before['since'] !== row['since'];
    return isNewAnchor ? [{ time: (time - this.barSeconds) as UTCTimestamp }, point] : [point];
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
