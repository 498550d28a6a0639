import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve as resolvePath } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRequestHandler } from '@remix-run/express';
import type { AppLoadContext, ServerBuild } from '@remix-run/node';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { Host, WebDoor, WebOptions } from '#engine/cli/host.ts';
import { OrderflowError } from '#engine/errors.ts';
import type { WebContext } from './app/load-context.ts';
import { AlertBook } from './gateway/alert-book.ts';
import { AlertFile } from './gateway/alert-file.ts';
import { EngineFeed } from './gateway/engine-feed.ts';
import { FrameMeter } from './gateway/frame-meter.ts';
import { Gateway, isGatewayPath } from './gateway/gateway.ts';
import { buildApp } from './http/build-app.ts';
import { Gate, type Locals } from './http/gate.ts';
import { readPasswords } from './http/passwords.ts';
import { buildingPage } from './http/plain-pages.ts';
import { contentPolicy, setSecurityHeaders } from './http/security.ts';

/** What the server is made from. */
export interface WebServerOptions extends WebOptions {
  readonly host: Host;
  /** The project's folder. */
  readonly root: string;
}

/** Requests on their way hold the engine this long at most, each turn. */
const longestBreathMs = 100;
/** After that a request holds it no more: tests of a draft take minutes, a client may never send what it announced. */
const longestHoldMs = 2_000;
const breathMs = 2;
const longestLoadMs = 1_500;
const longestWaitMs = 300;
const year = 31_536_000;

/** The server of one run: pages, commands, and the gateway on the same port. */
class WebServer {
  readonly feed: EngineFeed;
  private readonly meter = new FrameMeter();
  private readonly options: WebServerOptions;
  private readonly app = express();
  private readonly server: Server = createServer(this.app);
  private gate!: Gate;
  private gateway: Gateway | null = null;
  private readonly inFlight = new Set<Response>();

  constructor(options: WebServerOptions) {
    this.options = options;
    const { engine, host } = options;
    const file = new AlertFile(resolvePath(host.cwd, engine.home, 'alerts.json'));
    // The host's clock moves forward whatever the system's does; alerts are read by people.
    const wall = (): number => Math.round(performance.timeOrigin + host.wallClock());
    this.feed = new EngineFeed(engine, randomUUID(), new AlertBook(wall, file));
  }

  async open(): Promise<WebDoor> {
    const { address, host, engine } = this.options;
    // Before anybody can come in.
    readPasswords(host, address);
    const port = await this.listen();
    const now = (): number => host.wallClock();
    this.gate = new Gate(host, address, port);
    // The tool that reloads pages while one develops has a socket of its own.
    if (!this.options.isDev) this.server.on('upgrade', endOtherUpgrades);
    const handler = this.options.isDev ? this.developed() : this.built();
    this.mount(handler);
    // A build that is there is loaded before the run takes the thread: the first page does not wait for it then.
    await Promise.race([handler.catch(() => null), sleep(longestLoadMs)]);
    const { server, feed, meter } = this;
    this.gateway = new Gateway({
      server,
      engine,
      feed,
      meter,
      now,
      admit: (request) => this.gate.admitSocket(request),
    });
    const name = address.includes(':') ? `[${address}]` : address;
    return {
      url: `http://${name}:${port}`,
      breathe: () => this.breathe(),
      close: () => this.close(),
    };
  }

