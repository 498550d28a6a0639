import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeShortFlow } from './short-flow.ts';
import { hasBrowser, openBrowser, openPage, type StartedApp, startApp } from './start-app.ts';

const isTried = hasBrowser();

let app: StartedApp;
let browser: Browser;

/** Stands in for the browser's own: silent until it is asked again. When a real one is depends on machine and history. */
function holdSoundsBack(): void {
  class Held extends EventTarget {
    state = 'suspended';
    resume(): Promise<void> {
      this.state = 'running';
      this.dispatchEvent(new Event('statechange'));
      return Promise.resolve();
    }
  }
  window.AudioContext = Held as unknown as typeof AudioContext;
}

async function open(path = '/', options: BrowserContextOptions = {}, before?: () => void) {
  const viewport = { width: 1440, height: 900 };
  const context = await browser.newContext({ viewport, ...options });
  if (before) await context.addInitScript(before);
  const opened = await openPage(context, `${app.url}${path}`);
  await opened.page
    .locator('.rail [data-testid="link-state"]', { hasText: /LIVE|QUIET/ })
    .waitFor({ timeout: 60_000 });
  return opened;
}

/** Id of the panel that has the focus. */
const panelInFocus = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => document.activeElement?.closest('.panel')?.id);

/** A text that goes on changing while the market moves, of the panel of the market. */
const jumpText = (page: Page): Promise<string> =>
  page.locator('#market .controls > button').last().innerText();

async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find' }).waitFor();
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
  await page.locator('dialog.palette').waitFor({ state: 'detached' });
}

