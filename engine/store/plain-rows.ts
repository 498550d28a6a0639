/** Most rows of one answer, where a question names no limit. */
export const mostRows = 1_000;

/** Returns entities as plain objects, which can be sent to another thread or to a browser. */
export function plainRows<Row extends object>(rows: readonly Row[]): Row[] {
  return rows.map((row) => ({ ...row }));
}
