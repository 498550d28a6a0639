const unitMicros: Readonly<Record<string, number>> = { ms: 1_000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 };

/** Returns a duration such as `250ms`, `90s`, `10m` or `2h` in microseconds; null when the text is none. */
export function parseDuration(text: string): number | null {
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (!parts) return null;
  const micros = Number(parts[1]) * (unitMicros[parts[2] ?? ''] ?? 0);
  return Number.isSafeInteger(micros) ? micros : null;
}