describe.runIf(isTried)('the keyboard alone', () => {
  beforeAll(async () => {
    app = await startApp([writeShortFlow()]);
    browser = await openBrowser();
    const { page } = await open();
    await page.context().close();
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await app.end('SIGINT');
    app.remove();
  });

  it('pauses the market and lets it go on from the palette, and Escape does nothing', async () => {
    const { page, problems } = await open();
    await page.keyboard.press('Control+k');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog.palette').waitFor({ state: 'detached' });
    await command(page, 'pause market');
    await page.getByRole('button', { name: /Go on/ }).waitFor();
    await command(page, 'go on');
    await page.getByRole('button', { name: /Pause/ }).waitFor();
    await command(page, 'speed 120');
    await page.getByRole('button', { name: '120×', exact: true, pressed: true }).waitFor();
    await command(page, 'speed 60×');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('goes to a machine and to a panel from the palette', async () => {
    const { page } = await open();
    await command(page, 'hypothesis panel');
    await expect.poll(() => panelInFocus(page)).toBe('hypothesis');
    await command(page, 'eighty machine');
    await page.waitForURL(/\/machines\/eighty$/);
    await page.context().close();
  });

  it('moves through panels with Alt and a number, which is shown while Alt is held', async () => {
    const { page } = await open();
    await page.keyboard.down('Alt');
    const first = page.locator('.panel[data-number="1"]');
    await first.waitFor();
    expect(await page.locator('.panel[data-number]').count()).toBe(9);
    expect(await first.getAttribute('id')).toBe('feed');
    await page.keyboard.press('Digit3');
    expect(await panelInFocus(page)).toBe('pressure');
    await page.keyboard.press('Digit1');
    expect(await panelInFocus(page)).toBe('feed');
    await page.keyboard.up('Alt');
    expect(await page.locator('.panel[data-number]').count()).toBe(0);
    await page.context().close();
  });

  it('freezes the panel in focus, with its age, while the others go on', async () => {
    const { page } = await open();
    const clock = page.locator('.rail .live.num').nth(1);
    await command(page, 'setups panel');
    await page.keyboard.press('p');
    const age = page.locator('#setups [data-testid="frozen-age"]');
    await age.waitFor();
    expect(await page.locator('.banner-frozen').count()).toBe(0);
    const then = await page.locator('#setups .setups').innerText();
    const [rail, firstAge] = [await clock.innerText(), await age.innerText()];
    await expect.poll(() => clock.innerText(), { timeout: 5_000 }).not.toBe(rail);
    await expect.poll(() => age.innerText(), { timeout: 5_000 }).not.toBe(firstAge);
    await page.waitForTimeout(2_000);
    // Minutes in a state pass by in a second each.
    expect(await page.locator('#setups .setups').innerText()).toBe(then);
    await page.keyboard.press('p');
    await age.waitFor({ state: 'detached' });
    await expect
      .poll(() => page.locator('#setups .setups').innerText(), { timeout: 5_000 })
      .not.toBe(then);
    await page.context().close();
  });

  it('freezes the whole page where no panel has the focus', async () => {
    const { page } = await open();
    await page.keyboard.press('p');
    await page.locator('.banner-frozen [data-testid="frozen-age"]').waitFor();
    const then = await jumpText(page);
    await page.waitForTimeout(1_500);
    expect(await jumpText(page)).toBe(then);
    await page.keyboard.press('p');
    await expect.poll(() => jumpText(page), { timeout: 5_000 }).not.toBe(then);
    await page.context().close();
  });

  it('shows the table of the price and takes it away; the chart takes Home, End and C', async () => {
    const { page, problems } = await open();
    await page.locator('.chart canvas').first().waitFor();
    await page.keyboard.press('t');
    await page.locator('.twin table').waitFor({ state: 'visible' });
    expect(await panelInFocus(page)).toBe('price');
    const shown = (): Promise<string> =>
      page
        .locator('.chart canvas')
        .first()
        .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const newest = await shown();
    await page.keyboard.press('Home');
    await expect.poll(shown).not.toBe(newest);
    const oldest = await shown();
    await page.keyboard.press('End');
    await expect.poll(shown).not.toBe(oldest);
    await page.keyboard.press('c');
    await page.keyboard.press('t');
    await page.locator('.twin table').waitFor({ state: 'hidden' });
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('leaves characters alone once they are switched off, after a reload too', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: 'Keys on' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Keys off' }).waitFor();
    await page.keyboard.press('p');
    await page.keyboard.press('?');
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await page.waitForTimeout(300);
    expect(new URL(page.url()).pathname).toBe('/');
    expect(await page.locator('.banner-frozen').count()).toBe(0);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Find' }).waitFor();
    await page.context().close();
  });

  it('keeps a break of the link on the page until A acknowledges it', async () => {
    const { page } = await open();
    await page.keyboard.press('a');
    app.child.kill('SIGSTOP');
    try {
      await page.locator('.banner-stale').waitFor({ timeout: 10_000 });
    } finally {
      app.child.kill('SIGCONT');
    }
    const line = page.locator('.banner-alert');
    await line.waitFor({ timeout: 10_000 });
    expect(await line.innerText()).toMatch(/1 to acknowledge[\s\S]*old for \d+\.\d s/);
    await page.keyboard.press('a');
    await line.waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('counts each of several quick steps in the inspector', async () => {
    const { page } = await open('/machines/session');
    await page.locator('.chart-state.is-active').waitFor();
    const seq = (): number => Number(new URL(page.url()).searchParams.get('at'));
    await page.keyboard.press('Shift+BracketLeft');
    await page.locator('[data-testid="moment"]').waitFor();
    const first = page.url();
    for (let i = 0; i < 3; i += 1) {
      const before = seq();
      await page.keyboard.press('[');
      await expect.poll(seq).toBeLessThan(before);
      await page.waitForTimeout(300);
    }
    const slow = seq();
    await page.goto(first);
    await page.locator('[data-testid="moment"]').waitFor();
    await page.waitForTimeout(500);
    for (let i = 0; i < 3; i += 1) await page.keyboard.press('[');
    await expect.poll(seq, { timeout: 10_000 }).toBe(slow);
    // None of them was counted twice either.
    await page.waitForTimeout(700);
    expect(seq()).toBe(slow);
    await page.context().close();
  });

  it('opens a panel alone from its menu, by keyboard', async () => {
    const { page, problems } = await open();
    await command(page, 'regime panel');
    await page.getByRole('button', { name: 'Regime: menu' }).focus();
    await page.keyboard.press('Enter');
    const link = page.locator('#regime .panel-tools a');
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      link.focus().then(() => page.keyboard.press('Enter')),
    ]);
    await popup.locator('#regime').waitFor();
    expect(await popup.locator('.panel').count()).toBe(1);
    expect(await popup.locator('.nav').isVisible()).toBe(false);
    await popup.locator('[data-testid="link-state"]', { hasText: /LIVE|QUIET/ }).waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('says which panels there are where one is asked for that is not', async () => {
    const { page } = await open('/?panel=footprint&chrome=0');
    await expect(page.getByRole('alert').innerText()).resolves.toMatch(
      /no panel ‘footprint’[\s\S]*regime/,
    );
    await page.context().close();
  });

  it('says that the browser holds sounds back, and makes them after a click', async () => {
    const { page } = await open('/', {}, holdSoundsBack);
    const sound = page.getByTestId('sound');
    expect(await sound.innerText()).toMatch(/^Sound off/);
    await page.keyboard.press('m');
    await expect.poll(() => sound.innerText()).toMatch(/^Sound blocked: click/);
    await page.reload();
    // The wish is kept, and so is the word for it.
    await expect.poll(() => sound.innerText()).toMatch(/^Sound blocked: click/);
    await sound.click();
    await expect.poll(() => sound.innerText()).toMatch(/^Sound on/);
    await page.context().close();
  });
});
