import { expect, it } from 'vitest';
import { SocketDoor } from './socket-door.ts';

it('has room for 40 windows of one address, for 200 in all, and again when some leave', () => {
  const door = new SocketDoor();
  const leaves = Array.from({ length: 40 }, () => door.enter('a'));
  expect(leaves.every((leave) => leave !== null)).toBe(true);
  expect(door.enter('a')).toBeNull();
  leaves[0]?.();
  leaves[0]?.();
  expect(door.enter('a')).not.toBeNull();
  expect(door.enter('a')).toBeNull();
  for (let i = 0; i < 160; i += 1) expect(door.enter(`b${i}`)).not.toBeNull();
  expect(door.enter('c')).toBeNull();
});
