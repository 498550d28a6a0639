/**
 * Returns a checksum of all 4-byte words but those at 0 (the magic) and 3 (the checksum itself).
 *
 * Each step can be undone, so a change within one word always shows. Four lanes, because a single one would wait for
 * its own multiplications.
 *
 * @param words - At least 6.
 */
export function checksum(words: Int32Array): number {
  let h0 = words[1]!;
  let h1 = words[2]!;
  let h2 = words[4]!;
  let h3 = words[5]!;
  const whole = words.length - 3;
  let i = 6;
  for (; i < whole; i += 4) {
    h0 = mix(h0, words[i]!);
    h1 = mix(h1, words[i + 1]!);
    h2 = mix(h2, words[i + 2]!);
    h3 = mix(h3, words[i + 3]!);
  }
  for (; i < words.length; i += 1) h0 = mix(h0, words[i]!);
  return mix(mix(mix(h0, h1), h2), h3);
}

function mix(hash: number, word: number): number {
  const x = hash ^ word;
  return Math.imul((x << 15) | (x >>> 17), 0x2c1b3c6d);
}
