import type { IncomingMessage } from 'node:http';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import type { Host } from '#engine/cli/host.ts';
import type { SocketVisit } from '../gateway/gateway.ts';
import { askedPage } from './asked-page.ts';
import { LoginThrottle } from './login-throttle.ts';
import { readPasswords } from './passwords.ts';
import { Peers } from './peers.ts';
import { loginPage } from './plain-pages.ts';
import { isOwnHost, isSameOrigin, ownHosts } from './security.ts';
import { isCsrfToken, type Session, Sessions } from './session.ts';
import { SocketDoor } from './socket-door.ts';

/** Methods that change nothing. */
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** The longest flow a draft may have, as JSON of letters that take several bytes. */
const mostBodyBytes = 2_000_000;

/** What a request carries through the server. */
export interface Locals {
  nonce: string;
  session: Session;
}

/** Who may come in: names of the server, passwords, sessions, commands, sockets. */
export class Gate {
  private readonly sessions: Sessions;
  private readonly hosts: ReadonlySet<string>;
  private readonly peers: Peers;
  private readonly throttle: LoginThrottle;
  private readonly door = new SocketDoor();

  /**
   * @throws {OF_WEB_PASSWORD} when the address can be reached from elsewhere and no password is set.
   * @throws {OF_CLI_FILE} when the environment names a file that holds no password.
   */
  constructor(host: Host, address: string, port: number) {
    const now = (): number => host.wallClock();
    this.sessions = new Sessions(readPasswords(host, address), port, now);
    this.hosts = ownHosts(address, port, host.env);
    this.peers = new Peers(host);
    this.throttle = new LoginThrottle(now);
  }

  /** Whether one can log out: where everyone is let in there is no outside. */
  get hasLogin(): boolean {
    return this.sessions.needsPassword;
  }

  /** Turns away who calls the server by another name, and bodies that nobody here would send. */
  readonly screen = (request: Request, response: Response, next: NextFunction): void => {
    if (!isOwnHost(request.headers.host, this.hosts)) {
      response.status(421).send('This server does not go by that name.\n');
      return;
    }
    if (safeMethods.has(request.method)) return next();
    const announced = request.headers['content-length'];
    const hasBody = announced !== undefined || request.headers['transfer-encoding'] !== undefined;
    if (hasBody && announced === undefined) response.status(411).send('How long is it?\n');
    else if (Number(announced ?? 0) > mostBodyBytes)
      response.status(413).send(`At most ${mostBodyBytes} bytes are read.\n`);
    else next();
  };

  /** Login and logout. */
  routes(): Router {
    const router = express.Router();
    const form = express.urlencoded({ extended: false, limit: '2kb' });
    router.post('/login', form, (request, response) => this.logIn(request, response));
    router.post('/logout', (request, response) => this.logOut(request, response));
    return router;
  }

  /** Lets a request with a session pass, and a command only from a page of this server with its token. */
  readonly admit = (request: Request, response: Response, next: NextFunction): void => {
    const locals = response.locals as Locals;
    const { cookie, origin, host } = request.headers;
    let session = this.sessions.of(cookie);
    if (session === null) {
      session = this.sessions.open();
      if (session === null) {
        const asked = safeMethods.has(request.method) ? askedPage(request.originalUrl) : '/';
        response.status(401).send(loginPage(locals.nonce, '', asked));
        return;
      }
      this.give(request, response, session);
    }
    locals.session = session;
    if (safeMethods.has(request.method)) return next();
    if (session.role !== 'operator') {
      response.status(403).json({ error: 'a viewer looks and gives no commands' });
      return;
    }
    if (!isSameOrigin(origin, host) || !isCsrfToken(session, request.get('x-csrf-token'))) {
      response.status(403).json({ error: 'a command has to come from a page of this server' });
      return;
    }
    next();
  };

  /** Lets a window open its socket: same origin, own name, a session that goes on, and not too many of them. */
  admitSocket(request: IncomingMessage): SocketVisit | 'refused' | 'full' {
    const { host, origin, cookie } = request.headers;
    const isWelcome = (): boolean => this.sessions.of(cookie) !== null;
    if (!isOwnHost(host, this.hosts) || !isSameOrigin(origin, host) || !isWelcome())
      return 'refused';
    const leave = this.door.enter(this.peers.of(request).address);
    return leave ? { isWelcome, leave } : 'full';
  }

  /** Names who asks: the role is all that a password tells, the address tells more. */
  actorOf(request: IncomingMessage, { role }: Session): string {
    return `${role} at ${this.peers.of(request).address || 'an unknown address'}`;
  }

  private give(request: Request, response: Response, session: Session): void {
    const { isSecure } = this.peers.of(request);
    response.setHeader('Set-Cookie', this.sessions.setCookie(session, isSecure));
  }

  private logIn(request: Request, response: Response): void {
    const { nonce } = response.locals as Locals;
    if (!isSameOrigin(request.headers.origin, request.headers.host)) {
      response.status(403).send('The password has to come from the page of this server.\n');
      return;
    }
    const { password, next: asked } = request.body as Readonly<Record<string, unknown>>;
    const next = askedPage(asked);
    const { address } = this.peers.of(request);
    const waitMs = this.throttle.waitMs(address);
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1_000);
      response.setHeader('Retry-After', String(seconds));
      const remark = `Too many wrong passwords from this address: try again in ${seconds} s.`;
      response.status(429).send(loginPage(nonce, remark, next));
      return;
    }
    const session = this.sessions.logIn(typeof password === 'string' ? password : '');
    // Counted before the wait, so that many at once gain nothing.
    if (session === null) this.throttle.failed(address);
    setTimeout(() => {
      if (session === null) {
        response.status(401).send(loginPage(nonce, 'That password fits nobody.', next));
        return;
      }
      this.give(request, response, session);
      response.redirect(303, next);
    }, this.throttle.brakeMs);
  }

  private logOut(request: Request, response: Response): void {
    if (!isSameOrigin(request.headers.origin, request.headers.host)) {
      response.status(403).send('Logging out has to come from a page of this server.\n');
      return;
    }
    const session = this.sessions.of(request.headers.cookie);
    if (session) this.sessions.close(session);
    const { isSecure } = this.peers.of(request);
    response.setHeader('Set-Cookie', this.sessions.clearCookie(isSecure));
    response.redirect(303, '/');
  }
}
