import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeShortFlow } from './short-flow.ts';
import { hasBrowser, openBrowser, openPage, type StartedApp, startApp } from './start-app.ts';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

const routes = [
  '/',
  '/?preset=qualifying',
  '/?preset=pit-wall',
  '/?panel=regime&chrome=0',
  '/alerts',
  '/machines',
  '/machines/eighty',
  '/machines/eighty?at=40',
  '/machines/eighty?tab=why',
  '/why',
  '/flows',
  '/flows/pro-course',
  '/journal',
  '/reports',
  '/plugins',
  '/plugins/eighty-percent-rule',
  '/topics',
  '/health',
  '/help/legend',
  '/help/glossary',
  '/help/keys',
  '/help/codes',
  '/help/alerts',
];

const looks = {
  default: {},
  'forced colours': { forcedColors: 'active' },
  'reduced motion': { reducedMotion: 'reduce' },
  'more contrast': { contrast: 'more' },
} as const;
/** Looks that change what a state is told by; the others are the same in each state. */
const looksOfStates = ['default', 'forced colours'] as const;
const desk = { width: 1440, height: 900 };
const asBefore = { forcedColors: null, reducedMotion: null, contrast: null } as const;

/** 320 pixels are 1280 at 400 %. */
const widths = [320, 390, 768, 1024, 1366, 1440, 1920];

let app: StartedApp;
let browser: Browser;

/** What is used of axe inside a page. */
interface Axe {
  run(options: object): Promise<{
    readonly violations: readonly {
      readonly id: string;
      readonly nodes: readonly { readonly html: string }[];
    }[];
  }>;
}

