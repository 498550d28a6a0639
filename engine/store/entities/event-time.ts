import { Type } from '@mikro-orm/core';

const perSecond = 1_000_000;
const shape =
  /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?(Z|[+-]\d{2}(?::?\d{2})?(?::?\d{2})?)$/;

/** Returns event time (microseconds) as PostgreSQL reads it, exact to the microsecond. */
export function timestampText(micros: number): string {
  const seconds = Math.floor(micros / perSecond);
  const rest = String(micros - seconds * perSecond).padStart(6, '0');
  return `${new Date(seconds * 1_000).toISOString().slice(0, 19)}.${rest}Z`;
}

/** Returns how many seconds a zone such as `+05:30` is ahead of UTC. */
function zoneSeconds(zone: string): number {
  if (zone === 'Z') return 0;
  const [hours = 0, minutes = 0, seconds = 0] = (zone.slice(1).match(/\d{2}/g) ?? []).map(Number);
  const size = hours * 3_600 + minutes * 60 + seconds;
  return zone.startsWith('-') ? -size : size;
}

/** Returns the microseconds of a timestamp as PostgreSQL writes it, in whatever zone its session has. */
export function microsOf(text: string): number {
  const found = shape.exec(text);
  if (!found) throw new TypeError(`a timestamptz was expected, was '${text}'`);
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = found;
  const millis = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  return (millis / 1_000 - zoneSeconds(zone)) * perSecond + Number(fraction.padEnd(6, '0'));
}

/** Event time: microseconds in the program, `timestamptz` in the database. A JavaScript `Date` would cut it to milliseconds. */
export class EventTime extends Type<number, string> {
  override convertToDatabaseValue(value: number): string {
    return typeof value === 'number' ? timestampText(value) : value;
  }

  override convertToJSValue(value: string | number): number {
    return typeof value === 'number' ? value : microsOf(value);
  }

  override getColumnType(): string {
    return 'timestamptz(6)';
  }

  override compareAsType(): string {
    return 'number';
  }

  override get runtimeType(): string {
    return 'number';
  }
}
