import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDeskFlow } from './desk-flow.ts';
import { hasBrowser, openBrowser, openPage, type StartedApp, startApp } from './start-app.ts';

const readable = [
  '/flows',
  '/flows/desk',
  '/flows/desk/versions',
  '/plugins',
  '/plugins/eighty-percent-rule',
  '/topics',
  '/health',
  '/help/legend',
  '/help/keys',
  '/help/codes',
  '/help/alerts',
  '/journal',
  '/reports',
];

let app: StartedApp;
let browser: Browser;
let folder: string;

async function open(path: string) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  return openPage(context, `${app.url}${path}`);
}

describe.runIf(hasBrowser())('pages that are read', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'orderflow-pages-'));
    app = await startApp([writeDeskFlow(folder)]);
    browser = await openBrowser();
  }, 180_000);

  afterAll(async () => {
    await browser.close();
    await app.end('SIGINT');
    app.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['/nothing', '/flows/desk/nothing', '/flows/nothing', '/machines/nothing'])(
    'says that there is no %s, in a page that works',
    async (path) => {
      const { page, problems } = await open(path);
      await page.locator('h1', { hasText: '404' }).waitFor();
      await page.locator('html:not([data-link="LOADING"])').waitFor();
      // The browser itself notes the status; anything else is a page that was made twice.
      expect(problems.filter((text) => !text.includes('status of 404'))).toEqual([]);
      await page.getByRole('link', { name: 'Machines', exact: true }).click();
      await page.locator('h1', { hasText: 'Machines' }).waitFor();
      await page.context().close();
    },
  );

  it.each(readable)('%s has no error, no barrier, and fits a phone', async (path) => {
    const { page, problems } = await open(path);
    if (path === '/flows/desk')
      await page.locator('.react-flow__node').first().waitFor({ timeout: 20_000 });
    else await page.locator('h1').waitFor();
    await page.locator('html:not([data-link="LOADING"])').waitFor();
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
      .analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120) ?? ''}`),
    ).toEqual([]);
    expect(problems).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    const over = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    expect(over).toBeLessThanOrEqual(0);
    await page.context().close();
  });

  it('keeps alerts on the server: a refusal is there in a window that comes later', async () => {
    const { page } = await open('/alerts');
    await page.locator('html:not([data-link="LOADING"])').waitFor();
    const answer = await page.evaluate(async () => {
      const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
      const response = await fetch('/api/command', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-csrf-token': token ?? '' },
        body: JSON.stringify({ command: 'jump', to: 1 }),
      });
      return response.status;
    });
    expect(answer).toBe(409);
    const refused = (window: typeof page) =>
      window.locator('#alerts tr', { hasText: 'market.jump: that moment is past' }).first();
    await refused(page).waitFor();
    const { page: later } = await open('/alerts');
    await refused(later).getByRole('link', { name: 'refused' }).click();
    await later.locator('tr#refused').waitFor();
    await later.context().close();
    await page.context().close();
  });

  it('shows what a node heard and said last, how much goes along wires, and pins a case or says why not', async () => {
    const { page, problems } = await open('/flows/desk');
    await page.locator('.react-flow__node', { hasText: 'cva' }).first().click({ timeout: 20_000 });
    const drawer = page.getByTestId('last-io');
    await drawer.getByText('profile.completed').waitFor({ timeout: 20_000 });
    await drawer.getByText('Said last').waitFor();
    expect(await page.locator('.react-flow__edge-text').first().textContent()).toMatch(
      /^(–|.+\/s)$/,
    );
    await drawer.getByRole('button', { name: 'pin the last event of completed' }).click();
    await page
      .getByTestId('pinned')
      .filter({ hasText: /no case: the journal has no event of it|Save as desk-pinned/ })
      .waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('shows the hint of a word by key, where the cursor is, and the README of a plugin as a text', async () => {
    const { page, problems } = await open('/flows/desk');
    await page.locator('.cm-line', { hasText: 'use: composite-value-area' }).click();
    await page.keyboard.press('F2');
    await page.locator('.cm-hint', { hasText: 'composite-value-area' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.cm-hint').waitFor({ state: 'detached' });
    await page.goto(`${app.url}/plugins/eighty-percent-rule`);
    await page.locator('.readme h3', { hasText: 'What it sees' }).waitFor();
    await page.locator('.readme table').first().waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('finds a code by the words of its message', async () => {
    const { page } = await open('/help/codes');
    await page.getByRole('searchbox').fill('port taken');
    await page.locator('[data-testid="codes"] #OF_WEB_PORT').waitFor();
    expect(await page.locator('[data-testid="codes"] > li').count()).toBeLessThan(8);
    await page.context().close();
  });

  it('samples a topic without becoming a stream', async () => {
    const { page } = await open('/topics');
    await page.getByRole('button', { name: 'market.data' }).click();
    await page.locator('[data-testid="samples"] li').first().waitFor();
    expect(await page.locator('[data-testid="samples"] li').count()).toBeLessThanOrEqual(5);
    expect(await page.getByTestId('sizes').textContent()).toMatch(
      /^All topics together: [\d.]+ [kM]B on disk\. Bytes of a topic are unknown: one file holds/,
    );
    await page.context().close();
  });

  it('says on every day why a chapter is empty, and where it was read', async () => {
    const { page } = await open('/journal');
    await page.locator('#plan', { hasText: 'Not in this flow' }).waitFor();
    const source = page.getByTestId('journal-source');
    await source
      .filter({ hasText: /Read from the log, desk\.journal up to offset [\d,]+\./ })
      .waitFor();
    await page.locator('nav[aria-label="Days"]', { hasText: 'nothing earlier' }).waitFor();
    await page.getByLabel('Another day').fill('2025-11-13');
    await page.getByRole('button', { name: 'Go' }).click();
    await page.locator('h1', { hasText: 'Journal of 2025-11-13' }).waitFor();
    await page.getByTestId('journal-source').filter({ hasText: 'the log begins with' }).waitFor();
    await page.getByRole('link', { name: /►/ }).click();
    await page.getByTestId('journal-source').filter({ hasText: 'Read from the log' }).waitFor();
    await page.context().close();
  });
});
