import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';

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

/** How long a start took, in milliseconds since the command was given. */
export interface StartTimes {
  /** Until the server answered. */
  readonly answered: number;
  /** Until something was painted. */
  readonly painted: number;
  /** Until a price stood there. */
  readonly priced: number;
  /** What the processes of the start worked until something was painted. */
  readonly worked: number;
}

/** Gives `npm start` in a folder of its own and opens its page as soon as there is one; ends it again. */
export async function timeStart(page: Page): Promise<StartTimes> {
  const home = mkdtempSync(join(tmpdir(), 'orderflow-first-paint-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const begun = Date.now();
  const words = ['start', '--silent', '--', '--home', home, '--port', String(port)];
  // As a person starts it; a session of its own, whose processes are stopped and measured together.
  const env = { ...process.env, NODE_ENV: 'production' as const };
  const child = spawn('npm', words, { cwd: root, env, stdio: 'ignore', detached: true });
  try {
    await untilAnswered(url);
    const answered = Date.now() - begun;
    await page.goto(url);
    const painted = (await paintedAt(page)) - begun;
    const worked = workedMs(child.pid ?? 0);
    await page.locator('.rail .price').waitFor({ timeout: 20_000 });
    return { answered, painted, priced: Date.now() - begun, worked };
  } finally {
    await page.goto('about:blank');
    await stop(child);
    rmSync(home, { recursive: true, force: true });
  }
}

/** Writes the times of a start in a line. */
export function startText({ answered, painted, priced, worked }: StartTimes): string {
  return `answers after ${answered} ms, first paint after ${painted.toFixed(0)} ms, price in sight after ${priced} ms; the start worked ${worked} ms`;
}
