import { hostname, networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { readPasswords } from './passwords.ts';
import { contentPolicy, isOwnHost, isSameOrigin, ownHosts } from './security.ts';
import { isCsrfToken, Sessions } from './session.ts';

const secret = 'correct horse battery';
const none = { operator: null, viewer: null };

describe('sessions', () => {
  it('lets everyone of this machine in as operator without a password', () => {
    const sessions = new Sessions(none, 4400, () => 0);
    const session = sessions.open();
    expect(session?.role).toBe('operator');
    const cookie = session ? sessions.setCookie(session, false) : '';
    expect(cookie).toMatch(/^orderflow_4400=\S+; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(sessions.of(`other=1; ${cookie.split(';')[0] ?? ''}`)).toBe(session);
    expect(sessions.of('orderflow_4400=guess')).toBeNull();
  });

  it('asks for the password of a role', () => {
    const sessions = new Sessions({ operator: secret, viewer: 'only looking here' }, 1, () => 0);
    expect(sessions.open()).toBeNull();
    expect(sessions.logIn(secret)).toMatchObject({ role: 'operator' });
    expect(sessions.logIn('only looking here')).toMatchObject({ role: 'viewer' });
    expect(sessions.logIn('guess')).toBeNull();
  });

  it('are over after an hour without use, and after a day', () => {
    let now = 0;
    const sessions = new Sessions({ operator: secret, viewer: null }, 1, () => now);
    const cookieOf = (): string => {
      const session = sessions.logIn(secret);
      return session ? sessions.setCookie(session, true) : '';
    };
    const idle = cookieOf();
    expect(idle).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
    now = 3_599_999;
    expect(sessions.of(idle)).not.toBeNull();
    now += 3_600_000;
    expect(sessions.of(idle)).toBeNull();
    const busy = cookieOf();
    const begun = now;
    for (; now < begun + 86_400_000; now += 3_000_000) expect(sessions.of(busy)).not.toBeNull();
    now = begun + 86_400_000;
    expect(sessions.of(busy)).toBeNull();
    now = begun;
    expect(sessions.of(busy)).toBeNull();
  });

  it('knows its own token', () => {
    const session = new Sessions(none, 1, () => 0).open();
    expect(session && isCsrfToken(session, session.csrf)).toBe(true);
    expect(session && isCsrfToken(session, 'guess')).toBe(false);
    expect(session && isCsrfToken(session, undefined)).toBe(false);
  });
});

describe('passwords', () => {
  const read = (address: string, env: Record<string, string>, file: string | null = null) =>
    readPasswords({ env, readText: () => file }, address);

  it('are not needed on the loopback', () => {
    expect(read('127.0.0.1', {})).toEqual(none);
  });

  it('are needed where other machines reach the server, and long', () => {
    expect(() => read('0.0.0.0', {})).toThrow('OF_WEB_PASSWORD');
    expect(() => read('0.0.0.0', { ORDERFLOW_PASSWORD: 'short' })).toThrow('was shorter');
    expect(() => read('0.0.0.0', { ORDERFLOW_VIEWER_PASSWORD: secret })).toThrow('was absent');
    expect(read('0.0.0.0', { ORDERFLOW_PASSWORD: secret }).operator).toBe(secret);
  });

  it('are needed on the loopback where a proxy brings others there', () => {
    expect(() => read('127.0.0.1', { ORDERFLOW_HOSTS: 'trade.example' })).toThrow('was absent');
    expect(() => read('127.0.0.1', { ORDERFLOW_TRUST_PROXY: '127.0.0.1' })).toThrow('was absent');
    expect(
      read('127.0.0.1', { ORDERFLOW_HOSTS: 'trade.example', ORDERFLOW_PASSWORD: secret }).operator,
    ).toBe(secret);
  });

  it('are asked for where a file is named that cannot be read, on the loopback too', () => {
    for (const name of ['ORDERFLOW_PASSWORD_FILE', 'ORDERFLOW_VIEWER_PASSWORD_FILE']) {
      expect(() => read('127.0.0.1', { [name]: 'gone' })).toThrow('OF_CLI_FILE');
      expect(() => read('127.0.0.1', { [name]: 'blank' }, ' \n')).toThrow('OF_CLI_FILE');
    }
  });

  it('come from a file too', () => {
    expect(read('0.0.0.0', { ORDERFLOW_PASSWORD_FILE: 'secret' }, `${secret}\n`).operator).toBe(
      secret,
    );
  });
});

describe('where a request comes from', () => {
  const hosts = ownHosts('127.0.0.1', 4400, {});

  it('is this server by its own names only', () => {
    expect(isOwnHost('localhost:4400', hosts)).toBe(true);
    expect(isOwnHost('127.0.0.1:4400', hosts)).toBe(true);
    expect(isOwnHost('evil.example:4400', hosts)).toBe(false);
    expect(isOwnHost(undefined, hosts)).toBe(false);
  });

  it('is this server by the names that a proxy gives it', () => {
    const env = { ORDERFLOW_HOSTS: 'Trade.example, other.example:8443' };
    const behind = ownHosts('127.0.0.1', 4400, env);
    expect(isOwnHost('trade.example', behind)).toBe(true);
    expect(isOwnHost('other.example:8443', behind)).toBe(true);
    expect(isOwnHost('other.example', behind)).toBe(false);
    expect(isOwnHost('localhost:4400', behind)).toBe(true);
  });

  it('is any address of this machine where the server listens on all of them', () => {
    const all = ownHosts('0.0.0.0', 4400, {});
    const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
    for (const { address, family } of addresses)
      expect(isOwnHost(family === 'IPv6' ? `[${address}]:4400` : `${address}:4400`, all)).toBe(
        true,
      );
    expect(isOwnHost(`${hostname()}:4400`, all)).toBe(true);
    expect(isOwnHost('evil.example:4400', all)).toBe(false);
    expect(isOwnHost(`${hostname()}:4400`, hosts)).toBe(false);
  });

  it('is a page of this server or none', () => {
    expect(isSameOrigin('http://localhost:4400', 'localhost:4400')).toBe(true);
    expect(isSameOrigin('http://evil.example', 'localhost:4400')).toBe(false);
    expect(isSameOrigin('null', 'localhost:4400')).toBe(false);
    expect(isSameOrigin(undefined, 'localhost:4400')).toBe(false);
  });

  it('may load nothing that is not of this server, and evaluate no text', () => {
    const policy = contentPolicy('abc', false);
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self' 'nonce-abc'");
    expect(policy).toContain("frame-ancestors 'none'");
  });
});
