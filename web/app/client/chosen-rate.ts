import { type FrameRate, frameRates } from '../../live/frame-rate.ts';

const key = 'orderflow.hz';

/** Returns the frames a second that were chosen in this browser; 20 where nothing was, or nothing may be kept. */
export function readChosenRate(): FrameRate {
  try {
    const kept = Number(localStorage.getItem(key));
    return frameRates.find((hz) => hz === kept) ?? frameRates[0];
  } catch {
    return frameRates[0];
  }
}

/** Keeps a choice, where the browser lets it. */
export function keepChosenRate(hz: FrameRate): void {
  try {
    localStorage.setItem(key, String(hz));
  } catch {
    // It holds for this window all the same.
  }
}
