import {
  formatTradeDate,
  type Payload,
  type Probe,
  type Sensor,
  type Slots,
  tradeFlags,
} from '#engine';
import type { Config, Outputs, Senses } from './config.ts';
import { endLotDay, nextOrder } from './lots.ts';
import { keepLevel, lookAtLevels, setBounds } from './runs.ts';
import { bases, clearTape, endSeconds, endTapeDay, notePhase, sideName } from './seconds.ts';
import { arrayRooms, slot } from './slots.ts';
import { speeds } from './tape.ts';

type Row = Payload<Outputs['state']>;

const orNull = (value: number): number | null => (value === value ? value : null);

function rowOf({ f }: Slots): Row | null {
  if (f[slot.seconds] === 0) return null;
  const pressure60 = orNull(f[slot.pressure60]!);
  return {
    tradeDate: formatTradeDate(f[slot.date]!),
    pressure60,
    pressure300: orNull(f[slot.pressure300]!),
    pressure: pressure60 === null ? 'unknown' : sideName(f[slot.side60]!),
    volume10: f[slot.all10]!,
    volume60: f[slot.all60]!,
    speedZ: orNull(f[slot.z]!),
    speed: speeds[f[slot.speed]!]!,
    baseline: bases[f[slot.basis]!]!,
    since: f[slot.since]!,
  };
}

/** Counts trades by second, puts orders together from their prints, and watches levels for fast runs through them. */
export const sensor: Sensor<Config, Senses, Outputs> = {
  slots: Object.keys(slot),
  peaks: Object.keys(slot).slice(slot.pressurePeak),
  arrays: arrayRooms,
  init: (s, c) => {
    s.f.fill(0);
    s.a['levelPrice']!.fill(Number.NaN);
    clearTape(s);
    setBounds(s, c);
    s.f[slot.looked] = Number.NaN;
    s.f[slot.lotGapUs] = c.lotGapMillis * 1_000;
    s.f[slot.toQuantile] = c.lotMinOrders;
    s.f[slot.lotNeeded] = Number.MAX_SAFE_INTEGER;
  },
  phase: (s, c, ts, phase, date, out) => {
    if (s.f[slot.secondEnd]! > 0) endSeconds(s, c, ts, out);
    if (phase === 'overnight' && s.f[slot.date] !== date) {
      const isMember = endTapeDay(s, ts, date);
      endLotDay(s, c, isMember, out);
      s.f[slot.watch] = 0;
    }
    notePhase(s, ts, phase);
  },
  event: (s, c, _ts, port, payload) => {
    if (port !== 'level') return;
    const {
      slot: place,
      price,
      active,
    } = payload as Readonly<{
      slot: number;
      price: number;
      active: boolean;
    }>;
    keepLevel(s, c, place, active ? price : Number.NaN);
  },
  trade: (s, c, ts, price, size, side, flags, out) => {
    // The rows of a footprint do not say when within their minute they traded.
    if ((flags & tradeFlags.approximate) !== 0) return;
    const { f } = s;
    if (ts >= f[slot.secondEnd]!) endSeconds(s, c, ts, out);
    f[slot.price] = price;
    if (side > 0) f[slot.buys]! += size;
    else if (side < 0) f[slot.sells]! += size;
    else f[slot.unsided]! += size;
    const step = price - f[slot.lotPrice]!;
    if (
      side === f[slot.lotSide] &&
      step <= 1 &&
      step >= -1 &&
      ts - f[slot.lotTs]! <= f[slot.lotGapUs]!
    ) {
      f[slot.lotSize]! += size;
      f[slot.lotPrints]! += 1;
      f[slot.lotPrice] = price;
    } else nextOrder(s, c, ts, price, size, side, out);
    if (f[slot.watch] === 1 || price >= f[slot.runHigh]! || price <= f[slot.runLow]!)
      lookAtLevels(s, c, ts, price, out);
  },
  probes: {
    pressure: ({ f }, c): Probe => ({
      value: f[slot.pressurePeak]!,
      needed: c.pressureOn,
      unit: 'share',
    }),
    speed: ({ f }, c): Probe => ({ value: f[slot.speedPeak]!, needed: c.fastZ, unit: 'sd' }),
    largeLot: ({ f }): Probe => ({
      value: f[slot.lotPeak]!,
      needed: f[slot.lotPeakNeeded]!,
      unit: 'contract',
    }),
    stopRun: ({ f }, c): Probe => ({ value: f[slot.runPeak]!, needed: c.runZ, unit: 'sd' }),
  },
  withholds: {
    pressure: ['pressure'],
    speed: ['speed'],
    largeLot: ['largeLot'],
    stopRun: ['run', 'reclaimed', 'stopRun', 'signal'],
  },
  views: { state: rowOf },
};
