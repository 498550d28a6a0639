// How the text of a file is shown in a message.

const carriageReturn = 13;
/** Longest header that a message shows whole. */
const shownCharacters = 120;

/** Returns a header for a message. */
export function shortHeader(header: string): string {
  return header.length <= shownCharacters ? header : `${header.slice(0, 60)}…`;
}

/** Returns the first `most` bytes as text that is safe to print: a carriage return as a blank, what is not ASCII as `?`. */
export function printable(bytes: Uint8Array, most: number): string {
  const shown = Array.from(bytes.subarray(0, most), (byte) => {
    if (byte === carriageReturn) return ' ';
    return byte < 32 || byte > 126 ? '?' : String.fromCharCode(byte);
  });
  return shown.join('');
}
