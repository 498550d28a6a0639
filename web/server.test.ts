import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
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
  const engine = new LiveEngine({ wallClock: () => 0, flowFile: 'a.flow.yaml', home: 'data' });
  const door = await openWeb({
    engine,
    host,
    port,
    address: '127.0.0.1',
    isDev: false,
    root: emptyProject(),
  });
  doors.push(door);
  return { door, host };
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
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('asks for the password, lets in who has it, and lets viewers give no command', async () => {
    const viewer = 'only looking here';
    const { door } = await serve({
      ORDERFLOW_PASSWORD: password,
      ORDERFLOW_VIEWER_PASSWORD: viewer,
    });
    const { status } = await fetch(door.url);
    expect(status).toBe(401);
    const logIn = (text: string, origin: string): Promise<Response> =>
      fetch(`${door.url}/login`, {
        method: 'POST',
        redirect: 'manual',
        headers: { origin },
        body: new URLSearchParams({ password: text }),
      });
    expect((await logIn('guess', door.url)).status).toBe(401);
    expect((await logIn(password, 'http://evil.example')).status).toBe(403);
    const entered = await logIn(viewer, door.url);
    expect(entered.status).toBe(303);
    const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
    const inside = await fetch(door.url, { headers: { cookie } });
    expect(inside.status).not.toBe(401);
    const command = await fetch(`${door.url}/api/command`, {
      method: 'POST',
      headers: { cookie, origin: door.url },
    });
    expect(command.status).toBe(403);
    expect(await command.text()).toContain('a viewer looks and gives no commands');
  });
});
