import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { LiveEngine } from '#engine/cli/live-engine.ts';
import { readClientMessage } from '../live/read-message.ts';
import type { EngineFeed } from './engine-feed.ts';
import type { FrameMeter } from './frame-meter.ts';
import { LiveClient, type Reading } from './live-client.ts';
import { periodOf, readValue } from './live-values.ts';

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

/** Close codes of this gateway: the session is over; there are too many windows. */
const loggedOut = 4401;
const tooMany = 4429;

/** What the gateway needs of the server it is mounted on. */
export interface GatewayOptions {
  readonly server: Server;
  readonly engine: LiveEngine;
  readonly feed: EngineFeed;
  /** Told of what windows cost. */
  readonly meter: FrameMeter;
  /** Names this run of the server. */
  readonly run: string;
  /** Milliseconds of a clock that only moves forward. */
  readonly now: () => number;
  /** Lets a request open the socket; `'refused'` to whom may not come in, `'full'` where there is no room. */
  readonly admit: (request: IncomingMessage) => SocketVisit | 'refused' | 'full';
}

/** Whether an address is the gateway's. */
export function isGatewayPath(url: string | undefined): boolean {
  return (url ?? '').split('?')[0] === '/ws';
}

interface TimedReading extends Reading {
  readonly at: number;
}

/** The one WebSocket of each window: values that somebody wants, read once for all, and every event. */
export class Gateway {
  private readonly options: GatewayOptions;
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: mostMessageBytes,
    perMessageDeflate: false,
  });
  private readonly clients = new Map<LiveClient, SocketVisit>();
  private readonly readings = new Map<string, TimedReading>();
  private readonly timers: readonly NodeJS.Timeout[];
  private readonly forget: () => void;

  constructor(options: GatewayOptions) {
    this.options = options;
    options.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.upgrade(request, socket, head),
    );
    this.forget = options.feed.onEvent((event) => {
      for (const client of this.clients.keys()) client.event(event);
    });
    this.timers = [setInterval(() => this.tick(), tickMs), setInterval(() => this.beat(), beatMs)];
  }

  /** Windows that are connected. */
  get size(): number {
    return this.clients.size;
  }

  /** Ends every connection. */
  close(): void {
    for (const timer of this.timers) clearInterval(timer);
    this.forget();
    for (const client of this.clients.keys()) client.end(1001, 'the engine stops');
    this.sockets.close();
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!isGatewayPath(request.url)) return;
    const visit = this.options.admit(request);
    if (visit === 'refused') {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    if (visit !== 'full') socket.once('close', visit.leave);
    this.sockets.handleUpgrade(request, socket, head, (opened) => {
      // A browser learns a reason from an open socket only.
      if (visit === 'full') opened.close(tooMany, 'too many windows are open');
      else this.open(opened, visit);
    });
  }

  private open(socket: WebSocket, visit: SocketVisit): void {
    const { feed, run, now, meter } = this.options;
    const client = new LiveClient({ socket, ring: feed.ring, run, now, meter });
    this.clients.set(client, visit);
    socket.on('message', (data, isBinary) => {
      const message = isBinary ? null : readClientMessage((data as Buffer).toString());
      if (message === null) {
        client.end(1008, 'a message the gateway does not know');
        return;
      }
      client.take(message);
      if (message.kind === 'hello') this.sendBeat(client);
    });
    socket.on('error', () => client.end(1011, 'socket error'));
    socket.on('close', () => {
      client.forget();
      this.clients.delete(client);
    });
  }

  private tick(): void {
    if (this.clients.size === 0) {
      this.readings.clear();
      return;
    }
    const { now: clock, meter } = this.options;
    const now = clock();
    const used = process.threadCpuUsage();
    for (const key of this.wanted()) this.read(key, now);
    const asOf = this.options.engine.runner?.task.clock.now ?? 0;
    for (const client of this.clients.keys()) client.tick(now, asOf, this.readings);
    const { user, system } = process.threadCpuUsage(used);
    meter.turn((user + system) / microsPerMs);
  }

  private wanted(): ReadonlySet<string> {
    const keys = new Set<string>();
    for (const client of this.clients.keys()) for (const key of client.dueKeys) keys.add(key);
    return keys;
  }

  /** Reads a key when its time has come; the text tells whether it changed. */
  private read(key: string, now: number): void {
    const last = this.readings.get(key);
    if (last && now - last.at < periodOf(key)) return;
    const value = readValue(this.options.engine, this.options.feed, key);
    if (value === undefined && !last) return;
    const text = value === undefined ? '' : JSON.stringify(value);
    // The same object stays while nothing changed: clients compare by identity.
    this.readings.set(key, last?.text === text ? { ...last, at: now } : { value, text, at: now });
  }

  private beat(): void {
    for (const [client, visit] of this.clients) {
      if (visit.isWelcome()) this.sendBeat(client);
      else client.end(loggedOut, 'the session is over');
    }
    this.options.meter.second(this.clients.size);
  }

  private sendBeat(client: LiveClient): void {
    const { engine, feed } = this.options;
    client.send({ kind: 'beat', feeds: [feed.beat()], eng: Math.round(engine.idleMs) });
  }
}
