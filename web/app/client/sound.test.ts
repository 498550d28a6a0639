import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '../../live/wire.ts';
import { soundOf } from './sound.ts';

const event = (type: LiveEvent['type'], side?: string): LiveEvent => ({
  s: 1,
  type,
  ts: 1,
  node: 'n',
  port: 'p',
  seq: 1,
  payload: side === undefined ? {} : { side },
});

describe('the sound of events', () => {
  it.each([
    ['long', 'signal-up'],
    ['short', 'signal-down'],
    ['buy', 'signal'],
    [undefined, 'signal'],
  ])('of a signal with side %s is %s', (side, sound) => {
    expect(soundOf([event('signal', side)])).toBe(sound);
  });

  it('is the one of trouble when a node threw, whatever was signalled', () => {
    expect(soundOf([event('dead-letter'), event('signal', 'long')])).toBe('trouble');
    expect(soundOf([event('transition'), event('notice')])).toBeNull();
  });
});
