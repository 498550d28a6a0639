import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWhole } from '#engine/cli/topics-log.ts';
import { type JournalRecord, readingsOf } from '#engine/contracts/journal.ts';
import { decodeMarketBatch, marketTopic, rowKind } from '#engine/contracts/market-batch.ts';
import { openLocalLog } from '#kafka';
import { clockText, grouped } from '../app/format.ts';
import { writeShortFlow } from './short-flow.ts';
import { hasBrowser, openBrowser, openPage, type StartedApp, startApp } from './start-app.ts';

const isTried = hasBrowser();
const root = resolve(import.meta.dirname, '../..');
const wide = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
/** The whole form above the bar at the bottom, which a person would scroll away from under it. */
const tallPhone = { width: 390, height: 2_000 };

let app: StartedApp;
let browser: Browser;
let flow: string;
let home: string;

async function open(path: string, viewport = wide) {
  const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
  const opened = await openPage(context, `${app.url}${path}`);
  // Before the page listens, keys and choices are lost; once its socket says something, it does.
  await opened.page
    .locator('.rail [data-testid="link-state"]', { hasText: /LIVE|QUIET|LAGGING/ })
    .waitFor({ timeout: 60_000 });
  return opened;
}

async function assertAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
}

/** Every record of a topic, read beside the engine that writes it. */
async function wholeTopic(topic: string) {
  const log = openLocalLog({ directory: join(home, 'log'), access: 'guest' });
  try {
    return await readWhole(log, topic, 0);
  } finally {
    await log.close();
  }
}

/** The last trade of the market's topic at or before a time. */
async function tradeBy(ts: number): Promise<{ readonly ts: number; readonly ticks: number }> {
  const batches = await wholeTopic(marketTopic);
  const trades = batches.flatMap(({ value }) => {
    const { kind, ts: times, a } = decodeMarketBatch(value as Uint8Array);
    return [...kind].flatMap((one, i) =>
      one === rowKind.trade ? [{ ts: times[i] ?? 0, ticks: a[i] ?? 0 }] : [],
    );
  });
  const last = trades.findLast((trade) => trade.ts <= ts);
  if (!last) throw new Error(`the log holds no trade by ${ts}`);
  return last;
}

const seqOf = (page: Page): number => Number(new URL(page.url()).searchParams.get('at') ?? 0);

/** States of all machines as the list shows them. */
function statesOn(page: Page): Promise<string[]> {
  return page.locator('.nodes tbody tr').evaluateAll((rows) =>
    rows.map((row) => {
      const node = row.querySelector('th a')?.textContent ?? row.querySelector('th')?.textContent;
      return `${node}: ${row.querySelector('td strong')?.textContent ?? '-'}`;
    }),
  );
}

