import { expect, it } from 'vitest';
import {
  beginSilence,
  certainSilence,
  endSilence,
  learnBarLength,
  longestSilenceSeen,
  pauseSilence,
  resumeSilence,
  silenceSlots,
  watchBar,
  watchTrade,
} from './silence.ts';

const watch = (): Float64Array => new Float64Array(silenceSlots.length);

function bars(f: Float64Array, ...ends: number[]): void {
  for (const end of ends) {
    learnBarLength(f, end);
    watchBar(f, end);
  }
}

it('keeps the longest distance of two trades, the begin and the end included', () => {
  const f = watch();
  beginSilence(f, 100);
  watchTrade(f, 130);
  watchTrade(f, 135);
  expect(longestSilenceSeen(f)).toBe(30);
  expect(certainSilence(f, 170)).toBe(35);
  endSilence(f, 200);
  expect(longestSilenceSeen(f)).toBe(65);
});

it('takes the length of a bar off, once it is known', () => {
  const f = watch();
  beginSilence(f, 100);
  bars(f, 160);
  expect(certainSilence(f, 200)).toBe(0);
  bars(f, 220);
  expect(certainSilence(f, 220)).toBe(0);
  bars(f, 340);
  expect(certainSilence(f, 340)).toBe(60);
  expect(certainSilence(f, 500)).toBe(100);
});

it('finds a late first bar when the second tells how long a bar is', () => {
  const f = watch();
  beginSilence(f, 100);
  bars(f, 400, 460);
  expect(longestSilenceSeen(f)).toBe(240);
});

it('learns from the smallest distance, and keeps what it learned over sessions', () => {
  const f = watch();
  beginSilence(f, 0);
  bars(f, 300, 360, 420);
  beginSilence(f, 1_000);
  bars(f, 1_060);
  expect(longestSilenceSeen(f)).toBe(0);
});

it('counts the rest after the last bar in full', () => {
  const f = watch();
  beginSilence(f, 0);
  bars(f, 60, 120);
  endSilence(f, 150);
  expect(longestSilenceSeen(f)).toBe(30);
});

it('leaves a halt out', () => {
  const f = watch();
  beginSilence(f, 0);
  watchTrade(f, 10);
  pauseSilence(f, 25);
  resumeSilence(f, 500);
  watchTrade(f, 505);
  expect(longestSilenceSeen(f)).toBe(15);
});

it('lets a bar reach into a halt', () => {
  const f = watch();
  beginSilence(f, 0);
  bars(f, 60, 120);
  pauseSilence(f, 150);
  resumeSilence(f, 500);
  bars(f, 540);
  expect(longestSilenceSeen(f)).toBe(0);
});
