/** A member of a group, with what it had before. */
export interface SpreadMember {
  readonly id: string;
  readonly owned: readonly number[];
}

/**
 * Spreads partitions over members: each gets as many as any other, or one more, and keeps what it had as far as that goes.
 * The outcome depends on what is given alone, not on its order.
 *
 * @returns Partitions of each member, ascending.
 */
export function spread(
  partitions: readonly number[],
  members: readonly SpreadMember[],
): ReadonlyMap<string, readonly number[]> {
  const wanted = [...new Set(partitions)].sort((a, b) => a - b);
  const sorted = members.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const shares = new Map<string, number[]>(sorted.map(({ id }) => [id, []]));
  if (sorted.length === 0) return shares;
  const least = Math.floor(wanted.length / sorted.length);
  let larger = wanted.length % sorted.length;
  const free = new Set(wanted);
  // Who had most keeps the one more.
  for (const { id, owned } of sorted.toSorted((a, b) => b.owned.length - a.owned.length)) {
    const had = [...new Set(owned)].filter((one) => free.has(one)).sort((a, b) => a - b);
    const most = had.length > least && larger > 0 ? least + 1 : least;
    if (most > least) larger -= 1;
    for (const partition of had.slice(0, most)) {
      shares.get(id)?.push(partition);
      free.delete(partition);
    }
  }
  for (const partition of free) {
    const [poorest] = [...shares.values()].sort((a, b) => a.length - b.length);
    poorest?.push(partition);
  }
  for (const share of shares.values()) share.sort((a, b) => a - b);
  return shares;
}
