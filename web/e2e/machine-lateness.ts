import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from './page-meter.ts';

const stepMs = 5;

/** A sleeper that is woken later than this tells that other work fills the machine. */
export const busyLateMs = 4;

/** Returns how late a process that sleeps is woken, in milliseconds at the 95th of a hundred: how full the machine is. */
export async function measureLateness(ms: number): Promise<number> {
  const late: number[] = [];
  const until = performance.now() + ms;
  for (let now = performance.now(); now < until; ) {
    await sleep(stepMs);
    const then = performance.now();
    late.push(Math.max(0, then - now - stepMs));
    now = then;
  }
  return quantile(late, 0.95);
}
