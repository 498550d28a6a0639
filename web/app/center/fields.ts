import type { Row } from '../../live/values.ts';

/** Reads a field that should be a number; null for anything else. Rows come from schemas the page does not know. */
export function numberOf(row: Row | undefined, field: string): number | null {
  const value = row?.[field];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Reads a field that should be text; null for anything else. */
export function textOf(row: Row | undefined, field: string): string | null {
  const value = row?.[field];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Reads a field that should be a list of texts; empty for anything else. */
export function textsOf(row: Row | undefined, field: string): readonly string[] {
  const value = row?.[field];
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string')
    : [];
}

/** Reads a field that should be a row; undefined for anything else. */
export function rowOf(row: Row | undefined, field: string): Row | undefined {
  const value = row?.[field];
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Row)
    : undefined;
}

/** Reads a field that should be a list of rows; empty for anything else. */
export function rowsOf(row: Row | undefined, field: string): readonly Row[] {
  const value = row?.[field];
  return Array.isArray(value)
    ? value.filter((item): item is Row => typeof item === 'object' && item !== null)
    : [];
}

/** The class of a signed number: buyers, sellers, or neither for zero. */
export function directionOf(value: number): 'buy' | 'sell' | '' {
  if (value === 0) return '';
  return value > 0 ? 'buy' : 'sell';
}

/** The glyph that stands beside the colour of a signed number; none for zero. */
export function glyphOf(value: number): string {
  if (value === 0) return '';
  return value > 0 ? '▲' : '▼';
}
