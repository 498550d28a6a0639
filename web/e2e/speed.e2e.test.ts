// The gates of the live page, with the real page on a real engine. What other programs on the machine cannot change is
// held to the letter: bytes, and time that a thread really ran. Time on the wall is the best of three windows, with half
// as much again, and only judged on a machine that is not busy with other work; a busy one is told of.
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildApp } from '../http/build-app.ts';
import { type LoadApp, startReplayApp } from './load-app.ts';
import { busyLateMs, measureLateness } from './machine-lateness.ts';
import {
  measureCost,
  measureFrames,
  measureTasks,
  notePage,
  type PageCost,
  quantile,
} from './page-meter.ts';
import { openSilent, rssOf, type SilentWindow } from './silent-window.ts';
import { hasBrowser, openBrowser } from './start-app.ts';
import { startText, timeStart } from './timed-start.ts';

const isTried = hasBrowser();
/** Length of a window; more of it makes steadier figures by hand. */
const windowMs = Number(process.env['ORDERFLOW_SPEED_SECONDS'] ?? 2.5) * 1_000;
const tolerance = 1.5;
const tries = 3;
const settleMs = 500;
const burstRows = 20_000;
/** More than all tests here take, with every try; a recording that ends would be seen as a rate that is missed. */
const recordedRows = 900_000;
/** Share of the rows that has to have come, for a rate to count as that rate. */
const leastShare = 0.8;
const kilobyte = 1_024;
/** So many at once, since the memory of one is lost in what the engine itself takes and gives back. */
const silentWindows = 20;

/** Other work in the thread of a page: an extension, a slow machine. */
function burn(): void {
  const until = performance.now() + 50;
  while (performance.now() < until);
}

const gates = {
  frameBytes: 8 * kilobyte,
  bytesPerSecond: 64 * kilobyte,
  snapshotBytes: 150 * kilobyte,
  frameCostMs: 2,
  mainThread: 0.3,
  taskMs: 50,
  frameP95Ms: 20,
  frameP99Ms: 34,
  paintP95Ms: 150,
  editorBytes: 450 * kilobyte,
  answerMs: 500,
  startMs: 2_000,
  silentMegabytes: 10,
} as const;

let app: LoadApp;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** Bytes of the first frame the page was sent. */
let snapshotBytes = 0;

async function openCenter(): Promise<Page> {
  const opened = await context.newPage();
  await opened.goto(app.url);
  const state = opened.locator('.rail [data-testid="link-state"]');
  await state.filter({ hasText: /LIVE|QUIET/ }).waitFor({ timeout: 90_000 });
  return opened;
}

interface ServerCost {
  readonly msPerFrame: number | null;
}

async function serverCost(): Promise<ServerCost> {
  const health = (await (await fetch(`${app.url}/api/health`)).json()) as { windows: ServerCost };
  return health.windows;
}

interface Window {
  readonly rate: number;
  readonly cost: PageCost;
  readonly paintP95: number;
  readonly frameP95: number;
  readonly frameP99: number;
  readonly lateMs: number;
}

async function measureWindow(): Promise<Window> {
  const from = Date.now();
  const [cost, lateCost] = await Promise.all([
    measureCost(page, windowMs),
    measureLateness(windowMs),
  ]);
  const to = Date.now();
  const [frames, lateFrames] = await Promise.all([
    measureFrames(page, windowMs),
    measureLateness(windowMs),
  ]);
  return {
    rate: app.rateBetween(from, to),
    cost,
    paintP95: quantile(app.delays(cost.wire), 0.95),
    frameP95: quantile(frames, 0.95),
    frameP99: quantile(frames, 0.99),
    lateMs: Math.max(lateCost, lateFrames),
  };
}

