import {
  type PocTie,
  type Profile,
  pocRow,
  type RowScan,
  scanRows,
  volumeRounding,
} from './volume-profile.ts';

/** How the value area grows from the point of control. */
export type ValueAreaRule = 'two' | 'one' | 'trim';

/** Choices of {@link valueArea}; each default is the one Dalton-school traders see. */
export interface ValueAreaOptions {
  /** Share of the volume to hold, 0 < fraction <= 1. */
  readonly fraction?: number;
  /** `two`: the larger pair of rows, whole; `one`: the larger row; `trim`: the larger pair, row by row. */
  readonly rule?: ValueAreaRule;
  /** Where equal sides send the growth. */
  readonly tie?: 'up' | 'down' | 'both';
  /** Tick to grow from; default the point of control. */
  readonly poc?: number;
  /** Which of several equal rows is the point of control. */
  readonly pocTie?: PocTie;
  /** What {@link scanRows} found in these very rows, where it is known already. */
  readonly scan?: RowScan;
  /** Stop at the fraction, or only beyond it, as py-market-profile does. */
  readonly stop?: 'at-least' | 'more-than';
  /** Count every tick as a row, or only those with volume, as py-market-profile does. */
  readonly rows?: 'contiguous' | 'populated';
}

/** A value area: edges inclusive, in ticks. */
export interface ValueArea {
  readonly poc: number;
  readonly vah: number;
  readonly val: number;
  /** Contracts from `val` to `vah`. */
  readonly volume: number;
  /** Contracts of the whole profile. */
  readonly total: number;
}

const hundredths = 100;

interface Growth {
  readonly volumes: Float64Array | readonly number[];
  readonly first: number;
  readonly last: number;
  readonly step: 1 | 2;
  readonly trim: boolean;
  readonly tie: 'up' | 'down' | 'both';
  /** The least volume that is enough, in contracts. */
  readonly enough: number;
  /** Sides nearer than this are equal, in contracts. */
  readonly rounding: number;
  bottom: number;
  top: number;
  held: number;
}

/**
 * Returns the value area: adjacent rows, grown from the point of control, that first hold `fraction` of the volume.
 *
 * Untraded rows inside the range count as rows; untraded rows at the edges are not part of it. When one side is
 * exhausted the other is taken; a lone last row counts as the pair. Whole contracts are compared exactly (for 0.70:
 * held·100 >= 70·total); fractional rows, of bars spread over their range, as equal within {@link volumeRounding}.
 *
 * @param profile - Volume per tick, dense, ascending; null is returned when it holds no volume.
 * @source Dalton, Mind over Markets, appendix 1 (`two`); CBOT 70 % range table (`one`).
 */
export function valueArea(profile: Profile, options: ValueAreaOptions = {}): ValueArea | null {
  if (options.rows === 'populated') return populatedValueArea(profile, options);
  const { volumes, low } = profile;
  const scan = options.scan ?? scanRows(volumes);
  const { first, last, total } = scan;
  if (!(total > 0)) return null;
  const poc =
    options.poc === undefined
      ? pocRow(volumes, scan, options.pocTie ?? 'center-up')
      : options.poc - low;
  const start = Math.min(Math.max(poc, first), last);
  const rounding = volumeRounding(total);
  const target = targetVolume(total, options.fraction ?? 0.7);
  const growth: Growth = {
    volumes,
    first,
    last,
    step: options.rule === 'one' ? 1 : 2,
    trim: options.rule === 'trim',
    tie: options.tie ?? 'up',
    enough: options.stop === 'more-than' ? target + rounding : target - rounding,
    rounding,
    bottom: start,
    top: start,
    held: volumes[start]!,
  };
  grow(growth);
  return {
    poc: low + start,
    vah: low + growth.top,
    val: low + growth.bottom,
    volume: growth.held,
    total,
  };
}

/** Returns the share of the total in contracts; for whole hundredths the product is exact before the one division. */
function targetVolume(total: number, fraction: number): number {
  const percent = Math.round(fraction * hundredths);
  const whole = Math.abs(fraction * hundredths - percent) < 1e-9;
  return whole ? (total * percent) / hundredths : total * fraction;
}

function grow(g: Growth): void {
  while (g.held < g.enough && (g.bottom > g.first || g.top < g.last)) {
    const above = g.top < g.last ? sideSum(g, g.top + 1, 1) : -Infinity;
    const below = g.bottom > g.first ? sideSum(g, g.bottom - 1, -1) : -Infinity;
    const lead = above - below;
    const tied = lead <= g.rounding && lead >= -g.rounding;
    if (tied ? g.tie !== 'down' : lead > 0) takeUp(g);
    if (tied ? g.tie !== 'up' : lead < 0) takeDown(g);
  }
}

function sideSum(g: Growth, row: number, direction: 1 | -1): number {
  const next = row + direction;
  const sum = g.volumes[row]!;
  return g.step === 1 || next < g.first || next > g.last ? sum : sum + g.volumes[next]!;
}

function takeUp(g: Growth): void {
  for (let n = 0; n < g.step && g.top < g.last; n += 1) {
    g.top += 1;
    g.held += g.volumes[g.top]!;
    if (g.trim && g.held >= g.enough) return;
  }
}

function takeDown(g: Growth): void {
  for (let n = 0; n < g.step && g.bottom > g.first; n += 1) {
    g.bottom -= 1;
    g.held += g.volumes[g.bottom]!;
    if (g.trim && g.held >= g.enough) return;
  }
}

function populatedValueArea(profile: Profile, options: ValueAreaOptions): ValueArea | null {
  const ticks: number[] = [];
  const volumes: number[] = [];
  for (let i = 0; i < profile.volumes.length; i += 1) {
    const v = profile.volumes[i]!;
    if (v === 0) continue;
    ticks.push(profile.low + i);
    volumes.push(v);
  }
  const { poc, rows: _rows, scan: _scan, ...rest } = options;
  const row = poc === undefined ? undefined : ticks.indexOf(poc);
  const area = valueArea(
    { low: 0, volumes },
    row === undefined || row < 0 ? rest : { ...rest, poc: row },
  );
  if (area === null) return null;
  return { ...area, poc: ticks[area.poc]!, vah: ticks[area.vah]!, val: ticks[area.val]! };
}
