import type { Phase } from '#engine/market/session.ts';
import { ageText } from '../live/link-state.ts';
import type { ClockValue } from '../live/values.ts';

const microsPerMs = 1_000;
const microsPerMinute = 60_000_000;

const clocks = new Map<string, Intl.DateTimeFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();

function formatterOf(
  of: Map<string, Intl.DateTimeFormat>,
  zone: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  let formatter = of.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
    of.set(zone, formatter);
  }
  return formatter;
}

/** Writes a moment as `10:04:07` on the clock of a zone. */
export function clockText(zone: string, ts: number): string {
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  return formatterOf(clocks, zone, { ...options, hourCycle: 'h23' }).format(ts / microsPerMs);
}

const zoneWords: Readonly<Record<string, string>> = {
  'America/New_York': 'ET',
  'America/Chicago': 'CT',
};

/** Writes what people call the clock of a zone: `ET`; a zone without such a word by its name. */
export function zoneWord(zone: string): string {
  return zoneWords[zone] ?? zone;
}

/** Writes a moment as `Wed 19 Nov` in a zone. */
export function dateText(zone: string, ts: number): string {
  const options = { weekday: 'short', day: '2-digit', month: 'short' } as const;
  return formatterOf(dates, zone, options)
    .format(ts / microsPerMs)
    .replace(',', '');
}

/** Writes a price as decimal. */
export function priceText(price: number, decimals: number): string {
  return price.toFixed(decimals);
}

/** Writes a number with its sign: `+37`, `−49`, `0`. */
export function signed(value: number, digits = 0): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value > 0 ? '+' : '−'}${text}`;
}

/** Writes a whole number in groups of three: `1,842`. */
export function grouped(value: number): string {
  const digits = Math.abs(Math.round(value)).toString();
  const text = digits.replace(/\B(?=(\d{3})+$)/g, ',');
  return value < 0 && text !== '0' ? `−${text}` : text;
}

/** Writes how long something lasts: `16 m`, `5 h 46 m`, `6 d 17 h`. */
export function spanText(micros: number): string {
  const minutes = Math.max(0, Math.floor(micros / microsPerMinute));
  if (minutes < 60) return `${minutes} m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? `${hours} h ${minutes % 60} m`
    : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const phases: Readonly<Record<Phase, string>> = {
  closed: 'closed',
  overnight: 'overnight',
  'pre-open': 'pre-open',
  'rth-opening': 'RTH, opening hour',
  'rth-main': 'RTH',
  'rth-closing': 'RTH, last half hour',
  'post-rth': 'after RTH',
  halt: 'halted',
};

/** Writes a phase of the trade day in words. */
export function phaseWord(phase: Phase): string {
  return phases[phase];
}

/** Writes an age as short as it is: `38 ms`, `4.2 s`. */
export function ageInMs(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : ageText(ms);
}

/** When a market that is closed or halted trades again; null while it trades, or when the calendar does not say. */
export function opensAgainAt({ now, phase, open, next }: ClockValue): number | null {
  if (phase === 'closed') return open > now ? open : null;
  if (phase !== 'halt') return null;
  return next.find((change) => change.phase !== 'halt' && change.phase !== 'closed')?.ts ?? null;
}

/** Writes how long until the regular session opens or ends, in event time; empty when neither is ahead. */
export function countdown({ now, rthOpen, rthEnd }: ClockValue): string {
  if (rthOpen === null || rthEnd === null || now >= rthEnd) return '';
  return now < rthOpen ? `, RTH in ${spanText(rthOpen - now)}` : `, ${spanText(rthEnd - now)} left`;
}
