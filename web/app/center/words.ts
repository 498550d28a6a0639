/** Writes a name of code as words: `awaitingReentry` and `open-test-drive` become readable. */
export function wordsOf(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll('-', ' ')
    .replaceAll(/[.,]/g, (sign) => (sign === ',' ? ', ' : ' › '))
    .toLowerCase();
}
