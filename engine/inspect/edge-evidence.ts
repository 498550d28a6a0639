import type { Leaf } from '../contracts/evidence.ts';
import type { Instrument } from '../market/instrument.ts';
import { toDecimal } from '../market/price.ts';
import type { UpstreamCause } from './upstream.ts';

interface Measured {
  readonly value?: number;
  readonly needed?: number;
  readonly unit?: string;
}

/** Returns a leaf with prices as decimals: operands and margin of unit `price` become points. */
export function edgeLeaf(leaf: Leaf, instrument: Instrument): Leaf {
  if (leaf.unit !== 'price') return leaf;
  const edge = <T>(value: T): T | number =>
    typeof value === 'number' ? toDecimal(instrument, value) : value;
  return {
    ...leaf,
    ...(leaf.left === undefined ? {} : { left: edge(leaf.left) }),
    ...(leaf.right === undefined ? {} : { right: edge(leaf.right) }),
    ...(leaf.margin === undefined ? {} : { margin: toDecimal(instrument, leaf.margin) }),
  };
}

/** Returns a probe's reading with prices as decimals. */
export function edgeProbe<T extends Measured>(probe: T, instrument: Instrument): T {
  const { value, needed, unit } = probe;
  if (unit !== 'price' || value === undefined || needed === undefined) return probe;
  return { ...probe, value: toDecimal(instrument, value), needed: toDecimal(instrument, needed) };
}

/** Returns an upstream cause with prices as decimals. */
export function edgeUpstream(
  cause: UpstreamCause | null,
  instrument: Instrument,
): UpstreamCause | null {
  if (!cause) return null;
  const probe = edgeProbe(cause, instrument);
  return probe.leaves
    ? { ...probe, leaves: probe.leaves.map((leaf) => edgeLeaf(leaf, instrument)) }
    : probe;
}
