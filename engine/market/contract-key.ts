/**
 * Returns a contract's name as a number that a sensor can keep in a slot; NaN for none.
 *
 * Different names of up to ten characters give different numbers.
 */
export function contractKey(contract: unknown): number {
  if (typeof contract !== 'string') return Number.NaN;
  let key = 0;
  for (let i = 0; i < contract.length; i += 1) {
    const digit = Number.parseInt(contract.charAt(i), 36);
    key = key * 37 + (Number.isNaN(digit) ? 0 : digit + 1);
  }
  return key;
}

/** Whether two kept contracts differ, as far as both are known. */
export function isOtherContract(a: number, b: number): boolean {
  return !Number.isNaN(a) && !Number.isNaN(b) && a !== b;
}
