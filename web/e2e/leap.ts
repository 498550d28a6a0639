// Loaded before the program (`node --import`): each SIGUSR2 puts its clock forward by more than a day.
import { isMainThread } from 'node:worker_threads';

const leapMs = 25 * 3_600_000;

if (isMainThread) {
  const now = performance.now.bind(performance);
  let ahead = 0;
  performance.now = () => now() + ahead;
  process.on('SIGUSR2', () => {
    ahead += leapMs;
  });
}
