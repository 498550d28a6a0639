import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { ClientMessage, Hello, ServerMessage } from '../live/wire.ts';
import { quantile } from './page-meter.ts';

/** What the command center asks for, at least. */
const keys = ['facts', 'market', 'clock', 'run', 'source', 'signals', 'machines', 'lamps'];

/** Where a window stands in the events of a run. */
interface Place {
  readonly run: string | null;
  readonly lastSeq: number;
}

/** A window that takes frames and never says that it painted one. */
export interface SilentWindow {
  /** Its first word of the server. */
  readonly hello: Promise<Hello>;
  /** How the server ended it. */
  readonly ended: Promise<{
    readonly code: number;
    readonly frames: number;
    readonly afterMs: number;
  }>;
  /** Numbers of the events it was told. */
  readonly events: readonly number[];
  close(): void;
}

/** Opens one. */
export async function openSilent(
  url: string,
  from: Place = { run: null, lastSeq: 0 },
): Promise<SilentWindow> {
  const session = await fetch(`${url}/api/session`);
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, {
    headers: { cookie, origin: url },
  });
  const events: number[] = [];
  let frames = 0;
  let begun = performance.now();
  const hello = Promise.withResolvers<Hello>();
  const ended = Promise.withResolvers<Awaited<SilentWindow['ended']>>();
  socket.on('open', () => {
    const word: ClientMessage = { kind: 'hello', ...from, keys, hidden: false, hz: 20 };
    socket.send(JSON.stringify(word));
  });
  socket.on('message', (data) => {
    const message = JSON.parse((data as Buffer).toString()) as ServerMessage;
    if (message.kind === 'hello') {
      begun = performance.now();
      hello.resolve(message);
    } else if (message.kind === 'frame') {
      frames += 1;
      events.push(...message.ev.map(({ s }) => s));
    }
  });
  socket.on('error', (error) => ended.reject(error));
  socket.on('close', (code) => ended.resolve({ code, frames, afterMs: performance.now() - begun }));
  return { hello: hello.promise, ended: ended.promise, events, close: () => socket.close() };
}

const samples = 20;
const betweenMs = 50;

/** Returns the memory a process holds in megabytes: the median of a second, since it breathes. */
export async function rssOf({ pid }: ChildProcess): Promise<number> {
  const found: number[] = [];
  for (let i = 0; i < samples; i += 1) {
    const line = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    found.push(Number(line?.[1]) / 1_024);
    await sleep(betweenMs);
  }
  return quantile(found, 0.5);
}
