// `npm run screenshots`: every page in three sizes, into web/shots/ (which git ignores), from a freshly started engine.
//   screenshots.ts [PATH…]      only these pages
//   screenshots.ts --pictures   the two pictures that README shows, into web/pictures/
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { openBrowser, openPage, startApp } from './start-app.ts';

const web = join(import.meta.dirname, '..');
const sizes = [
  { width: 1440, height: 900 },
  { width: 1366, height: 768 },
  { width: 390, height: 844 },
] as const;
const everyPage = [
  '/',
  '/?preset=race',
  '/?preset=qualifying',
  '/?preset=pit-wall',
  '/alerts',
  '/machines',
  '/machines/eighty',
  '/why',
  '/flows',
  '/flows/pro-course',
  '/journal',
  '/plugins',
  '/plugins/regime',
  '/topics',
  '/health',
  '/help',
  '/help/alerts',
];
const pictures = [
  { path: '/', name: 'command-center' },
  { path: '/machines/eighty', name: 'machine' },
] as const;
/** Until the first days have been made and a session runs. */
const settleMs = 300_000;
/** Until charts and layouts that come after the first paint are drawn. */
const drawMs = 4_000;

interface Picture {
  readonly url: string;
  readonly file: string;
  readonly viewport: { readonly width: number; readonly height: number };
}

async function take(browser: Browser, { url, file, viewport }: Picture): Promise<void> {
  const context = await browser.newContext({ viewport });
  const { page, problems } = await openPage(context, url);
  await page.waitForTimeout(drawMs);
  await page.screenshot({ path: file });
  for (const problem of problems) console.error(`${url} ${viewport.width}: ${problem}`);
  await context.close();
}

async function untilLive(browser: Browser, url: string): Promise<void> {
  const context = await browser.newContext();
  const { page } = await openPage(context, url);
  const state = page.locator('.rail [data-testid="link-state"]', { hasText: /LIVE|QUIET/ });
  await state.waitFor({ timeout: settleMs });
  await context.close();
}

function picturesOf(url: string, words: readonly string[]): Picture[] {
  if (words.includes('--pictures'))
    return pictures.map(({ path, name }) => ({
      url: `${url}${path}`,
      file: join(web, 'pictures', `${name}.png`),
      viewport: sizes[0],
    }));
  return sizes.flatMap((viewport) =>
    (words.length > 0 ? words : everyPage).map((path) => {
      const name = path === '/' ? 'command-center' : path.slice(1).replaceAll(/[/?=]+/g, '-');
      const file = join(web, 'shots', `${name}-${viewport.width}.png`);
      return { url: `${url}${path}`, file, viewport };
    }),
  );
}

const app = await startApp();
const browser = await openBrowser();
try {
  for (const folder of ['shots', 'pictures']) mkdirSync(join(web, folder), { recursive: true });
  await untilLive(browser, app.url);
  for (const picture of picturesOf(app.url, process.argv.slice(2))) {
    await take(browser, picture);
    console.log(picture.file);
  }
} finally {
  await browser.close();
  await app.end('SIGINT');
  app.remove();
}
