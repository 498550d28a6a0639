import type { Page } from 'playwright-core';
import type { LiveEvent, ServerMessage } from '../live/wire.ts';

/** Between a window and its engine: what was told, and ways to lose some of it or to tell it twice. */
export interface ToldLine {
  /** First words of the window, one for each connection. */
  readonly hellos: readonly { readonly run: string | null; readonly lastSeq: number }[];
  /** Numbers of the events of each connection, as the engine told them. */
  readonly told: readonly number[][];
  /** Frames that told the window something. */
  readonly tellings: () => number;
  /** Ends the connection. */
  cut(): void;
  /** Tells everything that was told so far once more. */
  tellAgain(): void;
  /** Loses the next frame that tells something; returns the numbers of its events. */
  loseNext(): Promise<readonly number[]>;
}

/** Puts itself between them. Every event is made a signal, so that each is one that can be heard. */
export async function tellThrough(page: Page): Promise<ToldLine> {
  const hellos: { run: string | null; lastSeq: number }[] = [];
  const told: number[][] = [];
  const all: LiveEvent[] = [];
  let tellings = 0;
  let end = (): void => {};
  let again = (): void => {};
  let lost: ((numbers: readonly number[]) => void) | null = null;
  await page.routeWebSocket('**/ws', (socket) => {
    const server = socket.connectToServer();
    end = () => void socket.close({ code: 1001 });
    socket.onMessage((message) => {
      const said = JSON.parse(String(message)) as { kind: string; run: string; lastSeq: number };
      if (said.kind === 'hello') {
        hellos.push(said);
        told.push([]);
      }
      server.send(message);
    });
    server.onMessage((message) => {
      const said = JSON.parse(String(message)) as ServerMessage;
      if (said.kind !== 'frame') return socket.send(message);
      const payload = { side: 'long' };
      const ev = said.ev.map((event): LiveEvent => ({ ...event, type: 'signal', payload }));
      const numbers = ev.map(({ s }) => s);
      if (lost !== null && ev.length > 0) {
        lost(numbers);
        lost = null;
        return;
      }
      told.at(-1)?.push(...numbers);
      all.push(...ev);
      if (ev.length > 0) tellings += 1;
      socket.send(JSON.stringify({ ...said, ev }));
      again = () => socket.send(JSON.stringify({ ...said, t1: {}, lists: {}, gone: [], ev: all }));
    });
  });
  return {
    hellos,
    told,
    tellings: () => tellings,
    cut: () => end(),
    tellAgain: () => again(),
    loseNext: () =>
      new Promise((resolve) => {
        lost = resolve;
      }),
  };
}

/** Runs in the page before everything else: notes each sound by the last of its tones, in hertz. */
export function noteSounds(): void {
  const heard: number[] = [];
  Object.assign(window, { heard });
  const nothing = (): void => {};
  class Noted extends EventTarget {
    state = 'running';
    currentTime = 0;
    destination = {};
    close = nothing;
    createGain = () => ({
      gain: { setValueAtTime: nothing, exponentialRampToValueAtTime: nothing },
      connect: nothing,
    });
    createOscillator() {
      const frequency = { value: 0 };
      return {
        frequency,
        connect: (to: object) => to,
        start: () => heard.push(frequency.value),
        stop: nothing,
      };
    }
  }
  window.AudioContext = Noted as unknown as typeof AudioContext;
}

/** How many times a tone was heard. */
export async function heardOf(page: Page, hertz: number): Promise<number> {
  const heard = (await page.evaluate('window.heard')) as readonly number[];
  return heard.filter((tone) => tone === hertz).length;
}
