import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { WebDoor } from '#engine/cli/host.ts';
import { HostDouble } from '#engine/cli/host-double.ts';
import { LiveEngine } from '#engine/cli/live-engine.ts';
import { openWeb } from './server.ts';

const password = 'correct horse battery';
const folders: string[] = [];
const doors: WebDoor[] = [];

/** A project without anything to build: pages answer that, everything before them works. */
function emptyProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'orderflow-server-'));
  folders.push(folder);
  return folder;
}

async function serve(env: Record<string, string> = {}, port = 0) {
  const host = new HostDouble([]);
  Object.assign(host.env, env);
  const home = emptyProject();
  const engine = new LiveEngine({ wallClock: () => 0, flowFile: 'a.flow.yaml', home });
  const door = await openWeb({
    engine,
    host,
    port,
    address: '127.0.0.1',
    isDev: false,
    root: home,
  });
  doors.push(door);
  return { door, host };
}

/** Sends a password from the page of a server. */
function logIn(
  url: string,
  text: string,
  more: Record<string, string> = {},
  next?: string,
): Promise<Response> {
  return fetch(`${url}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url, ...more },
    body: new URLSearchParams({ password: text, ...(next === undefined ? {} : { next }) }),
  });
}

const cookieOf = (answer: Response): string =>
  answer.headers.get('set-cookie')?.split(';')[0] ?? '';

/** Opens a socket; resolves with the code it is closed with, or null when it stays open for a while. */
function openSocket(url: string, cookie: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, {
    origin: url,
    headers: { cookie },
  });
  const closed = new Promise<number>((resolve) => {
    socket.on('close', resolve);
    socket.on('error', () => {});
  });
  const isOpen = new Promise<boolean>((resolve) => {
    socket.on('open', () => resolve(true));
    socket.on('error', () => resolve(false));
  });
  return { socket, closed, isOpen };
}

/** Whether a promise resolves within some milliseconds. */
function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => true), sleep(ms, false)]);
}

afterEach(async () => {
  for (const door of doors.splice(0)) await door.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('the web server', () => {
  it('names a port that is taken, and what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', () => resolve()));
    const { port } = other.address() as { readonly port: number };
    await expect(serve({}, port)).rejects.toThrow(
      `OF_WEB_PORT port ${port} of '127.0.0.1' expected to be free, was taken: EADDRINUSE`,
    );
    other.close();
  });

  it('goes on without pages when they cannot be built, and says why', async () => {
    const { door, host } = await serve();
    const answer = await fetch(door.url);
    expect(answer.status).toBe(500);
    expect(await answer.text()).toMatch(/^OF_WEB_BUILD/);
    expect(host.errors).toContain('OF_WEB_BUILD the web app could not be built: ');
  });

  it('holds the run for a page, and not for a request that takes its time', async () => {
    const { door } = await serve({ ORDERFLOW_PASSWORD: password });
    const { host, port } = new URL(door.url);
    const slow = connect(Number(port), '127.0.0.1');
    // The body that is announced never comes.
    const type = 'Content-Type: application/x-www-form-urlencoded';
    slow.write(`POST /login HTTP/1.1\r\nHost: ${host}\r\n${type}\r\nContent-Length: 9\r\n\r\n`);
    await vi.waitFor(async () => expect(await within(50, door.breathe())).toBe(false));
    await vi.waitFor(async () => expect(await within(50, door.breathe())).toBe(true), 5_000);
    slow.destroy();
  });

  it('puts security headers on every answer', async () => {
    const { door } = await serve();
    const { headers } = await fetch(door.url);
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    // A browser says of a form where it comes from only when the policy lets it.
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('leads to the page that was asked for after the password, and never to another server', async () => {
    const { door } = await serve({ ORDERFLOW_PASSWORD: password });
    const asked = '/machines/a"b?at=4&instrument=NQ';
    const page = await (await fetch(`${door.url}${asked}`)).text();
    const next = '/machines/a%22b?at=4&amp;instrument=NQ';
    expect(page).toContain(`<input type="hidden" name="next" value="${next}">`);
    const placeAfter = async (to: string): Promise<string | null> =>
      (await logIn(door.url, password, {}, to)).headers.get('location');
    expect(await placeAfter('/machines?at=4')).toBe('/machines?at=4');
    for (const evil of ['//evil.example', '/\\evil.example', 'https://evil.example', ''])
      expect(await placeAfter(evil)).toBe('/');
    const wrong = await logIn(door.url, 'guess', {}, '/"><script>');
    expect(await wrong.text()).toContain('name="next" value="/%22%3E%3Cscript%3E"');
  });

  it('asks for the password, lets in who has it, and lets viewers give no command', async () => {
    const viewer = 'only looking here';
    const { door } = await serve({
      ORDERFLOW_PASSWORD: password,
      ORDERFLOW_VIEWER_PASSWORD: viewer,
    });
    const { status } = await fetch(door.url);
    expect(status).toBe(401);
    expect((await logIn(door.url, 'guess')).status).toBe(401);
    expect((await logIn(door.url, password, { origin: 'http://evil.example' })).status).toBe(403);
    const entered = await logIn(door.url, viewer);
    expect(entered.status).toBe(303);
    const cookie = cookieOf(entered);
    const inside = await fetch(door.url, { headers: { cookie } });
    expect(inside.status).not.toBe(401);
    const command = await fetch(`${door.url}/api/command`, {
      method: 'POST',
      headers: { cookie, origin: door.url },
    });
    expect(command.status).toBe(403);
    expect(await command.text()).toContain('a viewer looks and gives no commands');
  });

  it('logs out: the session and its windows end', async () => {
    const { door } = await serve({ ORDERFLOW_PASSWORD: password });
    const cookie = cookieOf(await logIn(door.url, password));
    const { closed, isOpen } = openSocket(door.url, cookie);
    expect(await isOpen).toBe(true);
    const leave = (origin: string): Promise<Response> =>
      fetch(`${door.url}/logout`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, origin },
      });
    expect((await leave('http://evil.example')).status).toBe(403);
    const left = await leave(door.url);
    expect(left.status).toBe(303);
    expect(left.headers.get('set-cookie')).toMatch(/=; Max-Age=0; Path=\//);
    expect((await fetch(door.url, { headers: { cookie } })).status).toBe(401);
    expect(await closed).toBe(4401);
    expect(await openSocket(door.url, cookie).isOpen).toBe(false);
  });

  it('makes one address wait for its wrong passwords, not the operator at another one', async () => {
    const { door } = await serve({
      ORDERFLOW_PASSWORD: password,
      ORDERFLOW_TRUST_PROXY: '127.0.0.1',
      ORDERFLOW_HOSTS: 'trade.example',
    });
    const stranger = { 'x-forwarded-for': '10.0.0.9' };
    for (let i = 0; i < 5; i += 1)
      expect((await logIn(door.url, 'guess', stranger)).status).toBe(401);
    const late = await logIn(door.url, password, stranger);
    expect(late.status).toBe(429);
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(50);
    const secure = { 'x-forwarded-for': '10.0.0.5', 'x-forwarded-proto': 'https' };
    const entered = await logIn(door.url, password, secure);
    expect(entered.status).toBe(303);
    expect(entered.headers.get('set-cookie')).toMatch(/; Secure$/);
  });

  it('believes no header of somebody who is no trusted proxy', async () => {
    const { door } = await serve({ ORDERFLOW_PASSWORD: password });
    for (let i = 0; i < 5; i += 1)
      await logIn(door.url, 'guess', { 'x-forwarded-for': `10.0.0.${i}` });
    const forged = { 'x-forwarded-for': '10.0.0.99', 'x-forwarded-proto': 'https' };
    expect((await logIn(door.url, password, forged)).status).toBe(429);
  });

  it('closes the window that is one too many, with the reason', async () => {
    const { door } = await serve();
    const cookie = cookieOf(await fetch(door.url));
    const windows = Array.from({ length: 40 }, () => openSocket(door.url, cookie));
    for (const { isOpen } of windows) expect(await isOpen).toBe(true);
    expect(await openSocket(door.url, cookie).closed).toBe(4429);
    windows[0]?.socket.close();
    await windows[0]?.closed;
    const again = openSocket(door.url, cookie);
    expect(await within(300, again.closed)).toBe(false);
    for (const { socket } of [...windows, again]) socket.terminate();
  });

  it('reads no body without a length, or beyond what a flow may have', async () => {
    const { door } = await serve();
    const { host, port } = new URL(door.url);
    const answerTo = (head: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(Number(port), '127.0.0.1');
        socket.once('data', (data) => {
          resolve(String(data).split('\r\n')[0] ?? '');
          socket.destroy();
        });
        socket.write(`POST /api/flows HTTP/1.1\r\nHost: ${host}\r\n${head}\r\n\r\n`);
      });
    expect(await answerTo('Content-Length: 2000001')).toContain('413');
    expect(await answerTo('Transfer-Encoding: chunked')).toContain('411');
    expect(await answerTo('Content-Length: 0')).toContain('403');
  });

  it('answers a socket that is not the gateway’s', async () => {
    const { door } = await serve();
    const socket = new WebSocket(`${door.url.replace('http', 'ws')}/other`);
    const problem = await new Promise<string>((resolve) => {
      socket.on('error', ({ message }) => resolve(message));
    });
    expect(problem).toContain('404');
  });
});
