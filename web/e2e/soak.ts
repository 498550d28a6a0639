// `node bootstrap.mjs :web/e2e/soak.ts [--minutes N] [--rate N]`: the real page on a real engine for half an hour, at 5,000
// rows a second. Writes a table, and ends with 1 when page or engine grow, or frames come late.
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { type LoadApp, startLoadApp } from './load-app.ts';
import { measureLateness } from './machine-lateness.ts';
import {
  measureCost,
  measureFrames,
  measureSize,
  notePage,
  type PageCost,
  type PageSize,
  quantile,
} from './page-meter.ts';
import { rssOf } from './silent-window.ts';
import { judgeSoak, type SoakSample } from './soak-judge.ts';
import { openBrowser } from './start-app.ts';

const msPerMinute = 60_000;
const kilobyte = 1_024;
const megabyte = 1_048_576;
/** Lengths of what is measured in each sample; between samples nobody disturbs the page. */
const costMs = 10_000;
const framesMs = 5_000;

/** Runs in the page: counts tasks of more than 50 ms, by the wall clock. */
function noteLongTasks(): void {
  const counted = window as unknown as { longTasks: number };
  counted.longTasks = 0;
  new PerformanceObserver((list) => {
    counted.longTasks += list.getEntries().length;
  }).observe({ type: 'longtask' });
}

interface Measured extends SoakSample {
  readonly cost: PageCost;
  readonly size: PageSize;
}

async function measure(app: LoadApp, page: Page, begun: number): Promise<Measured> {
  await page.evaluate('window.longTasks = 0');
  const cost = await measureCost(page, costMs);
  const [frames, lateMs] = await Promise.all([
    measureFrames(page, framesMs),
    measureLateness(framesMs),
  ]);
  const longTasks = (await page.evaluate('window.longTasks')) as number;
  const size = await measureSize(page);
  return {
    cost,
    size,
    minute: (performance.now() - begun) / msPerMinute,
    heapMegabytes: size.heapBytes / megabyte,
    nodes: size.nodes,
    listeners: size.listeners,
    rssMegabytes: await rssOf(app.child),
    frameP95: quantile(frames, 0.95),
    mainThread: cost.mainThread,
    lateMs,
    longTasks,
  };
}

const head =
  'minute   heap MB   nodes  listeners  RSS MB  frames/s   KB/s  main thread  frame p95 ms  others ms  long tasks';

function rowOf({ minute, cost, ...of }: Measured): string {
  const { framesPerSecond, bytesPerSecond } = cost.wire;
  return [
    minute.toFixed(1).padStart(6),
    of.heapMegabytes.toFixed(2).padStart(9),
    String(of.nodes).padStart(7),
    String(of.listeners).padStart(10),
    of.rssMegabytes.toFixed(0).padStart(7),
    framesPerSecond.toFixed(1).padStart(9),
    (bytesPerSecond / kilobyte).toFixed(1).padStart(6),
    `${(of.mainThread * 100).toFixed(1)} %`.padStart(12),
    of.frameP95.toFixed(1).padStart(13),
    of.lateMs.toFixed(1).padStart(10),
    String(of.longTasks).padStart(11),
  ].join(' ');
}

async function openPage(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addInitScript(notePage);
  await context.addInitScript(noteLongTasks);
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`error in the page: ${error.message}`));
  await page.goto(url);
  const state = page.locator('.rail [data-testid="link-state"]');
  await state.filter({ hasText: /LIVE|QUIET/ }).waitFor({ timeout: 60_000 });
  return page;
}

const { values } = parseArgs({
  options: { minutes: { type: 'string' }, rate: { type: 'string' }, every: { type: 'string' } },
});
const minutes = Number(values.minutes ?? 30);
const rate = Number(values.rate ?? 5_000);
/** Seconds from sample to sample. */
const every = Number(values.every ?? 60);

// So many trades a day that at 5,000 rows a second the market goes some twenty times as fast as life: a session takes
// the whole soak, and the night in it is short.
const market = { tradesPerDay: 2_000_000, catchUpDays: 0.67 };
const app = await startLoadApp(rate, market);
const browser = await openBrowser();
try {
  const page = await openPage(browser, app.url);
  const begun = performance.now();
  const samples: Measured[] = [];
  console.log(`${rate} rows/s for ${minutes} minutes\n${head}`);
  while (performance.now() - begun < minutes * msPerMinute) {
    const next = performance.now() + every * 1_000;
    const sample = await measure(app, page, begun);
    samples.push(sample);
    console.log(rowOf(sample));
    await page.waitForTimeout(Math.max(0, next - performance.now()));
  }
  const { figures, problems } = judgeSoak(samples);
  for (const figure of figures) console.log(figure);
  for (const problem of problems) console.error(`red: ${problem}`);
  process.exitCode = problems.length > 0 ? 1 : 0;
} finally {
  await browser.close();
  await app.end('SIGINT');
  app.remove();
}
