// `npm run screenshots`: every page in three sizes, into web/shots/ (which git ignores), from a freshly started engine.
//   screenshots.ts [PATH…]   only these pages
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, openPage, startApp } from './start-app.ts';

const folder = join(import.meta.dirname, '../shots');
const sizes = [
  { width: 1440, height: 900 },
  { width: 1366, height: 768 },
  { width: 390, height: 844 },
] as const;
const everyPage = [
  '/',
  '/machines',
  '/flows',
  '/journal',
  '/plugins',
  '/topics',
  '/health',
  '/help',
];
/** Until the first days have been made and a session runs. */
const settleMs = 240_000;

const asked = process.argv.slice(2);
const app = await startApp();
const browser = await openBrowser();
try {
  mkdirSync(folder, { recursive: true });
  const first = await browser.newContext();
  const { page: watched } = await openPage(first, app.url);
  await watched
    .locator('.rail [data-testid="link-state"]', { hasText: /LIVE|QUIET/ })
    .waitFor({ timeout: settleMs });
  for (const viewport of sizes) {
    const context = await browser.newContext({ viewport });
    for (const path of asked.length > 0 ? asked : everyPage) {
      const { page, problems } = await openPage(context, `${app.url}${path}`);
      await page
        .locator('.rail [data-testid="link-state"]', { hasText: /LIVE|QUIET/ })
        .waitFor({ timeout: 90_000 });
      await page.waitForTimeout(1_500);
      const name = path === '/' ? 'command-center' : path.slice(1).replaceAll(/[/?=]/g, '-');
      await page.screenshot({ path: join(folder, `${name}-${viewport.width}.png`) });
      for (const problem of problems) console.error(`${path} ${viewport.width}: ${problem}`);
      await page.close();
    }
    await context.close();
  }
  console.log(`The pictures are in ${folder}`);
} finally {
  await browser.close();
  await app.end('SIGINT');
  app.remove();
}