/** What axe finds in the page as it looks now. */
async function barriers(page: Page, look: keyof typeof looks): Promise<string[]> {
  // Forced colours are the person's own, and axe reads those of the sheet in their place.
  const rules = look === 'forced colours' ? { 'color-contrast': { enabled: false } } : {};
  return page.evaluate(async (set) => {
    const { axe } = window as unknown as { readonly axe: Axe };
    const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await axe.run({
      runOnly: { type: 'tag', values },
      resultTypes: ['violations'],
      rules: set,
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160) ?? ''}`);
  }, rules);
}

async function assertOpen(
  page: Page,
  state: string,
  among: readonly (keyof typeof looks)[],
): Promise<void> {
  const found: string[] = [];
  for (const look of among) {
    await page.emulateMedia({ ...asBefore, ...looks[look] });
    found.push(...(await barriers(page, look)).map((barrier) => `${state}, ${look}: ${barrier}`));
  }
  await page.emulateMedia(asBefore);
  expect(found).toEqual([]);
}

/** Commands that cannot be reached at this width, and how far the page itself would scroll sideways. */
async function clipped(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const scrolls = (box: Element): boolean =>
      /auto|scroll/.test(getComputedStyle(box).overflowX) && box.scrollWidth > box.clientWidth;
    const hides = (box: Element): boolean => /hidden|clip/.test(getComputedStyle(box).overflowX);
    const isCut = (command: Element): boolean => {
      const { left, right } = command.getBoundingClientRect();
      for (let box = command.parentElement; box; box = box.parentElement) {
        if (scrolls(box)) return false;
        const frame = box.getBoundingClientRect();
        // Text may be cut off with an ellipsis; a command of which less than half is there cannot be used.
        if (hides(box) && (left + right) / 2 > frame.right + 1) return true;
      }
      return left < -1 || right > innerWidth + 1;
    };
    const commands = [...document.querySelectorAll('a[href], button, input, select, summary')];
    const cut = commands.filter(
      (command) =>
        command.checkVisibility({ visibilityProperty: true }) &&
        command.getBoundingClientRect().width > 1 &&
        !command.matches('.skip-link, [type="hidden"]') &&
        isCut(command),
    );
    const over = document.documentElement.scrollWidth - innerWidth;
    return [
      ...(over > 0 ? [`the page is ${over} pixels too wide`] : []),
      ...cut.map((command) => command.outerHTML.slice(0, 140)),
    ];
  });
}

/** Commands that have to be on every page with links to the others, at every width. */
const requiredCommands = [/^Find/, /^Freeze/, /^Sound/, /^Keys o/];

/** Required commands that are not to be seen. */
async function absent(page: Page): Promise<string[]> {
  const nav = page.locator('.nav');
  if (!(await nav.isVisible())) return [];
  const missing: string[] = [];
  for (const name of requiredCommands)
    if (!(await nav.getByRole('button', { name }).isVisible())) missing.push(`no ${name.source}`);
  return missing;
}

/** Runs in the page before everything else: its own clock can be put forward, so that nobody waits for an age. */
function skewClock(): void {
  const now = performance.now.bind(performance);
  let skew = 0;
  performance.now = () => now() + skew;
  Object.assign(window, { skip: (ms: number) => (skew += ms) });
}

/** What a test does to the one connection of a window. */
interface Line {
  /** Holds every message back, or lets them through again. */
  mute: (isMuted: boolean) => void;
  /** Tells the window that the market of the running flow is a recording. */
  tellReplay: () => void;
}

type Told = { kind: string; t1?: Record<string, unknown>; ev?: unknown[] };

/** Puts itself between a window and its engine. */
async function tap(page: Page): Promise<Line> {
  const line: Line = { mute: () => {}, tellReplay: () => {} };
  let facts: object | undefined;
  let last: Told | undefined;
  await page.routeWebSocket('**/ws', (socket) => {
    let isMuted = false;
    // What is not told now is told later: a message that never comes would be waited for.
    let held: (string | Buffer)[] = [];
    const server = socket.connectToServer();
    socket.onMessage((message) => server.send(message));
    server.onMessage((message) => {
      const told = JSON.parse(String(message)) as Told;
      if (told.kind === 'frame') last = told;
      facts = (told.t1?.['facts'] as object | undefined) ?? facts;
      if (isMuted) held.push(message);
      else socket.send(message);
    });
    line.mute = (wish) => {
      isMuted = wish;
      if (isMuted) return;
      for (const message of held) socket.send(message);
      held = [];
    };
    line.tellReplay = () => {
      const source = { id: 'market', plugin: 'replay', isReplay: true };
      socket.send(JSON.stringify({ ...last, t1: { facts: { ...facts, source } }, ev: [] }));
    };
  });
  return line;
}

const isState = (page: Page, states: readonly string[]): Promise<void> =>
  page.locator(states.map((state) => `html[data-link="${state}"]`).join(', ')).waitFor();

describe.runIf(hasBrowser())('every page', () => {
  beforeAll(async () => {
    app = await startApp([writeShortFlow()]);
    browser = await openBrowser();
    const { page } = await openPage(await browser.newContext(), app.url);
    await page
      .locator('.rail [data-testid="link-state"]', { hasText: /LIVE|QUIET/ })
      .waitFor({ timeout: 90_000 });
    await page.context().close();
  }, 180_000);

  afterAll(async () => {
    await browser.close();
    await app.end('SIGINT');
    app.remove();
  });

  it.each(routes)(
    '%s: no barrier live, stale and of a recording; no command cut off',
    async (path) => {
      const context = await browser.newContext({ viewport: desk, bypassCSP: true });
      await context.addInitScript(skewClock);
      const page = await context.newPage();
      const line = await tap(page);
      await page.goto(`${app.url}${path}`);
      await isState(page, ['LIVE', 'QUIET']);
      if (path === '/flows/pro-course') await page.locator('.react-flow__node').first().waitFor();
      await page.evaluate(axeSource);
      await assertOpen(page, 'live', Object.keys(looks) as (keyof typeof looks)[]);

      const cut: string[] = [];
      for (const width of widths) {
        await page.setViewportSize({ width, height: width === 320 ? 256 : 900 });
        const wrong = [...(await clipped(page)), ...(await absent(page))];
        cut.push(...wrong.map((command) => `${width}: ${command}`));
      }
      expect(cut).toEqual([]);
      await page.setViewportSize(desk);

      line.mute(true);
      await page.evaluate('skip(4_000)');
      await isState(page, ['STALE']);
      expect(await page.title()).toMatch(/^⚠ STALE · /);
      await assertOpen(page, 'stale', looksOfStates);
      line.mute(false);
      await isState(page, ['LIVE', 'QUIET']);

      line.tellReplay();
      await isState(page, ['REPLAY']);
      expect(await page.title()).toMatch(/^◷ REPLAY · /);
      expect(await page.locator('.skin').innerText()).toContain('REPLAY');
      expect(await page.getByTestId('replay-time').innerText()).toMatch(/\d\d:\d\d:\d\d ET$/);
      const frame = page.locator('.shell').evaluate((shell) => getComputedStyle(shell).boxShadow);
      expect(await frame).toContain('rgb(199, 146, 255)');
      await assertOpen(page, 'replay', looksOfStates);
      await context.close();
    },
  );

  it('gives no command while what it shows is old or the engine is lost, says why, and may again by itself', async () => {
    const context = await browser.newContext({ viewport: desk });
    await context.addInitScript(skewClock);
    const page = await context.newPage();
    const line = await tap(page);
    const posts: string[] = [];
    page.on('request', (sent) => {
      if (sent.method() === 'POST') posts.push(`${sent.url()} ${sent.postData()}`);
    });
    const market = page.locator('#market');
    const buttons = market.locator('.controls button');
    await page.goto(app.url);
    await isState(page, ['LIVE', 'QUIET']);
    await expect.poll(() => buttons.count()).toBeGreaterThan(7);
    const enabled = (): Promise<number> => market.locator('.controls button:enabled').count();
    expect(await enabled()).toBe(await buttons.count());
    line.mute(true);
    for (const [state, ms, words] of [
      ['STALE', 4_000, 'refused: what this window shows is old'],
      ['DOWN', 8_000, 'refused: the engine does not answer this window'],
    ] as const) {
      await page.evaluate(`skip(${ms})`);
      await isState(page, [state]);
      await market.getByText(words).waitFor();
      expect(await enabled()).toBe(0);
      // Whoever presses all the same, or looks for the command elsewhere, gets no further.
      await buttons.first().click({ force: true });
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Find' }).fill('market');
      await expect.poll(() => page.getByRole('option').count()).toBeGreaterThan(0);
      expect(await page.getByRole('option', { name: /Pause|Speed|Jump/ }).count()).toBe(0);
      await page.keyboard.press('Escape');
    }
    expect(posts).toEqual([]);
    line.mute(false);
    await isState(page, ['LIVE', 'QUIET']);
    await expect.poll(enabled).toBe(await buttons.count());
    expect(await market.innerText()).not.toContain('refused');
    await buttons.first().click();
    await market.getByRole('button', { name: /Go on/ }).click();
    await market.getByRole('button', { name: /Pause/ }).waitFor();
    expect(posts).toHaveLength(2);
    await context.close();
  });

  it('deploys nothing while what it shows is old, says why, and may again by itself', async () => {
    const context = await browser.newContext({ viewport: desk });
    await context.addInitScript(skewClock);
    const page = await context.newPage();
    const line = await tap(page);
    await page.goto(`${app.url}/flows/pro-course?deploy=1`);
    await isState(page, ['LIVE', 'QUIET']);
    const panel = page.getByTestId('deploy');
    const deploy = panel.getByRole('button', { name: 'Deploy', exact: true });
    await expect.poll(() => deploy.isEnabled(), { timeout: 30_000 }).toBe(true);
    line.mute(true);
    await page.evaluate('skip(4_000)');
    await panel.getByText('refused: what this window shows is old').waitFor();
    expect(await deploy.isEnabled()).toBe(false);
    line.mute(false);
    await isState(page, ['LIVE', 'QUIET']);
    await expect.poll(() => deploy.isEnabled()).toBe(true);
    expect(await panel.innerText()).not.toContain('refused');
    await context.close();
  });

  it('says that there is no room for one more window, and lets it in once there is', async () => {
    const context = await browser.newContext({ viewport: desk });
    const { page: crowd } = await openPage(context, `${app.url}/help/keys`);
    await isState(crowd, ['LIVE', 'QUIET']);
    await crowd.evaluate(async () => {
      const url = `${location.origin.replace('http', 'ws')}/ws`;
      const sockets = Array.from({ length: 39 }, () => new WebSocket(url));
      await Promise.all(
        sockets.map((socket) => new Promise((open) => socket.addEventListener('open', open))),
      );
      Object.assign(window, {
        leave: () => {
          for (const socket of sockets) socket.close();
        },
      });
    });
    const { page: late } = await openPage(context, `${app.url}/help/keys`);
    const banner = late.locator('.banner-down', { hasText: 'too many windows are connected' });
    await banner.filter({ hasText: 'Close some that you do not need' }).waitFor();
    await isState(late, ['DOWN']);
    const said = late.locator('.banner [aria-live="assertive"]');
    expect(await said.first().textContent()).toContain('Close some that you do not need');
    await crowd.evaluate('leave()');
    await isState(late, ['LIVE', 'QUIET']);
    expect(await late.locator('.banner-down').count()).toBe(0);
    await context.close();
  });
});
