/** Why the gateway ends a connection; the window is handed the number alone. */
export const closeCodes = {
  /** The engine stops. */
  stopping: 1001,
  /** A message the gateway does not know. */
  unknownMessage: 1008,
  /** A message that is too large; the library of sockets sends it by itself. */
  largeMessage: 1009,
  socketError: 1011,
  /** The engine has opened what the window shows: it is to begin anew, as after a start. */
  opensNow: 1012,
  /** The window paints nothing, or its line is full. */
  tooSlow: 4008,
  /** The session is over. */
  loggedOut: 4401,
  /** The flow does not run on the instrument that the window asked for. The page is loaded anew and says so. */
  noInstrument: 4404,
  /** There are too many windows. */
  tooMany: 4429,
} as const;

/** What a person is told of an ended connection: what happened, and what is done about it. */
export interface CloseWords {
  readonly text: string;
  readonly todo: string;
}

const otherPage: CloseWords = {
  text: 'the engine does not understand this page, which is of another version',
  todo: 'Load the page anew.',
};

const words: ReadonlyMap<number, CloseWords> = new Map([
  [
    closeCodes.stopping,
    {
      text: 'the engine was stopped',
      todo: 'Start it again: this page comes back by itself.',
    },
  ],
  [closeCodes.unknownMessage, otherPage],
  [closeCodes.largeMessage, otherPage],
  [
    closeCodes.tooSlow,
    {
      text: 'this window did not keep up and was let go',
      todo: 'Connecting again by itself. If it happens again, close other windows or choose fewer updates a second.',
    },
  ],
  [
    closeCodes.loggedOut,
    {
      text: 'the session of this window is over',
      todo: 'Where a password is needed, the page asks for it.',
    },
  ],
  [
    closeCodes.tooMany,
    {
      text: 'too many windows are connected to this engine',
      todo: 'Close some that you do not need: this one then connects by itself.',
    },
  ],
]);

/** Returns what to tell of a close code; null where the connection was lost without a word, or for no reason a person can act on. */
export function closeWords(code: number | null): CloseWords | null {
  return code === null ? null : (words.get(code) ?? null);
}
