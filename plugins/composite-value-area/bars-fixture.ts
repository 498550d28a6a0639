import { findInstrument, parseTradeDate, sessionDay } from '#engine';

const es = findInstrument('ES');

/** A bar of a file, in ticks, stamped at its start in microseconds. */
export interface FileBar {
  readonly ts: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** A session's regular hours, each bar spread evenly over its range. */
export interface FileSession {
  readonly tradeDate: string;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly volumes: readonly number[];
}

/** Returns the bars of a file, given as its text. */
export function barsOf(text: string): FileBar[] {
  const lines = text.trim().split('\n').slice(1);
  return lines.map((line) => {
    const [stamp = '', , high, low, close, volume] = line.split(',');
    return {
      ts: Number(stamp.slice(0, -3)),
      high: Number(high) * 4,
      low: Number(low) * 4,
      close: Number(close) * 4,
      volume: Number(volume),
    };
  });
}

/** Returns a session of regular hours counted from bars. */
export function sessionOf(bars: readonly FileBar[], tradeDate: string): FileSession {
  const day = sessionDay(es.calendar, parseTradeDate(tradeDate))!;
  const inside = bars.filter((bar) => bar.ts >= day.rthOpen! && bar.ts < day.rthEnd!);
  const low = Math.min(...inside.map((bar) => bar.low));
  const volumes = Array.from(
    { length: Math.max(...inside.map((bar) => bar.high)) - low + 1 },
    () => 0,
  );
  for (const bar of inside)
    for (let tick = bar.low; tick <= bar.high; tick += 1)
      volumes[tick - low]! += bar.volume / (bar.high - bar.low + 1);
  return {
    tradeDate,
    low,
    close: inside.at(-1)!.close,
    volume: inside.reduce((sum, bar) => sum + bar.volume, 0),
    volumes,
  };
}
