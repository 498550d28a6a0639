/** Places of the command center in the order they are read; the middle has a row between two columns. */
export const places = ['left', 'top', 'row', 'bottom', 'right', 'foot'] as const;

export type Place = (typeof places)[number];

/** Which panels stand where, by id, each list in its order. */
export type Arrangement = Readonly<Record<Place, readonly string[]>>;

/** How a panel may be moved: inside its place, or to the end of the one before or after it. */
export type Move = 'earlier' | 'later' | 'before' | 'after';

/** The layouts that can be arranged, as they are at first. The pit wall is one list, for a phone. */
export const firstArrangements: Readonly<Record<'race' | 'qualifying', Arrangement>> = {
  race: {
    left: ['feed', 'regime', 'pressure', 'delta'],
    top: ['lamps'],
    row: ['cva', 'position', 'dva'],
    bottom: ['price'],
    right: ['permission', 'hypothesis', 'signals'],
    foot: ['setups', 'market', 'log'],
  },
  qualifying: {
    left: ['feed', 'regime', 'inventory', 'opening'],
    top: [],
    row: ['cva', 'prior', 'dva'],
    bottom: ['price'],
    right: ['hypothesis', 'stack'],
    foot: ['setups', 'market', 'log'],
  },
};

/** How a place is called. */
export const placeWords: Readonly<Record<Place, string>> = {
  left: 'left column',
  top: 'top of the middle',
  row: 'row of the middle',
  bottom: 'bottom of the middle',
  right: 'right column',
  foot: 'foot',
};

/** Returns where a panel stands; null for one that this layout does not have. */
export function placeOf(arrangement: Arrangement, id: string): Place | null {
  return places.find((place) => arrangement[place].includes(id)) ?? null;
}

function swapped(ids: readonly string[], at: number, to: number): readonly string[] {
  const [one, other] = [ids[at], ids[to]];
  if (one === undefined || other === undefined) return ids;
  return ids.map((id, i) => (i === at ? other : i === to ? one : id));
}

/** Moves a panel; the same arrangement where it cannot go any further. */
export function moved(arrangement: Arrangement, id: string, move: Move): Arrangement {
  const place = placeOf(arrangement, id);
  if (place === null) return arrangement;
  const ids = arrangement[place];
  if (move === 'earlier' || move === 'later') {
    const at = ids.indexOf(id);
    const after = swapped(ids, at, at + (move === 'later' ? 1 : -1));
    return after === ids ? arrangement : { ...arrangement, [place]: after };
  }
  const target = places[places.indexOf(place) + (move === 'after' ? 1 : -1)];
  if (target === undefined) return arrangement;
  return {
    ...arrangement,
    [place]: ids.filter((other) => other !== id),
    [target]: [...arrangement[target], id],
  };
}

/** Takes what a browser kept, if it has the panels of this layout and no others; else null: panels come and go. */
export function readArrangement(kept: unknown, first: Arrangement): Arrangement | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const lists = kept as Readonly<Record<string, unknown>>;
  const idsOf = (place: Place): readonly unknown[] => {
    const list = lists[place];
    return Array.isArray(list) ? list : [];
  };
  const known = new Set<unknown>(places.flatMap((place) => first[place]));
  const found = places.flatMap(idsOf);
  const isWhole = new Set(found).size === found.length && found.length === known.size;
  if (!isWhole || found.some((id) => !known.has(id))) return null;
  return Object.fromEntries(places.map((place) => [place, idsOf(place)])) as unknown as Arrangement;
}