  private listen(): Promise<number> {
    const { address, port } = this.options;
    return new Promise((resolve, reject) => {
      this.server.once('error', (error: NodeJS.ErrnoException) => {
        const cause = error.code ?? error.message;
        reject(new OrderflowError('OF_WEB_PORT', { port, address, cause }, { cause: error }));
      });
      this.server.listen(port, address, () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  /** While a page is being made the run waits a little: its turns are long, and a page needs many. */
  private async breathe(): Promise<void> {
    const { host } = this.options;
    const until = host.wallClock() + longestBreathMs;
    while (this.inFlight.size > 0 && host.wallClock() < until) await sleep(breathMs);
  }

  private hold(response: Response): void {
    this.inFlight.add(response);
    const timer = setTimeout(() => this.inFlight.delete(response), longestHoldMs);
    response.once('close', () => {
      clearTimeout(timer);
      this.inFlight.delete(response);
    });
  }

  private async close(): Promise<void> {
    this.gateway?.close();
    this.feed.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  private mount(handler: Promise<Handler>): void {
    const { app } = this;
    app.disable('x-powered-by');
    app.use(setSecurityHeaders);
    app.use((request, response, next) => {
      this.hold(response);
      this.gate.screen(request, response, next);
    });
    app.use((_, response, next) => {
      const nonce = randomBytes(16).toString('base64');
      (response.locals as Locals).nonce = nonce;
      response.setHeader('Content-Security-Policy', contentPolicy(nonce, this.options.isDev));
      next();
    });
    app.use(this.gate.routes(), this.gate.admit);
    app.use((request, response, next) => void this.sayBuilding(handler, request, response, next));
    app.use(eventually(handler, ({ assets }) => assets));
    app.use(eventually(handler, ({ pages }) => pages));
    app.use((error: unknown, _: Request, response: Response, next: NextFunction) => {
      if (response.headersSent) return next(error);
      const text = error instanceof OrderflowError ? error.message : 'The page could not be made.';
      response.status(500).type('text/plain').send(`${text}\n`);
    });
  }

  /** A person who comes while the pages are being built is told so, instead of waiting before an empty window. */
  private async sayBuilding(
    handler: Promise<Handler>,
    request: Request,
    response: Response,
    next: NextFunction,
  ): Promise<void> {
    const isBuilt: boolean = await Promise.race([
      handler.then(
        () => true,
        () => true,
      ),
      sleep(longestWaitMs, false),
    ]);
    if (isBuilt || !request.accepts('html')) return next();
    const { nonce } = response.locals as Locals;
    response.status(503).setHeader('Retry-After', '2').send(buildingPage(nonce));
  }

  private contextOf(request: Request, response: Response): AppLoadContext {
    const { nonce, session } = response.locals as Locals;
    const { engine, host } = this.options;
    const { role, csrf } = session;
    const context: WebContext = {
      engine,
      host,
      feed: this.feed,
      meter: this.meter,
      cspNonce: nonce,
      role,
      actor: this.gate.actorOf(request, session),
      csrf,
      hasLogin: this.gate.hasLogin,
    };
    return { ...context };
  }

  private async built(): Promise<Handler> {
    const { root, host, engine } = this.options;
    const built = await buildApp(root, (text) => {
      // Once the terminal is drawn over, a line of text would tear the drawing.
      if (!host.stdout.isTerminal || engine.tasks.size === 0) host.stdout.write(text);
    });
    if ('problem' in built) {
      const error = new OrderflowError('OF_WEB_BUILD', { cause: built.problem });
      host.stderr.write(`${error.message}\n`);
      throw error;
    }
    const assets = express.Router();
    assets.use(
      '/assets',
      express.static(join(built.client, 'assets'), { immutable: true, maxAge: year * 1_000 }),
    );
    assets.use(express.static(built.client, { maxAge: 0, index: false }));
    // React reads it as it is loaded: its development half makes a page in twice the time.
    process.env['NODE_ENV'] ??= 'production';
    const build = (await import(built.server)) as ServerBuild;
    return { assets, pages: this.pages(build, 'production') };
  }

  private async developed(): Promise<Handler> {
    const { developApp } = await import('./http/dev-app.ts');
    const { assets, build } = await developApp(this.options.root, this.server);
    return { assets, pages: this.pages(build, 'development') };
  }

  private pages(
    build: ServerBuild | (() => Promise<ServerBuild>),
    mode: 'production' | 'development',
  ): express.RequestHandler {
    const handle = createRequestHandler({
      build,
      mode,
      getLoadContext: (request, response) => this.contextOf(request, response),
    });
    return (...of) => void handle(...of);
  }
}

interface Handler {
  readonly assets: express.RequestHandler;
  readonly pages: express.RequestHandler;
}

/** Ends what wants to become something else than the gateway's socket: nobody would ever answer it. */
function endOtherUpgrades({ url }: IncomingMessage, socket: Duplex): void {
  if (!isGatewayPath(url)) socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
}

/** A handler that waits until the app is built. */
function eventually(
  handler: Promise<Handler>,
  part: (handler: Handler) => express.RequestHandler,
): express.RequestHandler {
  const answer = async (...[request, response, next]: Parameters<express.RequestHandler>) => {
    try {
      part(await handler)(request, response, next);
    } catch (error) {
      next(error);
    }
  };
  return (...of) => void answer(...of);
}

/**
 * Serves the web app of a run; listens when it resolves.
 *
 * @throws {OF_WEB_PORT} when the port is taken.
 * @throws {OF_WEB_PASSWORD} when the address can be reached from elsewhere and no password is set.
 */
export function openWeb(options: WebServerOptions): Promise<WebDoor> {
  return new WebServer(options).open();
}
