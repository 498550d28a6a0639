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
function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** The first version after those a caret allows: the leftmost number that is not 0 stays. */
function caretEnd([major, minor, patch]: Version, given: number): Version {
  if (major > 0 || given === 1) return [major + 1, 0, 0];
  if (minor > 0 || given === 2) return [0, minor + 1, 0];
  return [0, 0, patch + 1];
}

function versionOf(parts: RegExpExecArray, from: number): Version {
  return [Number(parts[from]), Number(parts[from + 1] ?? 0), Number(parts[from + 2] ?? 0)];
}

/** The first version after those a range allows; `given` numbers of it are written. */
function rangeEnd(sign: string, from: Version, given: number): Version {
  if (sign === '^') return caretEnd(from, given);
  if (given === 3 && sign === '') return [from[0], from[1], from[2] + 1];
  return given === 1 ? [from[0] + 1, 0, 0] : [from[0], from[1] + 1, 0];
}

/**
 * Returns the test of a version range: `^1.2` (same leftmost number that is not 0), `~1.2` (same minor number), `1.2.3`
 * (exactly), `1.2` or `1` (any that begins so), `<1.2` (older). Null when the text is no range.
 */
export function parseRange(text: string): ((version: Version) => boolean) | null {
  const below = belowText.exec(text);
  if (below) {
    const limit = versionOf(below, 1);
    return (version) => compareVersions(version, limit) < 0;
  }
  const parts = rangeText.exec(text);
  if (!parts) return null;
  const from = versionOf(parts, 2);
  const end = rangeEnd(parts[1]!, from, parts.slice(2).filter((part) => part !== undefined).length);
  return (version) => compareVersions(version, from) >= 0 && compareVersions(version, end) < 0;
}
