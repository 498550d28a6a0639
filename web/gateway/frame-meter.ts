/** Seconds the figures are of. */
const seconds = 10;

/** What the gateway did in the last ten seconds. */
export interface FrameLoad {
  /** Windows that are connected. */
  readonly windows: number;
  readonly framesPerSecond: number;
  /** Bytes of frames and pulses, of all windows together. */
  readonly bytesPerSecond: number;
  /** Milliseconds that the engine's thread worked for a frame, reading its values included; null without a frame. */
  readonly msPerFrame: number | null;
  /** The same of the longest turn of the gateway, for all windows together. */
  readonly longestTurnMs: number;
}

interface Second {
  frames: number;
  bytes: number;
  busyMs: number;
  longestMs: number;
}

const emptySecond = (): Second => ({ frames: 0, bytes: 0, busyMs: 0, longestMs: 0 });

/** Counts what windows cost the process. It holds no clock: the gateway says when a second is over. */
export class FrameMeter {
  private now = emptySecond();
  private past: Second[] = [];
  private windows = 0;

  /** Notes a message that was sent. */
  sent(bytes: number, isFrame: boolean): void {
    this.now.bytes += bytes;
    if (isFrame) this.now.frames += 1;
  }

  /** Notes a turn of the gateway: milliseconds the thread worked, other programs left out. */
  turn(ms: number): void {
    this.now.busyMs += ms;
    this.now.longestMs = Math.max(this.now.longestMs, ms);
  }

  /** A second is over. */
  second(windows: number): void {
    this.windows = windows;
    this.past = [...this.past, this.now].slice(-seconds);
    this.now = emptySecond();
  }

  /** Returns the figures of the whole seconds that are kept. */
  read(): FrameLoad {
    const sum = emptySecond();
    for (const { frames, bytes, busyMs, longestMs } of this.past) {
      sum.frames += frames;
      sum.bytes += bytes;
      sum.busyMs += busyMs;
      sum.longestMs = Math.max(sum.longestMs, longestMs);
    }
    const count = Math.max(1, this.past.length);
    return {
      windows: this.windows,
      framesPerSecond: sum.frames / count,
      bytesPerSecond: sum.bytes / count,
      msPerFrame: sum.frames === 0 ? null : sum.busyMs / sum.frames,
      longestTurnMs: sum.longestMs,
    };
  }
}