function print(name: string, { rate, cost, ...window }: Window): void {
  const { mainThread, script, style, layout, wire } = cost;
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  console.log(
    `${name}: ${Math.round(rate)} rows/s, ${wire.framesPerSecond.toFixed(1)} frames/s, ` +
      `${(wire.bytesPerSecond / kilobyte).toFixed(1)} KB/s, largest ${wire.largestFrame} B, ` +
      `main thread ${percent(mainThread)} (script ${percent(script)}, style ${percent(style)}, layout ${percent(layout)}), ` +
      `row to paint p95 ${window.paintP95} ms, frames p95 ${window.frameP95.toFixed(1)} p99 ${window.frameP99.toFixed(1)} ms, ` +
      `sleepers woken ${window.lateMs.toFixed(1)} ms late`,
  );
}

function isInTime({ paintP95, frameP95, frameP99 }: Window): boolean {
  return (
    paintP95 <= gates.paintP95Ms * tolerance &&
    frameP95 <= gates.frameP95Ms * tolerance &&
    frameP99 <= gates.frameP99Ms * tolerance
  );
}

/** Asks for so many rows a second and waits until they come: a replay reads again what it has used before it goes on. */
async function setRate(rows: number): Promise<void> {
  await app.setRate(rows);
  const isThere = (): void => {
    const now = Date.now();
    expect(app.rateBetween(now - 100, now)).toBeGreaterThan(rows / 2);
  };
  await vi.waitFor(isThere, { timeout: 15_000, interval: 20 });
}

/** A second of 20,000 rows, then 5,000 again; returns how many rows came in it. */
async function burst(): Promise<number> {
  await setRate(burstRows);
  const from = Date.now();
  await page.waitForTimeout(1_000);
  const rate = app.rateBetween(from, Date.now());
  await app.setRate(5_000);
  return rate;
}

/** Windows until one is in time, three at most. */
async function measureRate(rows: number): Promise<readonly Window[]> {
  await setRate(rows);
  await page.waitForTimeout(settleMs);
  const windows: Window[] = [];
  while (windows.length < tries && !windows.some(isInTime)) {
    const window = await measureWindow();
    print(`${rows} rows/s`, window);
    windows.push(window);
  }
  return windows;
}

function assertBytes(windows: readonly Window[]): void {
  for (const { cost } of windows) {
    expect(cost.wire.got.length).toBeGreaterThan(3);
    expect(cost.wire.largestFrame).toBeLessThanOrEqual(gates.frameBytes);
    expect(cost.wire.bytesPerSecond).toBeLessThanOrEqual(gates.bytesPerSecond);
  }
}

/** Whether other work filled the machine all the time; says so, since time on the wall is not judged then. */
function hadBusyNeighbours(windows: readonly Window[]): boolean {
  const lateMs = Math.min(...windows.map((window) => window.lateMs));
  if (lateMs <= busyLateMs) return false;
  console.warn(
    `not judged: other work fills this machine, sleepers wake ${lateMs.toFixed(0)} ms late`,
  );
  return true;
}

/** The rows did come: a page that is told of fewer keeps up with fewer. */
function assertRate(rows: number, rates: readonly number[], windows: readonly Window[]): void {
  const rate = Math.max(...rates);
  if (rate < rows * leastShare && hadBusyNeighbours(windows)) return;
  expect(rate).toBeGreaterThan(rows * leastShare);
}

function assertTime(windows: readonly Window[]): void {
  expect(Math.min(...windows.map(({ cost }) => cost.mainThread))).toBeLessThan(gates.mainThread);
  if (windows.some(isInTime) || hadBusyNeighbours(windows)) return;
  expect(
    windows.map(({ paintP95, frameP95, frameP99 }) => ({ paintP95, frameP95, frameP99 })),
  ).toEqual('in time');
}

