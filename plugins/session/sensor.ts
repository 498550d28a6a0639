import {
  beginSilence,
  certainSilence,
  endSilence,
  formatTradeDate,
  learnBarLength,
  longestSilenceSeen,
  microsPerSecond,
  type Out,
  type Phase,
  pauseSilence,
  resumeSilence,
  type Sensor,
  silenceSlots,
  tradeFlags,
  watchBar,
  watchTrade,
} from '#engine';
import type { Config } from './config.ts';
import type { out as outPorts, senses } from './ports.ts';

type Senses = typeof senses;

/** Slots after those of the silence watch; the numbers below are their places. */
const ownSlots = ['hasSeen', 'isRth', 'isHalted', 'tradeDate', 'volume', 'hasGap'] as const;
const at = silenceSlots.length;
/** Before the first record of a run nobody knows whether trades or bars will come, so a silence says nothing yet. */
const hasSeen = at;
const isRth = at + 1;
const isHalted = at + 2;
const tradeDate = at + 3;
const volume = at + 4;
const hasGap = at + 5;

/** A silence is noticed at most this part of its limit late. */
const checksPerGap = 6;

const beganAs = {
  overnight: 'overnightBegan',
  'pre-open': 'preOpenBegan',
  'rth-opening': 'rthOpened',
  'rth-main': 'rthMainBegan',
  'rth-closing': 'rthClosingBegan',
  'post-rth': 'rthEnded',
  halt: 'halted',
  closed: 'dayClosed',
} as const satisfies Record<Phase, keyof Senses>;

function isRegular(phase: Phase): boolean {
  return phase === 'rth-opening' || phase === 'rth-main' || phase === 'rth-closing';
}

function reportGap(f: Float64Array, c: Config, ts: number, out: Out<Senses>): void {
  if (f[hasGap] === 1) return;
  const silence = certainSilence(f, ts);
  if (silence < c.gapSeconds * microsPerSecond) return;
  f[hasGap] = 1;
  out('gapFound', { tradeDate: formatTradeDate(f[tradeDate]!), silence });
}

function beginDay(f: Float64Array, date: number): void {
  f.fill(0, isRth);
  f[tradeDate] = date;
}

function endRth(f: Float64Array, c: Config, ts: number, out: Out<Senses>): void {
  endSilence(f, ts);
  reportGap(f, c, ts, out);
  f[isRth] = 0;
  out('rthMeasured', { tradeDate: formatTradeDate(f[tradeDate]!), volume: f[volume]! });
}

/** Follows the calendar, measures the volume of regular hours and listens for silence in them. */
export const sensor: Sensor<Config, Senses, typeof outPorts> = {
  slots: [...silenceSlots, ...ownSlots],
  clocks: (c) => ({
    silence: { everyUs: Math.ceil((c.gapSeconds * microsPerSecond) / checksPerGap), from: 'rth' },
  }),

  init(s) {
    s.f.fill(0);
  },

  phase(s, c, ts, phase: Phase, date, out) {
    const { f } = s;
    if (f[tradeDate] !== date) beginDay(f, date);
    if (isRegular(phase)) {
      if (f[isRth] === 0) beginSilence(f, ts);
      else if (f[isHalted] === 1) resumeSilence(f, ts);
      f[isRth] = 1;
    } else if (f[isRth] === 1) {
      if (phase === 'halt') pauseSilence(f, ts);
      else endRth(f, c, ts, out);
    }
    f[isHalted] = phase === 'halt' ? 1 : 0;
    out(beganAs[phase], { tradeDate: formatTradeDate(date), since: ts });
  },

  clock(s, c, ts, _name, _index, out) {
    const { f } = s;
    if (f[hasSeen] === 1 && f[isRth] === 1 && f[isHalted] === 0) reportGap(f, c, ts, out);
  },

  trade(s, _c, ts, _price, size, _side, flags) {
    const { f } = s;
    f[hasSeen] = 1;
    if (f[isRth] !== 1) return;
    if ((flags & tradeFlags.approximate) === 0) watchTrade(f, ts);
    else {
      learnBarLength(f, ts);
      watchBar(f, ts);
    }
    f[volume]! += size;
  },

  bar(s, _c, ts, _open, _high, _low, _close, size) {
    const { f } = s;
    f[hasSeen] = 1;
    learnBarLength(f, ts);
    if (f[isRth] !== 1 || !(size > 0)) return;
    watchBar(f, ts);
    f[volume]! += size;
  },

  probes: {
    longestSilence: (s, c) => ({
      value: longestSilenceSeen(s.f),
      needed: c.gapSeconds * microsPerSecond,
      unit: 'us',
    }),
  },
  withholds: { longestSilence: ['gapFound'] },
};
