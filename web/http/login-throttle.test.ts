import { describe, expect, it } from 'vitest';
import { LoginThrottle } from './login-throttle.ts';

function throttle() {
  const clock = { now: 0 };
  return { clock, made: new LoginThrottle(() => clock.now) };
}

describe('wrong passwords', () => {
  it('make their own address wait, and no other', () => {
    const { clock, made } = throttle();
    for (let i = 0; i < 5; i += 1) {
      expect(made.waitMs('10.0.0.9')).toBe(0);
      made.failed('10.0.0.9');
      clock.now += 1_000;
    }
    expect(made.waitMs('10.0.0.9')).toBe(55_000);
    expect(made.waitMs('127.0.0.1')).toBe(0);
    clock.now = 60_000;
    expect(made.waitMs('10.0.0.9')).toBe(0);
  });

  it('from everywhere slow answers down, by two seconds at most, and lock nobody out', () => {
    const { clock, made } = throttle();
    for (let i = 0; i < 20; i += 1) made.failed(`10.0.${i}.1`);
    expect(made.brakeMs).toBe(0);
    for (let i = 0; i < 5_000; i += 1) made.failed(`10.${i % 250}.${Math.floor(i / 250)}.2`);
    expect(made.brakeMs).toBe(2_000);
    expect(made.waitMs('127.0.0.1')).toBe(0);
    expect(made.size).toBe(1_000);
    clock.now = 60_000;
    expect(made.brakeMs).toBe(0);
  });
});
