/** Whether texts hold every word of what somebody looks for, in any order and case; nothing is in all of them. */
export function holdsWords(texts: readonly string[], wanted: string): boolean {
  const all = texts.join(' ').toLowerCase();
  const words = wanted.toLowerCase().split(/\s+/);
  return words.every((word) => all.includes(word));
}
