/**
 * The numbers a watch over the feed keeps, in the order {@link watchTrade} and its sisters expect them: a sensor puts
 * them first among its slots. Times in microseconds, 0 before the first record.
 *
 * A silence between trades is known exactly. Between bars only the part that no bar covers is certain, so the length of
 * a bar, learned as the smallest distance of two bars, is taken off.
 */
export const silenceSlots = [
  'lastSeen',
  'longestSilence',
  'longestBarDistance',
  'lastBarEnd',
  'barLength',
] as const;

const lastSeen = 0;
const longestSilence = 1;
const longestBarDistance = 2;
const lastBarEnd = 3;
const barLength = 4;

/** Starts the watch at an instant from which trades are expected; what is known of bars stays. */
export function beginSilence(f: Float64Array, ts: number): void {
  f[lastSeen] = ts;
  f[longestSilence] = 0;
  f[longestBarDistance] = 0;
}

/** Goes on after a halt: the time before `ts` does not count. */
export function resumeSilence(f: Float64Array, ts: number): void {
  f[lastSeen] = ts;
}

/** Takes note of a trade; `ts` never runs backward. */
export function watchTrade(f: Float64Array, ts: number): void {
  const silence = ts - f[lastSeen]!;
  if (silence > f[longestSilence]!) f[longestSilence] = silence;
  f[lastSeen] = ts;
}

/** Learns the length of the bars; to be called for every bar, outside the regular session too. */
export function learnBarLength(f: Float64Array, ts: number): void {
  const distance = ts - f[lastBarEnd]!;
  if (f[lastBarEnd]! > 0 && distance > 0 && (f[barLength] === 0 || distance < f[barLength]!)) {
    f[barLength] = distance;
  }
  f[lastBarEnd] = ts;
}

/** Takes note of a bar that ends at `ts` and whose length {@link learnBarLength} was told. */
export function watchBar(f: Float64Array, ts: number): void {
  const distance = ts - f[lastSeen]!;
  if (distance > f[longestBarDistance]!) f[longestBarDistance] = distance;
  f[lastSeen] = ts;
}

/** Stops the watch at a halt; a bar that is under way may still hold trades from before it. */
export function pauseSilence(f: Float64Array, ts: number): void {
  if (f[lastBarEnd] === 0) watchTrade(f, ts);
  else watchBar(f, ts);
}

/** Ends the watch with the regular session: no bar is under way then, so the rest is silence for certain. */
export function endSilence(f: Float64Array, ts: number): void {
  watchTrade(f, ts);
}

/** Returns the longest silence that is certain at `ts`, in microseconds; that between bars counts once their length is known. */
export function certainSilence(f: Float64Array, ts: number): number {
  const open = ts - f[lastSeen]!;
  if (f[lastBarEnd] === 0) return Math.max(f[longestSilence]!, open);
  if (f[barLength] === 0) return f[longestSilence]!;
  const bars = Math.max(f[longestBarDistance]!, open) - f[barLength]!;
  return Math.max(f[longestSilence]!, bars);
}

/** Returns the longest silence so far between two records, without the one that still goes on. */
export function longestSilenceSeen(f: Float64Array): number {
  return certainSilence(f, f[lastSeen]!);
}
