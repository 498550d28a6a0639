import type { Profile } from './volume-profile.ts';

/** Returns volumes as short text that gives each of them back exactly: the bytes of doubles in base64. */
export function packVolumes(volumes: Profile['volumes']): string {
  const bytes = new Uint8Array(Float64Array.from(volumes).buffer);
  let letters = '';
  for (let i = 0; i < bytes.length; i += 1) letters += String.fromCharCode(bytes[i]!);
  return btoa(letters);
}

/** Returns the volumes of {@link packVolumes}. */
export function unpackVolumes(text: string): Float64Array {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = letters.charCodeAt(i);
  return new Float64Array(bytes.buffer);
}