describe.runIf(isTried)('the inspector in a browser', () => {
  beforeAll(async () => {
    flow = writeShortFlow();
    home = mkdtempSync(join(tmpdir(), 'orderflow-inspector-'));
    app = await startApp([flow], { home });
    browser = await openBrowser();
    const { page } = await open('/machines/session');
    await page.locator('[data-testid="machine-state"]').waitFor({ timeout: 60_000 });
    await page.getByRole('link', { name: /freeze at macrostep/ }).waitFor({ timeout: 60_000 });
    await page.context().close();
  }, 240_000);

  afterAll(async () => {
    await browser.close();
    await app.end('SIGINT');
    app.remove();
  });

  it('lists every node with its state in plain words, and filters', async () => {
    const { page, problems } = await open('/machines');
    await page.locator('.nodes tbody tr').first().waitFor();
    expect(await page.locator('.nodes tbody tr').count()).toBe(24);
    const row = page.locator('.nodes tbody tr').filter({ hasText: 'eighty-percent-rule' });
    await expect(row.innerText()).resolves.toMatch(/idle/);
    await page.getByLabel('filter').fill('eighty');
    await expect(page.locator('.nodes tbody tr').count()).resolves.toBe(1);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('lights the active state of the chart, and the same one as the head names', async () => {
    const { page, problems } = await open('/machines/eighty');
    const active = page.locator('.chart-state.is-active .chart-title');
    await active.waitFor();
    const head = await page.locator('[data-testid="machine-state"]').innerText();
    expect((await active.textContent())?.replace('●', '').trim()).toBe(head);
    const rows = await page.locator('.transitions tbody tr').count();
    expect(rows).toBeGreaterThan(20);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('goes from a line of the log to the machine at that macrostep, and back to the market', async () => {
    const { page } = await open('/');
    const line = page.locator('.log-panel a[href*="at="]').first();
    await line.waitFor({ timeout: 60_000 });
    // Held still, so that the line that is read is the line that is clicked.
    await page.keyboard.press('p');
    const href = await line.getAttribute('href');
    await line.click();
    await page.waitForURL((url) => `${url.pathname}${url.search}` === href);
    await page.locator('.moment-head', { hasText: grouped(seqOf(page)) }).waitFor();
    await page.goBack();
    await page.locator('.log-panel a[href*="at="]').first().waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
    await page.context().close();
  });

  it('travels to a moment: it stays as it was while the engine goes on, in a frame that says so', async () => {
    const { page, problems } = await open('/machines');
    await page.locator('.nodes tbody tr').first().waitFor();
    await page.keyboard.press('[');
    await page.locator('[data-testid="moment"]').waitFor();
    await page.waitForTimeout(200);
    for (let i = 0; i < 3; i += 1) {
      const before = seqOf(page);
      await page.keyboard.press('[');
      await expect.poll(() => seqOf(page)).toBe(before - 1);
      await page.locator('.moment-head', { hasText: grouped(before - 1) }).waitFor();
      // The keys of the new moment are listened for once it is painted.
      await page.waitForTimeout(200);
    }
    const at = seqOf(page);
    await expect(page.locator('.moment-head').innerText()).resolves.toMatch(
      /REPLAY · VIEWING \d\d:\d\d:\d\d[\s\S]*live continues/,
    );
    const then = await statesOn(page);
    await page.waitForTimeout(3_000);
    await page.reload();
    await page.locator('[data-testid="moment"]').waitFor();
    expect(await statesOn(page)).toEqual(then);
    expect(seqOf(page)).toBe(at);
    await page.locator('#tables').waitFor();
    await page.getByRole('link', { name: 'Back to live' }).click();
    await page.locator('[data-testid="moment"]').waitFor({ state: 'detached' });
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('shows the price and the sensors of a moment as the log has them', async () => {
    const { page, problems } = await open('/machines/session?at=60');
    await page.locator('[data-testid="past-chip"]').waitFor();
    const journal = await wholeTopic('pro-course.journal');
    const { ts } = JSON.parse(String(journal[59]?.value)) as JournalRecord;
    const trade = await tradeBy(ts);
    const clock = (at: number): string => clockText('America/New_York', at);
    // The staged instrument has ticks of a quarter.
    await expect(page.locator('[data-testid="price-then"]').innerText()).resolves.toBe(
      `${(trade.ticks / 4).toFixed(2)} last trade ${clock(trade.ts)}`,
    );
    await expect(page.locator('[data-testid="flow-then"]').innerText()).resolves.toMatch(
      /^version [\d.]+ \([0-9a-f]{12}\), the flow of now$/,
    );
    const windows = await wholeTopic('pro-course.probes');
    const readings = windows.flatMap(({ value }) => readingsOf(JSON.parse(String(value))));
    const silence = readings.findLast((one) => one.probe === 'longestSilence' && one.ts <= ts);
    await expect(page.locator('[data-testid="probes-then"]').innerText()).resolves.toContain(
      silence ? `in the minute to ${clock(silence.ts)}` : 'no reading by then',
    );
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('plays a moment with a key, stands still with it, and stops at live', async () => {
    const { page, problems } = await open('/machines/session?at=5');
    await page.locator('[data-testid="moment"]').waitFor();
    await page.getByLabel('Speed of event time').selectOption('600');
    await page.locator('input[name="time"]').focus();
    await page.keyboard.press('y');
    expect(await page.locator('input[name="time"]').inputValue()).toBe('y');
    await page.locator('.machine-head').click();
    await page.keyboard.press('y');
    const button = page.locator('.play-controls button');
    await expect.poll(() => button.getAttribute('aria-label')).toBe('pause');
    await expect.poll(() => new URL(page.url()).searchParams.has('time')).toBe(true);
    await page.locator('.moment-head', { hasText: 'playing 600×' }).waitFor();
    await page.keyboard.press('y');
    await expect.poll(() => button.getAttribute('aria-label')).toBe('play from this moment');
    const shown = page.url();
    await page.waitForTimeout(2_500);
    expect(page.url()).toBe(shown);
    // From near the end it runs up to now, which is another page without a frame.
    await page.getByRole('link', { name: 'Back to live' }).click();
    await page.getByRole('link', { name: /freeze at macrostep/ }).click();
    await page.locator('[data-testid="moment"]').waitFor();
    await page.getByLabel('Speed of event time').selectOption('600');
    await page.locator('.play-controls button').click();
    await page.locator('[data-testid="moment"]').waitFor({ state: 'detached', timeout: 15_000 });
    await page.locator('.played', { hasText: 'this is live' }).waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  }, 40_000);

  it('steps from change of state to change of state with the keyboard alone, and not while one types', async () => {
    const { page } = await open('/machines/session');
    await page.locator('.chart-state.is-active').waitFor();
    await page.keyboard.press('Shift+BracketLeft');
    await page.locator('[data-testid="moment"]').waitFor();
    const first = seqOf(page);
    const state = await page.locator('[data-testid="machine-state"]').innerText();
    await page.waitForTimeout(200);
    await page.keyboard.press('Shift+BracketLeft');
    await expect.poll(() => seqOf(page)).toBeLessThan(first);
    await page.locator('.moment-head', { hasText: grouped(seqOf(page)) }).waitFor();
    await page.waitForTimeout(200);
    await expect
      .poll(() => page.locator('[data-testid="machine-state"]').innerText())
      .not.toBe(state);
    await page.keyboard.press('Shift+BracketRight');
    await expect.poll(() => seqOf(page)).toBe(first);
    await page.locator('input[name="time"]').focus();
    await page.keyboard.press('[');
    await page.waitForTimeout(500);
    expect(seqOf(page)).toBe(first);
    await page.context().close();
  });

  it('shows the recorded context of a macrostep, against the one before', async () => {
    const { page } = await open('/machines/session?tab=log&only=all');
    const time = page.locator('.log tbody tr a').first();
    await time.click();
    await page.locator('[data-testid="moment"]').waitFor();
    await page.getByRole('link', { name: 'Context' }).click();
    await page.locator('.fields').first().waitFor();
    await expect(page.locator('.fields caption').first().innerText()).resolves.toMatch(
      /Context after macrostep/,
    );
    await page.context().close();
  });

  it('answers why not as orderflow explain does on the same log', async () => {
    const { page } = await open('/why?node=rotational');
    await page.locator('select[name="transition"]').selectOption('seeking:edge:0');
    await page.getByLabel('from', { exact: true }).fill('02:00');
    await page.getByLabel('to', { exact: true }).fill('02:30');
    await page.getByRole('button', { name: 'Ask' }).click();
    await page.locator('.answer').waitFor();
    const words = ['--node', 'rotational', '--transition', 'seeking:edge:0', '--from', '02:00'];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['orderflow.ts', 'explain', flow, ...words, '--to', '02:30', '--home', home, '--json'],
      { cwd: root },
    );
    const told = JSON.parse(stdout) as { verdict: string; listensIn: string[]; state: string };
    expect(await page.locator('.answer').getAttribute('data-verdict')).toBe(told.verdict);
    await expect(page.locator('.answer').innerText()).resolves.toContain(told.listensIn[0] ?? '');
    await page.context().close();
  });

  it('asks the guards out of the present state now, with what they compare', async () => {
    const { page, problems } = await open('/machines/vwap');
    const table = page.locator('[data-testid="guards-now"]');
    await table.waitFor({ timeout: 20_000 });
    // What a guard compares is evidence of the engine's own guards; the lean of the night was measured long before.
    await expect(table.textContent()).resolves.toMatch(
      /the last slopeChanged, \d\d:\d\d:\d\d.*slope over 30 minutes/,
    );
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('opens the change of a what-if as a draft, and writes nothing', async () => {
    const { page, problems } = await open('/machines/five?tab=why&transition=(root):stacked:0');
    const offer = page.locator('[data-testid="edit-offer"]');
    await offer.waitFor({ timeout: 20_000 });
    await expect(offer.innerText()).resolves.toMatch(/\+ .*signalStackRows: \d/);
    await offer.getByRole('button', { name: 'Open as a draft' }).click();
    await page.waitForURL((url) => url.pathname === '/flows/pro-course');
    await page.getByText('draft differs from the file').waitFor({ timeout: 20_000 });
    const drafts = await page.evaluate(() => Object.values(localStorage).join('\n'));
    expect(drafts).toMatch(/withRows: false, signalStackRows: \d/);
    expect(readFileSync(flow, 'utf8')).not.toContain('signalStackRows');
    expect(problems).toEqual([]);
    await page.context().close();
  }, 40_000);

  it('turns grey and says how old it is when the engine falls silent, but not what is of the past', async () => {
    const [{ page }, { page: past }] = [
      await open('/machines/session'),
      await open('/machines/session?at=60'),
    ];
    await page.locator('.chart-state.is-active').waitFor();
    await past.locator('[data-testid="moment"]').waitFor();
    const hatch = (on: Page): Promise<string> =>
      on.locator('.tab-body').evaluate((body) => getComputedStyle(body).backgroundImage);
    await expect(hatch(page)).resolves.toBe('none');
    app.child.kill('SIGSTOP');
    try {
      // On a slow machine it may be DOWN before it is looked at: that is old, too.
      const old = 'html[data-link="STALE"], html[data-link="DOWN"]';
      for (const one of [page, past]) await one.locator(old).waitFor({ timeout: 15_000 });
      await expect(hatch(page)).resolves.not.toBe('none');
      await expect(hatch(past)).resolves.toBe('none');
      await expect(page.locator('.machine-top .old-age').innerText()).resolves.toMatch(/s ago/);
    } finally {
      app.child.kill('SIGCONT');
    }
    await page.context().close();
    await past.context().close();
  }, 40_000);

  it.each([
    ['/machines/eigthy', 404, /perhaps 'eighty'/],
    ['/machines/eighty?at=99999999', 404, /no macrostep 99999999/],
    ['/machines/eighty?at=soon', 400, /is no macrostep/],
    ['/machines/eighty?time=soon', 400, /is no time/],
  ])('%s is refused with %i and a way on', async (path, status, text) => {
    const context = await browser.newContext({ viewport: wide });
    const page = await context.newPage();
    const response = await page.goto(`${app.url}${path}`);
    expect(response?.status()).toBe(status);
    await expect(page.locator('.error-box').innerText()).resolves.toMatch(text);
    await context.close();
  });

  it('says what is wrong with a question, and keeps the form', async () => {
    const { page, problems } = await open('/why?node=eighty&from=soon');
    await expect(page.getByRole('alert').innerText()).resolves.toMatch(/'soon' is no time/);
    await expect(page.getByLabel('from').inputValue()).resolves.toBe('soon');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it.each([
    '/machines',
    '/machines/eighty',
    '/machines/migration?tab=log&only=all',
    '/machines/session?tab=seq',
    '/machines/profile?tab=context',
    '/machines/five?tab=why&transition=(root):stacked:0',
    '/why',
  ])(
    '%s is accessible and fits, live and wide, and in the past on a phone',
    async (path) => {
      const past = path === '/why' ? '' : 'at=40';
      for (const [viewport, at] of [
        [wide, ''],
        [path.includes('tab=why') ? tallPhone : phone, past],
      ] as const) {
        const address = at === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${at}`;
        const { page, problems } = await open(address, viewport);
        await assertAccessible(page);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - window.innerWidth,
        );
        expect(overflow, address).toBeLessThanOrEqual(0);
        expect(problems).toEqual([]);
        await page.context().close();
      }
    },
    60_000,
  );
});
