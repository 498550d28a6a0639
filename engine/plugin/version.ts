/** A version in three numbers. */
export type Version = readonly [major: number, minor: number, patch: number];

const versionText = /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/;
const rangeText = /^([\^~]?)(0|[1-9]\d{0,5})(?:\.(0|[1-9]\d{0,5}))?(?:\.(0|[1-9]\d{0,5}))?$/;
const belowText = /^<(0|[1-9]\d{0,5})(?:\.(0|[1-9]\d{0,5}))?(?:\.(0|[1-9]\d{0,5}))?$/;

/** Reads `1.2.3`; null when it is not three numbers. */
export function parseVersion(text: string): Version | null {
  const parts = versionText.exec(text);
  return parts && [Number(parts[1]), Number(parts[2]), Number(parts[3])];
}

/** Returns a negative number, 0 or a positive one as `a` is older than, the same as or newer than `b`. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** The first version after those a caret allows: the leftmost number that is not 0 stays. */
function caretEnd([major, minor, patch]: Version, given: number): Version {
  if (major > 0 || given === 1) return [major + 1, 0, 0];
  if (minor > 0 || given === 2) return [0, minor + 1, 0];
  return [0, 0, patch + 1];
}

/**
 * Returns the test of a version range: `^1.2` (same leftmost number that is not 0), `~1.2` (same minor number), `1.2.3`
 * (exactly), `1.2` or `1` (any that begins so), `<1.2` (older). Null when the text is no range.
 */
export function parseRange(text: string): ((version: Version) => boolean) | null {
  const below = belowText.exec(text);
  if (below) {
    const end: Version = [Number(below[1]), Number(below[2] ?? 0), Number(below[3] ?? 0)];
    return (version) => compareVersions(version, end) < 0;
  }
  const parts = rangeText.exec(text);
  if (!parts) return null;
  const given = parts[4] !== undefined ? 3 : parts[3] !== undefined ? 2 : 1;
  const from: Version = [Number(parts[2]), Number(parts[3] ?? 0), Number(parts[4] ?? 0)];
  let end: Version;
  if (parts[1] === '^') end = caretEnd(from, given);
  else if (given === 3 && parts[1] === '') end = [from[0], from[1], from[2] + 1];
  else end = given === 1 ? [from[0] + 1, 0, 0] : [from[0], from[1] + 1, 0];
  return (version) => compareVersions(version, from) >= 0 && compareVersions(version, end) < 0;
}
