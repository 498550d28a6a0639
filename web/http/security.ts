import { hostname, networkInterfaces } from 'node:os';
import type { NextFunction, Request, Response } from 'express';
import type { Host } from '#engine/cli/host.ts';
import { wordsOf } from './peers.ts';

/**
 * What a page may load: files of this server, its one socket, and the inline scripts that carry the nonce. No `eval`, no
 * inline styles: scripts may still set single style properties, which the policy does not count.
 */
export function contentPolicy(nonce: string, isDev: boolean): string {
  // Vite's client puts styles into the page while one develops.
  const style = isDev ? "'self' 'unsafe-inline'" : `'self' 'nonce-${nonce}'`;
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src ${style}`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${isDev ? 'ws:' : ''}`.trim(),
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const fixedHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // With `no-referrer` browsers send forms of our own pages, the password's too, as coming from `Origin: null`.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** Puts the headers on that every answer has. */
export function setSecurityHeaders(_: Request, response: Response, next: NextFunction): void {
  for (const [name, value] of Object.entries(fixedHeaders)) response.setHeader(name, value);
  next();
}

/** Whether the `Host` of a request names this server: a page of another name that resolves to it must not pass. */
export function isOwnHost(host: string | undefined, allowed: ReadonlySet<string>): boolean {
  return host !== undefined && allowed.has(host.toLowerCase());
}

/** Whether a request that changes something comes from a page of this server. */
export function isSameOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined || host === undefined) return false;
  try {
    return new URL(origin).host === host.toLowerCase();
  } catch {
    return false;
  }
}

const everyAddress: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Returns the name of this machine and the addresses of its networks. */
function namesOfMachine(): string[] {
  const networks = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  return [hostname().toLowerCase(), ...networks.map(({ address }) => address)];
}

/**
 * Returns the names under which a server at an address answers; one that listens on every address goes by all that this
 * machine has now. Behind a proxy it goes by those of `ORDERFLOW_HOSTS` too, as browsers write them: with the port,
 * where that is not the usual one.
 */
export function ownHosts(host: string, port: number, env: Host['env']): ReadonlySet<string> {
  const names = ['127.0.0.1', 'localhost', '::1', host.toLowerCase()];
  if (everyAddress.has(host)) names.push(...namesOfMachine());
  const own = names.map((name) => `${name.includes(':') ? `[${name}]` : name}:${port}`);
  return new Set([...own, ...wordsOf(env['ORDERFLOW_HOSTS'])]);
}