/** Before the other tests of this file: their engine would be the neighbour. */
describe.runIf(isTried)('a start', () => {
  it('has a page with a price on it within two seconds', async () => {
    await buildApp(resolve(import.meta.dirname, '../..'), () => {});
    const started = await openBrowser();
    const quiet: number[] = [];
    const busy: number[] = [];
    try {
      const opened = await started.newPage();
      const limit = gates.startMs * tolerance;
      for (let i = 0; i < tries && !quiet.some((ms) => ms <= limit); i += 1) {
        // Who fills the machine is asked before: the start itself does.
        const lateMs = await measureLateness(1_000);
        const times = await timeStart(opened);
        console.log(`${startText(times)}; sleepers woken ${lateMs.toFixed(1)} ms late before`);
        (lateMs > busyLateMs && times.priced > limit ? busy : quiet).push(times.priced);
      }
      if (quiet.length > 0) expect(Math.min(...quiet)).toBeLessThanOrEqual(limit);
      else
        console.warn(
          `not judged: other work fills this machine; prices after ${busy.join(', ')} ms`,
        );
    } finally {
      await started.close();
    }
  }, 120_000);
});

describe.runIf(isTried)('the live page under load', () => {
  beforeAll(async () => {
    app = await startReplayApp(5_000, recordedRows);
    browser = await openBrowser();
    context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.addInitScript(notePage);
    page = await openCenter();
    await page.waitForFunction('window.notes.got.length > 0');
    const first = (await page.evaluate('window.notes.got[0]')) as { readonly bytes: number };
    snapshotBytes = first.bytes;
  }, 180_000);

  afterAll(async () => {
    await browser.close();
    await app.end('SIGINT');
    app.remove();
  });

  it('is painted and told first with no more than 150 KB each', async () => {
    const document = await (await fetch(app.url)).text();
    console.log(`document ${document.length} B, first frame ${snapshotBytes} B`);
    expect(document.length).toBeLessThanOrEqual(gates.snapshotBytes);
    expect(snapshotBytes).toBeGreaterThan(0);
    expect(snapshotBytes).toBeLessThanOrEqual(gates.snapshotBytes);
  });

  it.each([1_000, 5_000])(
    'keeps up with %i rows a second',
    async (rows) => {
      const windows = await measureRate(rows);
      assertRate(
        rows,
        windows.map((window) => window.rate),
        windows,
      );
      assertBytes(windows);
      assertTime(windows);
      const { msPerFrame } = await serverCost();
      console.log(`the engine's thread worked ${msPerFrame?.toFixed(2)} ms for a frame`);
      expect(msPerFrame).toBeLessThanOrEqual(gates.frameCostMs);
    },
    60_000,
  );

  it('has no task of more than 50 ms', async () => {
    let longest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < tries && longest > gates.taskMs; i += 1) {
      const tasks = await measureTasks(browser, page, windowMs);
      expect(tasks.length).toBeGreaterThan(50);
      longest = Math.max(...tasks);
      console.log(`longest task of ${tasks.length}: ${longest.toFixed(1)} ms of its thread`);
    }
    expect(longest).toBeLessThanOrEqual(gates.taskMs);
  }, 60_000);

  it('takes a burst of 20,000 rows in a second', async () => {
    const windows: Window[] = [];
    const rates: number[] = [];
    while (windows.length < tries && !windows.some(isInTime)) {
      const [window, rate] = await Promise.all([measureWindow(), burst()]);
      print(`burst of ${Math.round(rate)} rows/s`, window);
      windows.push(window);
      rates.push(rate);
    }
    assertRate(burstRows, rates, windows);
    assertBytes(windows);
    assertTime(windows);
  }, 60_000);

  it('answers a pause within half a second while eight tabs of one browser are open', async () => {
    const others: Page[] = [];
    while (others.length < 7) others.push(await openCenter());
    const last = others.at(-1) as Page;
    const times: number[] = [];
    const neighbours = measureLateness(windowMs);
    for (const name of [/Pause/, /Go on/, /Pause/, /Go on/]) {
      const answer = last.waitForResponse((response) => response.url().endsWith('/api/command'));
      await last.getByRole('button', { name }).click();
      const response = await answer;
      expect(response.status()).toBe(200);
      await response.finished();
      times.push(response.request().timing().responseEnd);
    }
    console.log(`answers in ${times.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    // Each answer, not the quickest: a stop that comes late once has come late.
    const lateMs = await neighbours;
    if (lateMs <= busyLateMs) expect(Math.max(...times)).toBeLessThan(gates.answerMs);
    else console.warn(`not judged: sleepers wake ${lateMs.toFixed(0)} ms late on this machine`);
    for (const other of others) await other.close();
  }, 90_000);

  it('loads at most 450 KB of script for the editor, none of it on the first page', async () => {
    const editor = await context.newPage();
    const scripts = new Map<string, number>();
    editor.on('response', (response) => {
      const path = new URL(response.url()).pathname;
      if (path.endsWith('.js')) scripts.set(path, 0);
    });
    await editor.goto(`${app.url}/flows/pro-course`);
    await editor.locator('.cm-content').waitFor({ timeout: 30_000 });
    await editor.locator('.react-flow__node').first().waitFor({ timeout: 30_000 });
    const html = await (await fetch(app.url)).text();
    let bytes = 0;
    for (const path of scripts.keys()) {
      if (html.includes(path)) continue;
      bytes += gzipSync(await (await fetch(`${app.url}${path}`)).text()).length;
    }
    console.log(`the editor loads ${Math.round(bytes / kilobyte)} KB`);
    expect(bytes).toBeGreaterThan(100 * kilobyte);
    expect(bytes).toBeLessThanOrEqual(gates.editorBytes);
    await editor.close();
  }, 90_000);

  // Both wait for most of their time.
  describe.concurrent('a window that does not keep up', () => {
    it('is not waited for when it stands still, is sent away, and has lost nothing when it comes back', async () => {
      await app.setRate(1_000);
      const before = await rssOf(app.child);
      const silent: SilentWindow[] = [];
      for (let i = 0; i < silentWindows; i += 1) silent.push(await openSilent(app.url));
      await page.waitForTimeout(12_000);
      const grown = ((await rssOf(app.child)) - before) / silentWindows;
      const ends = await Promise.all(silent.map(({ ended }) => ended));
      console.log(
        `a silent window costs ${grown.toFixed(2)} MB; the first ended after ${ends[0]?.afterMs.toFixed(0)} ms`,
      );
      for (const { code, afterMs, frames } of ends) {
        expect(code).toBe(4008);
        expect(frames).toBeLessThanOrEqual(2);
        expect(afterMs).toBeGreaterThan(14_500);
        expect(afterMs).toBeLessThan(15_000 * tolerance);
      }
      expect(grown).toBeLessThan(gates.silentMegabytes);
      const [first] = silent;
      if (!first) throw new Error('no window was opened');
      const { run, lastSeq } = await first.hello;
      const last = first.events.at(-1) ?? lastSeq;
      const again = await openSilent(app.url, { run, lastSeq: last });
      expect(await again.hello).toMatchObject({ run, gap: false });
      await vi.waitFor(() => expect(again.events.length).toBeGreaterThan(0), 10_000);
      const from = last + 1;
      expect(again.events).toEqual(again.events.map((_, i) => from + i));
      again.close();
    }, 60_000);

    it('is told less often when its browser does not keep up, says so, and comes back', async () => {
      await page.bringToFront();
      const chip = page.locator('.rail [data-testid="rate"]', { hasText: 'REDUCED 10 Hz' });
      await page.evaluate(`window.burning = setInterval(${burn.toString()}, 0)`);
      await chip.waitFor({ timeout: 30_000 });
      const { wire } = await measureCost(page, windowMs);
      expect(wire.framesPerSecond).toBeLessThan(11);
      await page.evaluate('clearInterval(window.burning)');
      await chip.waitFor({ state: 'detached', timeout: 45_000 });
    }, 90_000);
  });
});
