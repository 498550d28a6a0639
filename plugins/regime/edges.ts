import { type Acceptance, beginAcceptance, type ClosedPeriod, closeAcceptance } from '#engine';
import { hourTicks, type Range, type Way } from './regime.ts';

/** An edge the market may accept beyond, with where that stands. */
export interface Edge {
  readonly name: 'composite' | 'night' | 'compression';
  readonly way: Way;
  readonly level: number;
  readonly acceptance: Acceptance;
}

interface Span {
  readonly high: number;
  readonly low: number;
}

function pair(name: Edge['name'], { high, low }: Span, price: number, ts: number): Edge[] {
  const edge = (way: Way, level: number): Edge => {
    return { name, way, level, acceptance: beginAcceptance(level, way, price, ts) };
  };
  return [edge(1, high), edge(-1, low)];
}

/** Returns the edges that count from the open: those of the composite and of the night, as far as they are known. */
export function firstEdges(
  composite: { readonly vah: number; readonly val: number } | null,
  night: Span | null,
  open: number,
  ts: number,
): Edge[] {
  return [
    ...(composite ? pair('composite', { high: composite.vah, low: composite.val }, open, ts) : []),
    ...(night ? pair('night', night, open, ts) : []),
  ];
}

/** Adds the edges of the hour that was compressed, which may be accepted from now on. */
export function withCompression(
  edges: readonly Edge[],
  [before, last]: readonly [Range | null, Range | null],
  close: number,
  ts: number,
): Edge[] {
  const others = edges.filter(({ name }) => name !== 'compression');
  if (last === null || hourTicks(before, last) === null) return others;
  const high = Math.max(Number(before?.high), Number(last.high));
  const low = Math.min(Number(before?.low), Number(last.low));
  return [...others, ...pair('compression', { high, low }, close, ts)];
}

/** Takes the edges through the end of a period. */
export function closeEdges(edges: readonly Edge[], closed: ClosedPeriod): Edge[] {
  return edges.map((edge) => ({
    ...edge,
    acceptance: closeAcceptance(edge.acceptance, edge.level, edge.way, closed),
  }));
}
