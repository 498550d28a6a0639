/** A list as a change of the one before it: a number is the place of an item there, a list of one holds a new item. */
export type ListChange = readonly (number | readonly [unknown])[];

const textOf = (item: unknown): string => JSON.stringify(item) ?? 'null';

/** Returns what makes a list of the one before it, with the bytes that takes; items are told apart by their JSON. */
export function listChange(
  before: readonly unknown[],
  after: readonly unknown[],
): { readonly change: ListChange; readonly bytes: number } {
  const places = new Map(before.map((item, place) => [textOf(item), place]));
  let bytes = 2;
  const change = after.map((item): number | readonly [unknown] => {
    const text = textOf(item);
    const place = places.get(text);
    bytes += place === undefined ? text.length + 3 : String(place).length + 1;
    return place ?? [item];
  });
  return { change, bytes };
}

/** Returns the list that a change makes of the one before it; items that stay are the same objects. */
export function changedList(before: readonly unknown[], change: ListChange): readonly unknown[] {
  return change.map((step) => (typeof step === 'number' ? before[step] : step[0]));
}
