/** Returns numbers as a snapshot holds them: the bytes of doubles in base64. */
export function packNumbers(numbers: Iterable<number>): string {
  const bytes = new Uint8Array(Float64Array.from(numbers).buffer);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** The inverse of {@link packNumbers}. */
export function unpackNumbers(text: string): Float64Array {
  return new Float64Array(Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)).buffer);
}
