// `node bootstrap.mjs :web/e2e/first-paint.ts [--runs N]`: from `npm start` to the first page with a price on it, with everything
// installed and built. Prints wall time of each step, and what the processes of the start worked until then.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { buildApp } from '../http/build-app.ts';
import { openBrowser } from './start-app.ts';

const root = resolve(import.meta.dirname, '../..');
const askEveryMs = 20;
const tickMs = 10;
/** Fields of `/proc/<pid>/stat` after the name: session, and the ticks of user and system. */
const field = { session: 3, user: 11, system: 12 } as const;

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Milliseconds that the processes of a session worked. */
function workedMs(session: number): number {
  let ticks = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      if (Number(fields[field.session]) !== session) continue;
      ticks += Number(fields[field.user]) + Number(fields[field.system]);
    } catch {
      // It ended meanwhile.
    }
  }
  return ticks * tickMs;
}

async function untilAnswered(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(url, { method: 'HEAD' }).catch(() => null);
    if (answer?.ok) return;
    await sleep(askEveryMs);
  }
}

/** Moment of the first contentful paint, in milliseconds since the epoch. */
function paintedAt(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((done) => {
        new PerformanceObserver((list) => {
          const [entry] = list.getEntriesByName('first-contentful-paint');
          if (entry) done(performance.timeOrigin + entry.startTime);
        }).observe({ type: 'paint', buffered: true });
      }),
  );
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((done) => child.once('exit', done));
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
  await ended;
}

async function run(page: Page): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'orderflow-first-paint-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const [load = 0] = loadavg();
  const begun = Date.now();
  const words = ['start', '--silent', '--', '--home', home, '--port', String(port)];
  // A session of its own: its processes are stopped and measured together.
  const child = spawn('npm', words, { cwd: root, stdio: 'ignore', detached: true });
  try {
    await untilAnswered(url);
    const answered = Date.now() - begun;
    await page.goto(url);
    const painted = (await paintedAt(page)) - begun;
    const worked = workedMs(child.pid ?? 0);
    await page.locator('.rail .price').waitFor({ timeout: 20_000 });
    const priced = Date.now() - begun;
    console.log(
      `answers after ${answered} ms, first paint after ${painted.toFixed(0)} ms, price in sight after ${priced} ms; ` +
        `the start worked ${worked} ms; load ${load.toFixed(1)}`,
    );
  } finally {
    await page.goto('about:blank');
    await stop(child);
    rmSync(home, { recursive: true, force: true });
  }
}

const { values } = parseArgs({ options: { runs: { type: 'string' } } });
await buildApp(root, (text) => process.stdout.write(text));
const browser = await openBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  for (let i = 0; i < Number(values.runs ?? 3); i += 1) await run(page);
} finally {
  await browser.close();
}
