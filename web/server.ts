import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRequestHandler } from '@remix-run/express';
import type { AppLoadContext, ServerBuild } from '@remix-run/node';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { Host, WebDoor, WebOptions } from '#engine/cli/host.ts';
import { OrderflowError } from '#engine/errors.ts';
import type { WebContext } from './app/load-context.ts';
import { EngineFeed } from './gateway/engine-feed.ts';
import { Gateway } from './gateway/gateway.ts';
import { buildApp } from './http/build-app.ts';
import { readPasswords } from './http/passwords.ts';
import { buildingPage, loginPage } from './http/plain-pages.ts';
import {
  contentPolicy,
  isOwnHost,
  isSameOrigin,
  ownHosts,
  setSecurityHeaders,
} from './http/security.ts';
import { isCsrfToken, type Session, Sessions } from './http/session.ts';

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

/** Methods that change nothing. */
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

interface Locals {
  nonce: string;
  session: Session;
}

/** The server of one run: pages, commands, and the gateway on the same port. */
class WebServer {
  readonly feed: EngineFeed;
  private readonly options: WebServerOptions;
  private readonly app = express();
  private readonly server: Server = createServer(this.app);
  private readonly run = randomUUID();
  private sessions!: Sessions;
  private hosts!: ReadonlySet<string>;
  private gateway: Gateway | null = null;
  private readonly inFlight = new Set<Response>();

  constructor(options: WebServerOptions) {
    this.options = options;
    this.feed = new EngineFeed(options.engine);
  }

  async open(): Promise<WebDoor> {
    const { address, host, engine } = this.options;
    const passwords = readPasswords(host, address);
    const port = await this.listen();
    const now = (): number => host.wallClock();
    this.sessions = new Sessions(passwords, port, now);
    this.hosts = ownHosts(address, port);
    const handler = this.options.isDev ? this.developed() : this.built();
    this.mount(handler);
    // A build that is there is loaded before the run takes the thread: the first page does not wait for it then.
    await Promise.race([handler.catch(() => null), sleep(longestLoadMs)]);
    const { server, feed, run } = this;
    this.gateway = new Gateway({
      server,
      engine,
      feed,
      run,
      now,
      admits: ({ headers }) =>
        isOwnHost(headers.host, this.hosts) &&
        isSameOrigin(headers.origin, headers.host) &&
        this.sessions.of(headers.cookie) !== null,
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
      if (isOwnHost(request.headers.host, this.hosts)) return next();
      response.status(421).send('This server does not go by that name.\n');
    });
    app.use((_, response, next) => {
      const nonce = randomBytes(16).toString('base64');
      (response.locals as Locals).nonce = nonce;
      response.setHeader('Content-Security-Policy', contentPolicy(nonce, this.options.isDev));
      next();
    });
    app.post('/login', express.urlencoded({ extended: false, limit: '2kb' }), (request, response) =>
      this.logIn(request, response),
    );
    app.use((request, response, next) => this.admit(request, response, next));
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

  private logIn(request: Request, response: Response): void {
    const { nonce } = response.locals as Locals;
    if (!isSameOrigin(request.headers.origin, request.headers.host)) {
      response.status(403).send('The password has to come from the page of this server.\n');
      return;
    }
    const { password } = request.body as { password?: unknown };
    const session = this.sessions.logIn(typeof password === 'string' ? password : '');
    if (session === null || session === 'later') {
      const remark =
        session === null
          ? 'That password fits nobody.'
          : 'Too many tries: wait a minute, then try again.';
      response.status(session === null ? 401 : 429).send(loginPage(nonce, remark));
      return;
    }
    response.setHeader('Set-Cookie', this.sessions.setCookie(session));
    response.redirect(303, '/');
  }

  /** Lets a request with a session pass, and a command only from a page of this server with its token. */
  private admit(request: Request, response: Response, next: NextFunction): void {
    const locals = response.locals as Locals;
    let session = this.sessions.of(request.headers.cookie);
    if (session === null) {
      session = this.sessions.open();
      if (session === null) {
        response.status(401).send(loginPage(locals.nonce, ''));
        return;
      }
      response.setHeader('Set-Cookie', this.sessions.setCookie(session));
    }
    locals.session = session;
    if (safeMethods.has(request.method)) return next();
    if (session.role !== 'operator') {
      response.status(403).json({ error: 'a viewer looks and gives no commands' });
      return;
    }
    const { origin, host } = request.headers;
    if (!isSameOrigin(origin, host) || !isCsrfToken(session, request.get('x-csrf-token'))) {
      response.status(403).json({ error: 'a command has to come from a page of this server' });
      return;
    }
    next();
  }

  private contextOf(response: Response): AppLoadContext {
    const { nonce, session } = response.locals as Locals;
    const { engine, host } = this.options;
    const { role, csrf } = session;
    const context: WebContext = { engine, host, feed: this.feed, cspNonce: nonce, role, csrf };
    return { ...context };
  }

  private async built(): Promise<Handler> {
    const { root, host, engine } = this.options;
    const built = await buildApp(root, (text) => {
      // Once the terminal is drawn over, a line of text would tear the drawing.
      if (!host.stdout.isTerminal || !engine.runner) host.stdout.write(text);
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
      getLoadContext: (_, response) => this.contextOf(response),
    });
    return (...of) => void handle(...of);
  }
}

interface Handler {
  readonly assets: express.RequestHandler;
  readonly pages: express.RequestHandler;
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
