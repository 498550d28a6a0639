import { type NodeSnapshot, packNumbers, unpackNumbers } from '#engine';
import { nakedRooms } from './naked-levels.ts';
import { farTick } from './slots.ts';

const bytesPerNumber = 8;

function numbersOf(count: number, value: number): string {
  return packNumbers(Array.from({ length: count }, () => value));
}

/**
 * Carries a snapshot from before 1.2 over: no naked points of control, no averages but that of the volume, and no value
 * series of the periods that are closed already; what was measured so far goes on.
 */
export function withNakedPocs(snapshot: NodeSnapshot): NodeSnapshot {
  const { machine, sensor } = snapshot;
  return {
    ...snapshot,
    machine: machine && {
      ...machine,
      context: {
        ...(machine['context'] as Readonly<Record<string, unknown>>),
        ranges: [],
        balances: [],
        naked: [],
      },
    },
    sensor: sensor && withRooms(sensor),
  };
}

function withRooms(sensor: NonNullable<NodeSnapshot['sensor']>) {
  const arrays = sensor['a'] as Readonly<Record<string, string>>;
  const periods = atob(arrays['periodLow']!).length / bytesPerNumber;
  const unknown = numbersOf(periods, Number.NaN);
  return {
    ...sensor,
    f: packNumbers([...unpackNumbers(sensor['f'] as string), 0, farTick, -farTick]),
    a: {
      ...arrays,
      valueHigh: unknown,
      valueLow: unknown,
      valuePoc: unknown,
      nakedPrice: numbersOf(nakedRooms, 0),
      nakedDate: numbersOf(nakedRooms, 0),
    },
  };
}
