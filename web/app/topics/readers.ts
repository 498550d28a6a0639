/** How far a reader is behind the end of a topic. */
export interface TopicReading {
  readonly reader: string;
  /** Null for all topics together. */
  readonly topic: string | null;
  /** Null for all instruments together. */
  readonly instrument: string | null;
  /** Records it has not read yet; null where that is not known. */
  readonly records: number | null;
  /** False where marks of transactions may be counted among them: it is not more than so many. */
  readonly isExact: boolean;
  /** Why nothing is known, or what is in the way; null for nothing. */
  readonly why: string | null;
}

/** Returns how far the readers of a topic of an instrument are behind, as text; a dash where nobody here reads it. */
export function lagText(
  readings: readonly TopicReading[],
  topic: string,
  instrument: string,
): string {
  const own = readings.filter((one) => one.topic === topic && one.instrument === instrument);
  if (own.length === 0) return '—';
  return own.map(readingText).join(', ');
}

/** Writes how far one reader is behind. */
export function readingText({ records, isExact }: TopicReading): string {
  if (records === null) return 'unknown';
  return isExact || records === 0 ? String(records) : `at most ${records}`;
}
