import {
  microsPerHour,
  microsPerMillisecond,
  microsPerMinute,
  microsPerSecond,
} from '../market/time.ts';

const durationText = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/;
const unitMicros: Readonly<Record<string, number>> = {
  ms: microsPerMillisecond,
  s: microsPerSecond,
  m: microsPerMinute,
  h: microsPerHour,
};

/** Returns a duration such as `250ms`, `90s`, `10m`, `1.5h` in whole microseconds; null when the text is none. */
export function parseDuration(text: string): number | null {
  const parts = durationText.exec(text);
  if (!parts) return null;
  return Math.round(Number(parts[1]) * unitMicros[parts[2]!]!);
}

/** Writes microseconds as the shortest duration that is exact, such as `90s`. */
export function formatDuration(micros: number): string {
  for (const unit of ['h', 'm', 's']) {
    const count = micros / unitMicros[unit]!;
    if (Number.isInteger(count) && count > 0) return `${count}${unit}`;
  }
  return `${micros / microsPerMillisecond}ms`;
}
