import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDeskFlow } from './desk-flow.ts';
import { hasBrowser, openBrowser, openPage, type StartedApp, startApp } from './start-app.ts';

/** Of this machine alone, and yet not the loopback that is open to everyone on it. */
const address = '127.0.0.2';
const operator = 'correct horse battery';
const viewer = 'a window seat, please';
const leap = new URL('./leap.ts', import.meta.url);

let app: StartedApp;
let browser: Browser;
let folder: string;
let words: readonly string[];

async function open(context?: BrowserContext): Promise<Page> {
  const viewport = { width: 1440, height: 900 };
  const { page } = await openPage(context ?? (await browser.newContext({ viewport })), app.url);
  return page;
}

async function enter(page: Page, password: string): Promise<void> {
  await page.getByLabel('Password').fill(password);
  const loaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Log in' }).click();
  await loaded;
}

async function openAs(password: string): Promise<Page> {
  const page = await open();
  await enter(page, password);
  await isLive(page);
  return page;
}

const isLive = (page: Page): Promise<void> =>
  page.locator('html[data-link="LIVE"], html[data-link="QUIET"]').waitFor({ timeout: 60_000 });
const asksForPassword = (page: Page): Promise<void> => page.getByLabel('Password').waitFor();

describe.runIf(hasBrowser())('the password', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'orderflow-login-'));
    words = [writeDeskFlow(folder), '--host', address];
    app = await startApp(words, {
      env: {
        ORDERFLOW_PASSWORD: operator,
        ORDERFLOW_VIEWER_PASSWORD: viewer,
        NODE_OPTIONS: `--import ${leap.href}`,
      },
    });
    browser = await openBrowser();
  }, 180_000);

  afterAll(async () => {
    await browser.close();
    await app.end('SIGKILL');
    app.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is needed where the address is not the loopback', async () => {
    const home = join(folder, 'closed');
    await expect(startApp(words, { home })).rejects.toThrow('OF_WEB_PASSWORD');
  });

  it('is asked for in words, and a wrong one is refused in words', async () => {
    const page = await open();
    await asksForPassword(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    await page.goto(`${app.url}/help/keys?instrument=ES`);
    await enter(page, 'correct horse');
    await page.getByRole('alert').filter({ hasText: 'That password fits nobody.' }).waitFor();
    await enter(page, operator);
    await isLive(page);
    // What was asked for, over a wrong password too.
    expect(page.url()).toBe(`${app.url}/help/keys?instrument=ES`);
    await page.context().close();
  });

  it('of an operator lets one command, and logging out in one window ends the others', async () => {
    const page = await openAs(operator);
    const other = await open(page.context());
    await isLive(other);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.getByRole('button', { name: 'Log out operator' }).click();
    await asksForPassword(page);
    await asksForPassword(other);
    await page.goto(`${app.url}/flows`);
    await asksForPassword(page);
    await page.context().close();
  });

  it('of a viewer lets one look, and neither pause nor deploy', async () => {
    const page = await openAs(viewer);
    await page.getByText('a viewer looks and changes nothing').waitFor();
    expect(await page.getByRole('button', { name: 'Pause' }).isDisabled()).toBe(true);
    const answer = await page.evaluate(async () => {
      const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
      const response = await fetch('/api/command', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-csrf-token': token ?? '' },
        body: JSON.stringify({ command: 'pause' }),
      });
      return { status: response.status, text: await response.text() };
    });
    expect(answer).toEqual({
      status: 403,
      text: '{"error":"a viewer looks and gives no commands"}',
    });
    await page.goto(`${app.url}/flows/desk`);
    const deploy = page.getByRole('button', { name: 'Deploy…' });
    await deploy.waitFor({ timeout: 20_000 });
    expect(await deploy.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Log out viewer' }).click();
    await asksForPassword(page);
    await page.context().close();
  });

  it('is asked for again when the day of a session is over, in the window that is open', async () => {
    const page = await openAs(operator);
    // The market would make up for the day that is skipped.
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    app.child.kill('SIGUSR2');
    await asksForPassword(page);
    await enter(page, operator);
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    await page.context().close();
  });

  it('cannot be guessed at leisure', async () => {
    const page = await open();
    for (let guess = 0; guess < 5; guess += 1) {
      await enter(page, `guess number ${guess}`);
      await page.getByRole('alert').filter({ hasText: 'fits nobody' }).waitFor();
    }
    await enter(page, operator);
    await page
      .getByRole('alert')
      .filter({ hasText: /^Too many wrong passwords from this address: try again in \d+ s\.$/ })
      .waitFor();
    await page.context().close();
  });
});
