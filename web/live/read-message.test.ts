import { describe, expect, it } from 'vitest';
import { readClientMessage } from './read-message.ts';

const hello = { kind: 'hello', run: null, lastSeq: 0, keys: ['market'], hidden: false, hz: 20 };

describe('what a window says', () => {
  it('is read', () => {
    expect(readClientMessage(JSON.stringify(hello))).toEqual(hello);
    expect(readClientMessage('{"kind":"ack","n":3}')).toEqual({ kind: 'ack', n: 3 });
  });

  it.each([
    'no JSON',
    '{}',
    '{"kind":"order","side":"buy"}',
    JSON.stringify({ ...hello, hz: 1_000 }),
    JSON.stringify({ ...hello, lastSeq: -1 }),
    JSON.stringify({ kind: 'want', keys: Array.from({ length: 101 }, String) }),
  ])('is refused when it is %s', (text) => {
    expect(readClientMessage(text)).toBeNull();
  });
});
