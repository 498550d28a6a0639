import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { LiveEngine } from '#engine/cli/live-engine.ts';
import { closeCodes } from '../live/close-codes.ts';
import { readClientMessage } from '../live/read-message.ts';
import type { EngineFeed } from './engine-feed.ts';
import type { FrameMeter } from './frame-meter.ts';
import { LiveClient, type Reading } from './live-client.ts';
import { periodOf, readValue } from './live-values.ts';
import type { TaskFeed } from './task-feed.ts';

/** Frames leave at most this often. */
const tickMs = 50;
const beatMs = 1_000;
const mostMessageBytes = 16_384;
const microsPerMs = 1_000;

/** A window that was let in. */
export interface SocketVisit {
  /** Whether it may stay: its session goes on. Asking counts as use of that. */
  readonly isWelcome: () => boolean;
  readonly leave: () => void;
}

/** What the gateway needs of the server it is mounted on. */
export interface GatewayOptions {
  readonly server: Server;
  readonly engine: LiveEngine;
  readonly feed: EngineFeed;
  /** Told of what windows cost. */
  readonly meter: FrameMeter;
  /** Milliseconds of a clock that only moves forward. */
  readonly now: () => number;
  /** Lets a request open the socket; `'refused'` to whom may not come in, `'full'` where there is no room. */
  readonly admit: (request: IncomingMessage) => SocketVisit | 'refused' | 'full';
}

/** Whether an address is the gateway's. */
export function isGatewayPath(url: string | undefined): boolean {
  return (url ?? '').split('?')[0] === '/ws';
}

/** The instrument a window asks for; null for the flow's first. */
function instrumentOf({ url }: IncomingMessage, { symbols }: LiveEngine): string | null {
  const asked = new URLSearchParams((url ?? '').split('?')[1]).get('instrument');
  return asked === symbols[0] ? null : asked;
}

interface TimedReading extends Reading {
  readonly at: number;
}

type Readings = Map<string, TimedReading>;

/** One window that is connected. */
interface OpenWindow {
  readonly client: LiveClient;
  readonly visit: SocketVisit;
  /** The instrument it asked for; null for the flow's first. */
  readonly symbol: string | null;
  readonly feed: TaskFeed;
  readonly forget: () => void;
}

/**
 * The one WebSocket of each window: values of its instrument that somebody wants, read once for all who show the same,
 * and every event of that instrument.
 */
export class Gateway {
  private readonly options: GatewayOptions;
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: mostMessageBytes,
    perMessageDeflate: false,
  });
  private readonly windows = new Set<OpenWindow>();
  /** By instrument. */
  private readonly readings = new Map<string | null, Readings>();
  private readonly timers: readonly NodeJS.Timeout[];

  constructor(options: GatewayOptions) {
    this.options = options;
    options.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.upgrade(request, socket, head),
    );
    this.timers = [setInterval(() => this.tick(), tickMs), setInterval(() => this.beat(), beatMs)];
  }

  /** Windows that are connected. */
  get size(): number {
    return this.windows.size;
  }

  /** Ends every connection. */
  close(): void {
    for (const timer of this.timers) clearInterval(timer);
    for (const { client, forget } of this.windows) {
      forget();
      client.end(closeCodes.stopping, 'the engine stops');
    }
    this.sockets.close();
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!isGatewayPath(request.url)) return;
    const symbol = instrumentOf(request, this.options.engine);
    const feed = this.options.feed.of(symbol);
    const visit = this.options.admit(request);
    if (visit === 'refused') {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    if (visit !== 'full') socket.once('close', visit.leave);
    this.sockets.handleUpgrade(request, socket, head, (opened) => {
      // A browser learns a reason from an open socket only.
      if (visit === 'full') opened.close(closeCodes.tooMany, 'too many windows are open');
      else if (!feed) opened.close(closeCodes.noInstrument, 'no instrument of this flow');
      else this.open(opened, { visit, symbol, feed });
    });
  }

  private open(
    socket: WebSocket,
    { visit, symbol, feed }: Pick<OpenWindow, 'visit' | 'symbol' | 'feed'>,
  ): void {
    const { now, meter } = this.options;
    const client = new LiveClient({ socket, feed, now, meter });
    const forget = feed.onEvent((event) => client.event(event));
    const window = { client, visit, symbol, feed, forget };
    this.windows.add(window);
    socket.on('message', (data, isBinary) => {
      const message = isBinary ? null : readClientMessage((data as Buffer).toString());
      if (message === null) {
        client.end(closeCodes.unknownMessage, 'a message the gateway does not know');
        return;
      }
      client.take(message);
      if (message.kind === 'hello') this.sendBeat(window);
    });
    socket.on('error', () => client.end(closeCodes.socketError, 'socket error'));
    socket.on('close', () => {
      client.forget();
      forget();
      this.windows.delete(window);
    });
  }

  private tick(): void {
    if (this.windows.size === 0) {
      this.readings.clear();
      return;
    }
    const { engine, now: clock, meter } = this.options;
    const now = clock();
    const used = process.threadCpuUsage();
    const wanted = this.wanted();
    for (const [symbol, keys] of wanted) for (const key of keys) this.read(symbol, key, now);
    // Nobody shows it any more.
    for (const symbol of this.readings.keys())
      if (!wanted.has(symbol)) this.readings.delete(symbol);
    for (const { client, symbol } of this.windows) {
      const asOf = engine.taskOf(symbol)?.runner.task.clock.now ?? 0;
      client.tick(now, asOf, this.readingsOf(symbol));
    }
    const { user, system } = process.threadCpuUsage(used);
    meter.turn((user + system) / microsPerMs);
  }

  private wanted(): ReadonlyMap<string | null, ReadonlySet<string>> {
    const all = new Map<string | null, Set<string>>();
    for (const { client, symbol } of this.windows) {
      const keys = all.get(symbol) ?? new Set<string>();
      all.set(symbol, keys);
      for (const key of client.dueKeys) keys.add(key);
    }
    return all;
  }

  private readingsOf(symbol: string | null): Readings {
    let readings = this.readings.get(symbol);
    if (!readings) this.readings.set(symbol, (readings = new Map()));
    return readings;
  }

  /** Reads a key when its time has come; the text tells whether it changed. */
  private read(symbol: string | null, key: string, now: number): void {
    const readings = this.readingsOf(symbol);
    const last = readings.get(key);
    if (last && now - last.at < periodOf(key)) return;
    const value = readValue(this.options, symbol, key);
    if (value === undefined && !last) return;
    const text = value === undefined ? '' : JSON.stringify(value);
    // The same object stays while nothing changed: clients compare by identity.
    readings.set(key, last?.text === text ? { ...last, at: now } : { value, text, at: now });
  }

  private beat(): void {
    this.options.feed.look();
    for (const window of this.windows) {
      const { client, visit, symbol, feed } = window;
      const current = this.options.feed.of(symbol);
      if (!visit.isWelcome()) client.end(closeCodes.loggedOut, 'the session is over');
      else if (!current) client.end(closeCodes.noInstrument, 'no instrument of this flow');
      else if (current !== feed) client.end(closeCodes.opensNow, 'the engine has opened its tasks');
      else this.sendBeat(window);
    }
    this.options.meter.second(this.windows.size);
  }

  private sendBeat({ client, symbol }: OpenWindow): void {
    const { engine, feed } = this.options;
    client.send({ kind: 'beat', feeds: [feed.beat(symbol)], eng: Math.round(engine.idleMs) });
  }
}
