import { type NodeSnapshot, packNumbers, unpackNumbers } from '#engine';
import { auctionRooms } from './auctions.ts';
import { slot } from './slots.ts';

/**
 * Turns a snapshot of 1.1 into one of 1.2: no drive, and no end of an auction seen yet. The extremes of the session that
 * runs begin with the next bar; its first swings are those of the default number of bars.
 */
export function withAuctions(snapshot: NodeSnapshot): NodeSnapshot {
  const { sensor, machine } = snapshot;
  const context = machine?.['context'] as object | undefined;
  return {
    ...snapshot,
    machine: machine && { ...machine, context: { ...context, drive: null } },
    sensor: sensor && withRooms(sensor),
  };
}

function withRooms(sensor: NonNullable<NodeSnapshot['sensor']>) {
  const f = new Float64Array(Object.keys(slot).length);
  f.set(unpackNumbers(String(sensor['f'])));
  f[slot.session] = f[slot.segment]!;
  f[slot.sessionHigh] = Number.NEGATIVE_INFINITY;
  f[slot.sessionLow] = Number.POSITIVE_INFINITY;
  const rooms = Object.entries(auctionRooms({ swingBars: 2 })).map(([name, room]) => [
    name,
    packNumbers(new Float64Array(room)),
  ]);
  return {
    ...sensor,
    f: packNumbers(f),
    a: { ...(sensor['a'] as object), ...Object.fromEntries(rooms) },
  };
}
