/** A point of control that no later trade has touched. */
export interface NakedPoc {
  readonly price: number;
  /** Trade date of its session. */
  readonly session: string;
  /** Sessions completed since, 0 for the newest. */
  readonly age: number;
  /** The contract it was traded in; null where contracts are not told apart. */
  readonly contract: string | null;
}

/** Returns the list with the point of control of a session that has just ended, every older one a session older. */
export function withNaked(
  list: readonly NakedPoc[],
  { poc, tradeDate, contract }: { poc: number; tradeDate: string; contract: string | null },
  most: number,
): NakedPoc[] {
  const older = list.map((naked) => ({ ...naked, age: naked.age + 1 }));
  return [...older, { price: poc, session: tradeDate, age: 0, contract }].slice(-most);
}

/** Returns the list without the sessions whose point of control was touched. */
export function withoutTouched(list: readonly NakedPoc[], sessions: readonly string[]): NakedPoc[] {
  return list.filter(({ session }) => !sessions.includes(session));
}

/** Returns the list without what was traded in another contract: nobody knows the spread. */
export function ofContract(list: readonly NakedPoc[], contract: string | null): NakedPoc[] {
  return list.filter(
    (naked) => contract === null || naked.contract === null || naked.contract === contract,
  );
}

/** Returns the table's form of the list. */
export function nakedTable(list: readonly NakedPoc[], asOf: string) {
  return { asOf, pocs: list.map(({ price, session, age }) => ({ price, session, age })) };
}
