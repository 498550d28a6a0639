// `node bootstrap.mjs :web/e2e/first-paint.ts [--runs N]`: from `npm start` to the first page with a price on it, with everything
// installed and built. Prints wall time of each step, and what the processes of the start worked until then.
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildApp } from '../http/build-app.ts';
import { openBrowser } from './start-app.ts';
import { startText, timeStart } from './timed-start.ts';

const { values } = parseArgs({ options: { runs: { type: 'string' } } });
await buildApp(resolve(import.meta.dirname, '../..'), (text) => process.stdout.write(text));
const browser = await openBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  for (let i = 0; i < Number(values.runs ?? 3); i += 1) {
    const [load = 0] = loadavg();
    console.log(`${startText(await timeStart(page))}; load ${load.toFixed(1)}`);
  }
} finally {
  await browser.close();
}
