import type { IncomingMessage } from 'node:http';
import type { Host } from '#engine/cli/host.ts';

/** Who asks, and over what. */
export interface Peer {
  /** Address of the browser, or of a network that one person may have as a whole. */
  readonly address: string;
  /** The browser speaks TLS: to this server's proxy, since the server itself does not. */
  readonly isSecure: boolean;
}

type Asked = Pick<IncomingMessage, 'headers'> & {
  readonly socket: { readonly remoteAddress?: string | undefined };
};

/** Words of a setting, separated by commas or spaces, in lower case. */
export function wordsOf(setting: string | undefined): readonly string[] {
  return (setting ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
}

const plainAddress = (address: string): string => address.trim().replace(/^::ffff:/i, '');

/** Returns the part of an address that tells people apart: of IPv6 everyone has a whole /64. */
function personOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array<string>(zeros).fill('0'), ...after].slice(0, 4).join(':');
}

/** Tells who asks. What a proxy says of it is believed only of those that `ORDERFLOW_TRUST_PROXY` names by address. */
export class Peers {
  private readonly proxies: ReadonlySet<string>;

  constructor({ env }: Pick<Host, 'env'>) {
    this.proxies = new Set(wordsOf(env['ORDERFLOW_TRUST_PROXY']));
  }

  of({ headers, socket }: Asked): Peer {
    const nearest = plainAddress(socket.remoteAddress ?? '');
    if (!this.proxies.has(nearest)) return { address: personOf(nearest), isSecure: false };
    // Each proxy adds the one it was asked by at the end; what stands before the first that is trusted anyone may write.
    const way = String(headers['x-forwarded-for'] ?? '')
      .split(',')
      .map(plainAddress);
    const found = way.filter(Boolean).findLast((address) => !this.proxies.has(address));
    const scheme = String(headers['x-forwarded-proto'] ?? '')
      .split(',')
      .at(-1)
      ?.trim();
    return { address: personOf(found ?? nearest), isSecure: scheme === 'https' };
  }
}
