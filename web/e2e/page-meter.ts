import type { Browser, Page } from 'playwright-core';

/** A frame of the socket: its number, event time of the cut, bytes of its text. */
interface Got {
  readonly n: number;
  readonly asOf: number;
  readonly bytes: number;
}

/** An acknowledgement: number of the frame, and milliseconds since the epoch at which it was painted. */
interface Acked {
  readonly n: number;
  readonly at: number;
}

/** What the script in the page notes. */
interface Notes {
  got: Got[];
  acked: Acked[];
  /** Lengths of animation frames in milliseconds, while they are watched. */
  intervals: number[];
  isWatching: boolean;
}

/** Runs in the page before everything else: notes what comes over the socket and when the page says it has painted. */
export function notePage(): void {
  const notes: Notes = { got: [], acked: [], intervals: [], isWatching: false };
  (window as unknown as { notes: Notes }).notes = notes;
  const encoder = new TextEncoder();
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...of: ConstructorParameters<typeof WebSocket>) {
      super(...of);
      this.addEventListener('message', ({ data }) => {
        const text = String(data);
        const head = /^\{"kind":"frame","n":(\d+),"asOf":(\d+)/.exec(text);
        if (!head) return;
        const bytes = encoder.encode(text).length;
        notes.got.push({ n: Number(head[1]), asOf: Number(head[2]), bytes });
      });
    }
    override send(data: Parameters<WebSocket['send']>[0]): void {
      const ack = /^\{"kind":"ack","n":(\d+)/.exec(typeof data === 'string' ? data : '');
      if (ack) notes.acked.push({ n: Number(ack[1]), at: Date.now() });
      super.send(data);
    }
  };
  let last = 0;
  const watch = (now: number): void => {
    if (last > 0) notes.intervals.push(now - last);
    last = notes.isWatching ? now : 0;
    if (notes.isWatching) requestAnimationFrame(watch);
  };
  addEventListener('watch-frames', () => {
    notes.isWatching = true;
    requestAnimationFrame(watch);
  });
}

/** Returns the value below which a share of the numbers lies; NaN of none. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

async function takeNotes(page: Page): Promise<Notes> {
  return (await page.evaluate(`(() => {
    const { got, acked, intervals, isWatching } = window.notes;
    Object.assign(window.notes, { got: [], acked: [], intervals: [], isWatching: false });
    return { got, acked, intervals, isWatching };
  })()`)) as Notes;
}

/** What came over the socket in a window of time. */
export interface Wire {
  readonly framesPerSecond: number;
  readonly bytesPerSecond: number;
  readonly largestFrame: number;
  readonly got: readonly Got[];
  readonly acked: readonly Acked[];
}

/** What a page cost in a window of time, in shares of one core: time the thread really ran. */
export interface PageCost {
  readonly mainThread: number;
  readonly script: number;
  readonly style: number;
  readonly layout: number;
  readonly wire: Wire;
}

/** Bytes, DOM nodes and listeners of a page. */
export interface PageSize {
  readonly heapBytes: number;
  readonly nodes: number;
  readonly listeners: number;
}

type Metrics = Readonly<Record<string, number>>;

async function metricsOf(page: Page, clock: 'timeTicks' | 'threadTicks'): Promise<Metrics> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('Performance.enable', { timeDomain: clock });
    const { metrics } = await session.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  } finally {
    await session.detach();
  }
}

/** Measures what a page does in so many milliseconds, by the clock of its thread: other programs do not count. */
export async function measureCost(page: Page, ms: number): Promise<PageCost> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async (): Promise<Metrics> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  };
  await takeNotes(page);
  const begun = performance.now();
  const before = await read();
  await page.waitForTimeout(ms);
  const after = await read();
  const seconds = (performance.now() - begun) / 1_000;
  const { got, acked } = await takeNotes(page);
  await session.detach();
  const share = (name: string): number => ((after[name] ?? 0) - (before[name] ?? 0)) / seconds;
  const bytes = got.reduce((sum, frame) => sum + frame.bytes, 0);
  return {
    mainThread: share('TaskDuration'),
    script: share('ScriptDuration'),
    style: share('RecalcStyleDuration'),
    layout: share('LayoutDuration'),
    wire: {
      framesPerSecond: got.length / seconds,
      bytesPerSecond: bytes / seconds,
      largestFrame: Math.max(0, ...got.map((frame) => frame.bytes)),
      got,
      acked,
    },
  };
}

/** Watches the frames of the screen for so many milliseconds; lengths in milliseconds, by the wall clock. */
export async function measureFrames(page: Page, ms: number): Promise<readonly number[]> {
  await takeNotes(page);
  await page.evaluate("dispatchEvent(new Event('watch-frames'))");
  await page.waitForTimeout(ms);
  return (await takeNotes(page)).intervals;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds: of the wall, and of the thread. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** Returns the tasks of the main thread of the page in so many milliseconds, as milliseconds the thread ran. */
export async function measureTasks(
  browser: Browser,
  page: Page,
  ms: number,
): Promise<readonly number[]> {
  await browser.startTracing(page, {
    categories: ['-*', 'toplevel', 'disabled-by-default-devtools.timeline', '__metadata'],
  });
  await page.waitForTimeout(ms);
  const text = (await browser.stopTracing()).toString();
  const { traceEvents } = JSON.parse(text) as { readonly traceEvents: readonly TraceEvent[] };
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.['name'] === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}.${tid}`),
  );
  return traceEvents
    .filter(({ name, pid, tid }) => name.endsWith('RunTask') && mains.has(`${pid}.${tid}`))
    .map(({ tdur, dur }) => (tdur ?? dur ?? 0) / 1_000);
}

/** Measures a page after everything that nobody holds is collected. */
export async function measureSize(page: Page): Promise<PageSize> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  await session.detach();
  const { JSHeapUsedSize, Nodes, JSEventListeners } = await metricsOf(page, 'timeTicks');
  return {
    heapBytes: JSHeapUsedSize ?? Number.NaN,
    nodes: Nodes ?? Number.NaN,
    listeners: JSEventListeners ?? Number.NaN,
  };
}
