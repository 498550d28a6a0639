import { describe, expect, it } from 'vitest';
import { FrameMeter } from './frame-meter.ts';

describe('the meter of frames', () => {
  it('claims nothing before the first second is over', () => {
    const meter = new FrameMeter();
    meter.sent(100, true);
    expect(meter.read()).toMatchObject({ windows: 0, framesPerSecond: 0, msPerFrame: null });
  });

  it('tells rates and the cost of a frame, of the last ten seconds only', () => {
    const meter = new FrameMeter();
    meter.sent(1_000_000, true);
    meter.turn(400);
    meter.second(9);
    for (let second = 0; second < 10; second += 1) {
      for (let i = 0; i < 20; i += 1) {
        meter.turn(second === 3 && i === 5 ? 8 : 0.5);
        meter.sent(1_000, true);
      }
      meter.sent(80, false);
      meter.second(2);
    }
    expect(meter.read()).toEqual({
      windows: 2,
      framesPerSecond: 20,
      bytesPerSecond: 20_080,
      msPerFrame: (200 * 0.5 + 7.5) / 200,
      longestTurnMs: 8,
    });
  });
});
