import { resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { MarketValue } from '../live/values.ts';
import type { ServerMessage } from '../live/wire.ts';
import { writeLoadFlow } from './short-flow.ts';
import { hasBrowser, openBrowser, openPage, type StartedApp, startApp } from './start-app.ts';

const isTried = hasBrowser();
/** Where the markets of `load-market/` are: they begin at 6,000 and 18,000 and move by hundreds at most. */
const ranges = { ES: [5_000, 7_000], NQ: [15_000, 21_000] } as const;
type Symbol = keyof typeof ranges;
/** Addresses that wait for an instrument. */
const pages = [
  '/?',
  '/?preset=pit-wall&',
  '/?panel=price&chrome=0&',
  '/machines?',
  '/machines/eighty?tab=why&',
  '/why?',
  '/journal?',
  '/flows?',
  '/plugins/regime?',
  '/topics?',
  '/health?',
  '/help/keys?',
];

let app: StartedApp;
let browser: Browser;

const isOf = (symbol: Symbol, price: number): boolean =>
  price > ranges[symbol][0] && price < ranges[symbol][1];
const chooserOf = (page: Page) => page.getByRole('navigation', { name: 'Instrument' });

async function open(path: string, viewport = { width: 1440, height: 900 }) {
  const context = await browser.newContext({ viewport });
  const opened = await openPage(context, `${app.url}${path}`);
  const state = opened.page.locator('.rail [data-testid="link-state"]');
  // So many rows of so few trades go faster than the market they are of, which counts as catching up.
  await state.filter({ hasText: /LIVE|QUIET|LAGGING|CLOSED/ }).waitFor({ timeout: 20_000 });
  return opened;
}

/** Every price on the page: of the rail, of the levels, of the signals. */
async function pricesOn(page: Page): Promise<readonly number[]> {
  const texts = await page.locator('.rail .price, #cva, #dva, #prior, #signals').allInnerTexts();
  const found = texts.flatMap((text) => [...text.matchAll(/\b\d{4,5}\.\d\d\b/g)]);
  return found.map(([price]) => Number(price));
}

describe.runIf(isTried)('a flow on two instruments in a browser', () => {
  beforeAll(async () => {
    // A day and the night before the next session, with few trades: two tasks make it in seconds.
    const market = { seed: 7, depth: false, catchUpDays: 1.67, tradesPerDay: 20_000 };
    app = await startApp([writeLoadFlow(market, 'ES, NQ'), '--speed', '3'], {
      env: { ORDERFLOW_PLUGINS: resolve(import.meta.dirname, 'load-market') },
    });
    browser = await openBrowser();
    for (const path of ['/', '/?instrument=NQ']) {
      const { page } = await open(path);
      await vi.waitFor(async () => expect((await pricesOn(page)).length).toBeGreaterThan(3), {
        timeout: 60_000,
        interval: 500,
      });
      await page.context().close();
    }
  }, 150_000);

  afterAll(async () => {
    await browser.close();
    await app.end('SIGINT');
    app.remove();
  });

  it('shows each window the prices of its own instrument', async () => {
    const windows = await Promise.all(
      (['ES', 'NQ'] as const).map(async (symbol) => ({
        symbol,
        ...(await open(symbol === 'ES' ? '/' : `/?instrument=${symbol}`)),
      })),
    );
    for (const { symbol, page } of windows) {
      await expect.poll(() => pricesOn(page).then(({ length }) => length)).toBeGreaterThan(3);
      for (let i = 0; i < 10; i += 1) {
        const prices = await pricesOn(page);
        expect(prices.filter((price) => !isOf(symbol, price))).toEqual([]);
        await page.waitForTimeout(100);
      }
      expect(await page.title()).toBe(`${symbol} · Command center · OrderFlow`);
      expect(await chooserOf(page).locator('[aria-current]').innerText()).toBe(symbol);
    }
    expect(windows.flatMap(({ problems }) => problems)).toEqual([]);
    for (const { page } of windows) await page.context().close();
  });

  it('goes on with the same instrument after a lost connection', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const lasts: number[][] = [];
    const addresses: string[] = [];
    let cut: (() => void) | null = null;
    await page.routeWebSocket(/\/ws/, (socket) => {
      const own: number[] = [];
      lasts.push(own);
      addresses.push(new URL(socket.url()).search);
      const server = socket.connectToServer();
      socket.onMessage((message) => server.send(message));
      server.onMessage((message) => {
        const said = JSON.parse(String(message)) as ServerMessage;
        const market = said.kind === 'frame' ? (said.t1['market'] as MarketValue) : undefined;
        if (market?.last) own.push(market.last);
        socket.send(message);
      });
      cut = () => void socket.close({ code: 1001 });
    });
    await page.goto(`${app.url}/?instrument=NQ`);
    await expect.poll(() => lasts[0]?.length, { timeout: 20_000 }).toBeGreaterThan(3);
    (cut as (() => void) | null)?.();
    await expect.poll(() => lasts[1]?.length, { timeout: 20_000 }).toBeGreaterThan(3);
    expect(addresses).toEqual(['?instrument=NQ', '?instrument=NQ']);
    expect(lasts.flat().filter((price) => !isOf('NQ', price))).toEqual([]);
    expect((await pricesOn(page)).filter((price) => !isOf('NQ', price))).toEqual([]);
    await context.close();
  });

  it('is chosen by the keyboard, and shows nothing of the one before', async () => {
    const { page, problems } = await open('/?preset=qualifying');
    await chooserOf(page).getByRole('link', { name: 'NQ' }).focus();
    await page.keyboard.press('Enter');
    await chooserOf(page).locator('[aria-current]', { hasText: 'NQ' }).waitFor();
    for (let i = 0; i < 20; i += 1) {
      const prices = await pricesOn(page);
      expect(prices.filter((price) => !isOf('NQ', price))).toEqual([]);
    }
    const focused = await page.evaluate('document.activeElement.textContent');
    expect(focused).toBe('NQ');
    expect(new URL(page.url()).search).toBe('?preset=qualifying&instrument=NQ');
    await page.locator('.chart canvas').first().waitFor();
    await page.goBack();
    await chooserOf(page).locator('[aria-current]', { hasText: 'ES' }).waitFor();
    expect((await pricesOn(page)).filter((price) => !isOf('ES', price))).toEqual([]);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('is kept by every link of every page', async () => {
    const { page } = await open('/?instrument=NQ');
    for (const path of pages) {
      await page.goto(`${app.url}${path}instrument=NQ`);
      const links = await page
        .locator('a[href^="/"]')
        .evaluateAll((all) =>
          all
            .filter((link) => link.closest('[aria-label="Instrument"]') === null)
            .map((link) => link.getAttribute('href') ?? ''),
        );
      expect(links.length, path).toBeGreaterThan(5);
      expect(
        links.filter((link) => !link.includes('instrument=NQ')),
        path,
      ).toEqual([]);
    }
    await page.context().close();
  }, 60_000);

  it('is kept by keys, by the palette, and by a form', async () => {
    const { page } = await open('/?instrument=NQ');
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await page.waitForURL('**/machines?instrument=NQ');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Find' }).fill('why did it');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/why?instrument=NQ');
    await page.getByRole('combobox', { name: 'machine' }).selectOption('eighty');
    await page.waitForURL(/\/why\?.*instrument=NQ.*node=eighty/);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Find' }).fill('instrument es');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/why\?.*instrument=ES/);
    expect(new URL(page.url()).searchParams.get('node')).toBe('eighty');
    await page.context().close();
  });

  it('stays through time travel, and another one is shown at the same time of the market', async () => {
    const { page } = await open('/machines/session?instrument=NQ&at=20');
    const viewed = page.locator('.moment-head strong');
    const moment = await viewed.innerText();
    await page.getByRole('link', { name: /^previous macrostep/ }).click();
    await page.waitForURL(/instrument=NQ/);
    await page.goto(`${app.url}/machines/session?instrument=NQ&at=20`);
    await chooserOf(page).getByRole('link', { name: 'ES' }).click();
    await page.waitForURL(/instrument=ES/);
    expect(new URL(page.url()).searchParams.has('at')).toBe(false);
    await viewed.waitFor();
    // The macrostep of the other one at that time, or the last before it.
    expect((await viewed.innerText()) <= moment).toBe(true);
    await page.getByRole('link', { name: 'Back to live' }).click();
    await page.waitForURL('**/machines/session?instrument=ES');
    await page.context().close();
  });

  it('says plainly what there is when an address asks for another', async () => {
    const answer = await fetch(`${app.url}/journal?instrument=XX`);
    expect(answer.status).toBe(404);
    const { page } = await open('/journal?instrument=XX');
    const told = page.getByRole('alert');
    expect(await told.innerText()).toContain('This flow does not run on ‘XX’');
    expect(await told.getByRole('link').allInnerTexts()).toEqual(['ES', 'NQ']);
    await told.getByRole('link', { name: 'NQ' }).click();
    await page.waitForURL('**/journal?instrument=NQ');
    await page.getByText('pro-course on NQ').waitFor();
    expect((await fetch(`${app.url}/api/history?instrument=XX`)).status).toBe(404);
    await page.context().close();
  });

  it.each([
    { width: 1440, height: 900 },
    // Narrower than a phone.
    { width: 320, height: 568 },
  ])('is accessible and fits at $width pixels', async (viewport) => {
    const { page } = await open('/?instrument=NQ', viewport);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
      viewport.width,
    );
    await chooserOf(page).getByRole('link', { name: 'ES' }).scrollIntoViewIfNeeded();
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
    await page.context().close();
  });
});
