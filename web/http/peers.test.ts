import { describe, expect, it } from 'vitest';
import { Peers } from './peers.ts';

const asked = (remoteAddress: string, headers: Record<string, string> = {}) => ({
  headers,
  socket: { remoteAddress },
});
const forwarded = { 'x-forwarded-for': '6.6.6.6, 10.0.0.7', 'x-forwarded-proto': 'https' };

describe('who asks', () => {
  it('is whoever is connected, whatever the headers say', () => {
    expect(new Peers({ env: {} }).of(asked('::ffff:10.0.0.5', forwarded))).toEqual({
      address: '10.0.0.5',
      isSecure: false,
    });
  });

  it('is whom a trusted proxy was asked by, not what that one says of itself', () => {
    const peers = new Peers({ env: { ORDERFLOW_TRUST_PROXY: '127.0.0.1, 10.0.0.8' } });
    const seen = { address: '10.0.0.7', isSecure: true };
    expect(peers.of(asked('127.0.0.1', forwarded))).toEqual(seen);
    const twice = { ...forwarded, 'x-forwarded-for': '6.6.6.6, 10.0.0.7, 10.0.0.8' };
    expect(peers.of(asked('127.0.0.1', twice))).toEqual(seen);
    expect(peers.of(asked('10.0.0.9', forwarded))).toEqual({
      address: '10.0.0.9',
      isSecure: false,
    });
    expect(peers.of(asked('127.0.0.1')).address).toBe('127.0.0.1');
  });

  it('has a whole network of IPv6', () => {
    const peers = new Peers({ env: {} });
    const { address } = peers.of(asked('2001:db8:1:2:aaaa::1'));
    expect(address).toBe('2001:db8:1:2');
    expect(peers.of(asked('2001:db8:1:2::5')).address).toBe(address);
    expect(peers.of(asked('2001:db8:1:3::5')).address).not.toBe(address);
  });
});
